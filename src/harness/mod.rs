//! The in-process server, as light as a mock, and the control API under `/_impostor/`.

pub(crate) mod control;
mod impostor;

pub use crate::harness::impostor::Builder;
pub use crate::harness::impostor::Impostor;
pub use crate::harness::impostor::StartError;
