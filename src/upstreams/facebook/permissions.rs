//! `/{node}/permissions`: what the person granted and declined, and taking it back. Source: spec/upstreams.md §2.

use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::app;
use crate::upstreams::facebook::app::GraphAsked;
use crate::upstreams::facebook::app::GraphPath;
use crate::upstreams::facebook::dialect::PUBLIC_PROFILE;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::facebook::graph;
use crate::upstreams::facebook::session;
use crate::upstreams::grants::Consent;
use crate::upstreams::provider::Provider;
use crate::upstreams::request::Asked;

/// `GET /me/permissions`.
pub(super) async fn list(
    facebook: Facebook,
    path: GraphPath,
    GraphAsked(asked): GraphAsked,
) -> Result<Response, GraphError> {
    let session = session::of(&facebook, &asked)?;
    graph::check_own(&session, &path.node)?;
    Ok(app::answer(json!({ "data": shown(&session.consent) })))
}

/// `DELETE /me/permissions`: the app is uninstalled, its tokens are worth nothing any more.
pub(super) async fn withdraw(
    facebook: Facebook,
    path: GraphPath,
    GraphAsked(asked): GraphAsked,
) -> Result<Response, GraphError> {
    take_back(&facebook, &path.node, &asked, asked.parameters.get("permission"))
}

/// `DELETE /me/permissions/{permission}`.
pub(super) async fn withdraw_one(
    facebook: Facebook,
    path: GraphPath,
    GraphAsked(asked): GraphAsked,
) -> Result<Response, GraphError> {
    take_back(&facebook, &path.node, &asked, path.permission.as_deref())
}

/// `POST /me/permissions?method=delete`, as clients that only know two methods say it.
pub(super) async fn posted(
    facebook: Facebook,
    path: GraphPath,
    GraphAsked(asked): GraphAsked,
) -> Result<Response, GraphError> {
    if asked.parameters.get("method").is_some_and(|method| method.eq_ignore_ascii_case("delete")) {
        return take_back(&facebook, &path.node, &asked, asked.parameters.get("permission"));
    }
    Err(GraphError::InvalidParameter("Unsupported post request.".to_owned()))
}

fn take_back(facebook: &Facebook, node: &str, asked: &Asked, permission: Option<&str>) -> Result<Response, GraphError> {
    let session = session::of(facebook, asked)?;
    graph::check_own(&session, node)?;
    let (client_id, account) = (&session.token.grant.client_id, &session.account.id);
    facebook.upstreams.write(|draft| {
        let state = draft.of_mut(Provider::Facebook);
        match permission {
            Some(one) if one != PUBLIC_PROFILE => state.decide(client_id, account, &[], &[one.to_owned()]),
            _ => state.forget(client_id, account),
        }
        Ok::<_, GraphError>(())
    })?;
    Ok(app::answer(json!({ "success": true })))
}

/// `public_profile` first, the others in the order of their names.
fn shown(consent: &Consent) -> Vec<Value> {
    let line = |permission: &String, status: &str| json!({ "permission": permission, "status": status });
    let public = consent.granted.iter().filter(|name| *name == PUBLIC_PROFILE);
    let others = consent.granted.iter().filter(|name| *name != PUBLIC_PROFILE);
    let granted = public.chain(others).map(|permission| line(permission, "granted"));
    granted.chain(consent.declined.iter().map(|permission| line(permission, "declined"))).collect()
}
