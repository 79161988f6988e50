//! `GET /me` and `GET /{id}`: the person who gave the token. Source: spec/upstreams.md §2.

use axum::response::Response;

use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::app;
use crate::upstreams::facebook::app::GraphAsked;
use crate::upstreams::facebook::app::GraphPath;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::facebook::fields;
use crate::upstreams::facebook::person;
use crate::upstreams::facebook::session;
use crate::upstreams::facebook::session::Session;
use crate::upstreams::facebook::version::Version;

/// What is shown where nothing is asked for.
const USUAL: &str = "name,id";

/// Of the fields asked for, those that the person filled in and granted.
pub(super) async fn node(
    facebook: Facebook,
    version: Version,
    path: GraphPath,
    GraphAsked(asked): GraphAsked,
) -> Result<Response, GraphError> {
    let session = session::of(&facebook, &asked)?;
    check_own(&session, &path.node)?;
    let fields = fields::parse(asked.parameters.get("fields").unwrap_or(USUAL))?;
    Ok(app::answer(person::view(&facebook.base, &session, &fields, version)?.into()))
}

/// A token opens its own person alone.
///
/// # Errors
/// [`GraphError::UnknownNode`].
pub(super) fn check_own(session: &Session, node: &str) -> Result<(), GraphError> {
    let own = node == "me" || node == session.account.id;
    if own { Ok(()) } else { Err(GraphError::UnknownNode(node.chars().take(64).collect())) }
}
