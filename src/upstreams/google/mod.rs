//! The fake Google. Source: spec/upstreams.md §1.

/// Google's own paths, those of all its hosts together.
pub(super) fn router() -> axum::Router {
    axum::Router::new()
}
