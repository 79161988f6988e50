//! The in-process server, as light as a mock, and the control API under `/_impostor/`.

#[doc(hidden)]
pub mod bench;
#[doc(hidden)]
pub mod bench_saml;
pub(crate) mod control;
pub(crate) mod environment;
mod fork;
mod impostor;
pub(crate) mod person;
pub(crate) mod traveller;
mod upstream;

pub use crate::harness::fork::Fork;
pub use crate::harness::impostor::Builder;
pub use crate::harness::impostor::Impostor;
pub use crate::harness::impostor::StartError;
pub use crate::harness::upstream::Upstream;
