//! The pages' style and script: the only things they load.

use axum::http::header;
use axum::response::IntoResponse;

const BRIEFLY: &str = "public, max-age=300";

pub(super) async fn css() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, BRIEFLY)], include_str!("pages.css"))
}

pub(super) async fn script() -> impl IntoResponse {
    let kind = "text/javascript; charset=utf-8";
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, BRIEFLY)], include_str!("pages.js"))
}
