//! The fake Facebook. Source: spec/upstreams.md §2.

/// Facebook's own paths, those of all its hosts together.
pub(super) fn router() -> axum::Router {
    axum::Router::new()
}
