//! The tenant as security token service over WS-Federation: the client add-on `wsfed`, which has no settings.
//! Source: spec/enterprise.md §5.2, WS-Federation 1.2 §13.

use std::sync::Arc;
use std::sync::LazyLock;

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::request::Parts;
use serde_json::Map;
use serde_json::Value;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::domain::claims::saml::Settings;
use crate::domain::client::Client;
use crate::http::address::Address;
use crate::http::parameters::Parameters;
use crate::store::state::TenantState;

pub(super) mod metadata;
pub(super) mod passive;
pub(super) mod response;
#[cfg(test)]
mod tests;

/// A request to the endpoint: whose it is, if the path says so, and its parameters.
pub(super) struct Came {
    client: Option<String>,
    query: Parameters,
}

impl<S: Send + Sync> FromRequestParts<S> for Came {
    type Rejection = AuthorizeError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthorizeError> {
        let named = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let client = named.ok().and_then(|Path(pairs)| pairs.into_iter().find(|(key, _)| key == "client"));
        let query = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes()).map_err(Refusal::from)?;
        Ok(Self { client: client.map(|(_, id)| id), query })
    }
}

/// The client of a request: the path's, or that of its realm: `urn:CLIENT_ID`, or one of the client's aliases
/// (`client_aliases`). None where nobody is named.
///
/// # Errors
/// On our page, when nobody has that name.
fn client<'s>(
    state: &'s TenantState,
    named: Option<&str>,
    realm: Option<&str>,
) -> Result<Option<&'s Arc<Client>>, AuthorizeError> {
    let Some(name) = named.or(realm) else { return Ok(None) };
    let by_id = |id: &str| state.client(id).filter(|client| !client.global);
    let found = match named {
        Some(id) => by_id(id),
        None => name
            .strip_prefix("urn:")
            .and_then(by_id)
            .or_else(|| state.clients.rows().find(|client| !client.global && answers_to(client, name))),
    };
    found.map(Some).ok_or_else(|| Refusal::UnknownClient(name.to_owned()).into())
}

fn answers_to(client: &Client, realm: &str) -> bool {
    let aliases = client.extra.get("client_aliases").and_then(Value::as_array);
    aliases.is_some_and(|aliases| aliases.iter().any(|alias| alias.as_str() == Some(realm)))
}

/// The client, if it has the add-on.
///
/// # Errors
/// On our page, when it has not.
fn check_addon(client: &Client) -> Result<(), AuthorizeError> {
    let addon = client.extra.get("addons").and_then(|addons| addons.get("wsfed"));
    if addon.is_some_and(Value::is_object) {
        return Ok(());
    }
    // Our own text: the real service's is not recorded.
    Err(Refusal::InvalidRequest(format!("WS-Federation is not enabled for the client {}", client.name).into()).into())
}

/// What the tenant calls itself.
fn issuer(address: &Address) -> String {
    format!("urn:{}", address.authority())
}

/// What a client is called, unless it says otherwise.
fn realm_of(client: &Client) -> String {
    format!("urn:{}", client.client_id)
}

/// The settings by which a profile becomes claims: those that the add-on `samlp` has without any.
fn settings() -> Settings<'static> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    Settings(&NONE)
}
