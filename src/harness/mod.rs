//! The in-process server, as light as a mock, and the control API under `/_impostor/`.

#[doc(hidden)]
pub mod bench;
pub(crate) mod control;
pub(crate) mod environment;
mod impostor;
pub(crate) mod person;
pub(crate) mod traveller;

pub use crate::harness::impostor::Builder;
pub use crate::harness::impostor::Impostor;
pub use crate::harness::impostor::StartError;
