//! How a command fails: one sentence and an exit code.

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CliError {
    /// One sentence; empty when everything was said already.
    pub(crate) message: String,
    /// 1: what was asked about is not so; 2: usage.
    pub(crate) code: u8,
}

impl CliError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// Everything was printed already.
    pub(crate) fn silent() -> Self {
        Self::new("")
    }
}
