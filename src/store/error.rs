//! What a write can be refused for by the store itself.

/// Why the store refused a write; nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreError {
    /// Another row already has this value, which is unique.
    #[error("another {table} already has this {column}")]
    Conflict { table: &'static str, column: &'static str },
}

impl StoreError {
    pub(crate) fn conflict(table: &'static str, column: &'static str) -> Self {
        Self::Conflict { table, column }
    }
}
