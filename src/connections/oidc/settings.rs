//! What the options of an OpenID connection say. Source: spec/enterprise.md §7, spec/profile.md §6.11.

use serde_json::Map;
use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::openid;
use crate::connections::openid::Endpoints;
use crate::connections::openid::WELL_KNOWN;
use crate::connections::parameters;
use crate::connections::redirect::RelyingParty;
use crate::domain::connection::Connection;
use crate::domain::transaction::AuthorizationRequest;

/// What a template speaks of that needs the `UserInfo` endpoint.
pub(super) const USERINFO: &str = "context.userinfo";

/// What a template speaks of that needs the provider's access token.
pub(super) const ACCESS_TOKEN: &str = "context.tokenset.access_token";

/// Asked for when the connection has no `scope`.
const USUAL_SCOPE: &str = "openid profile email";

/// Options that name endpoints in a discovery document's words, and the one that holds such a document.
const ENDPOINTS: [&str; 5] = ["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"];
const METADATA: &str = "oidc_metadata";

/// Where the provider's endpoints are: as the connection says, else as the provider's discovery document does; what the
/// connection says beats the document. A connection that says nothing is one of the embedded fake.
///
/// # Errors
/// Those of [`openid::document`], and [`ConnectionError::Garbled`] when something is still missing.
pub(super) async fn endpoints(party: RelyingParty<'_>) -> Result<Endpoints, ConnectionError> {
    let own = own_endpoints(party.connection);
    if let Some(endpoints) = openid::endpoints(&own) {
        return Ok(endpoints);
    }
    let mut document = openid::document(party, &discovery_url(party)).await?;
    document.extend(own);
    openid::endpoints(&document).ok_or(ConnectionError::Garbled("discovery document"))
}

fn own_endpoints(connection: &Connection) -> Map<String, Value> {
    if connection.upstream_url.is_some() {
        return Map::new(); // The fixture points it elsewhere, whatever it says itself.
    }
    let mut own = connection.options.get(METADATA).and_then(Value::as_object).cloned().unwrap_or_default();
    let named = ENDPOINTS.iter().filter_map(|name| Some(((*name).to_owned(), option(connection, name)?.into())));
    own.extend(named);
    own
}

fn discovery_url(party: RelyingParty<'_>) -> String {
    let own = |name| option(party.connection, name).filter(|_| party.connection.upstream_url.is_none());
    let domain = || own("domain").map(|domain| format!("https://{domain}"));
    let base = own("discovery_url").or_else(|| own("issuer")).map(str::to_owned).or_else(domain);
    match base {
        Some(url) if url.contains("/.well-known/") => url,
        Some(base) => format!("{}{WELL_KNOWN}", base.trim_end_matches('/')),
        None => format!("{}{WELL_KNOWN}", party.base("oidc")),
    }
}

/// Whether the person brings the ID token along (`type`), as with the real service's default; at Okta the default is a
/// code. (The latter unverified.)
pub(super) fn is_front_channel(connection: &Connection) -> bool {
    match option(connection, "type") {
        Some(kind) => kind == "front_channel",
        None => connection.strategy.as_str() == "oidc",
    }
}

/// A nonce is sent by the front channel; by the back channel where `send_back_channel_nonce` says so.
pub(super) fn sends_nonce(connection: &Connection) -> bool {
    is_front_channel(connection) || connection.flag_option("send_back_channel_nonce")
}

/// The PKCE method (`connection_settings.pkce`); `auto`, the default, takes the best one that the provider knows.
pub(super) fn challenge_method(connection: &Connection, endpoints: &Endpoints) -> Option<&'static str> {
    if is_front_channel(connection) {
        return None;
    }
    let known = |wanted: &&str| endpoints.challenge_methods.iter().any(|known| known == wanted);
    let settings = connection.options.get("connection_settings");
    match settings.and_then(|settings| settings.get("pkce")).and_then(Value::as_str) {
        Some("disabled") => None,
        Some("S256") => Some("S256"),
        Some("plain") => Some("plain"),
        _ => ["S256", "plain"].into_iter().find(known),
    }
}

/// What is asked for: `openid`, the connection's own `scope`, `attribute_map.userinfo_scope` and the app's
/// `connection_scope`.
pub(super) fn scope<'a>(connection: &'a Connection, request: &'a AuthorizationRequest) -> Vec<&'a str> {
    let own = match parameters::scope_option(connection, "scope") {
        own if own.is_empty() => parameters::words(USUAL_SCOPE).collect(),
        own => own,
    };
    let userinfo = parameters::words(userinfo_scope(connection).unwrap_or_default());
    let asked = parameters::words(request.connection_scope.as_deref().unwrap_or_default());
    parameters::each_once(["openid"].into_iter().chain(own).chain(userinfo).chain(asked))
}

/// Whether the attribute map speaks of something: [`USERINFO`] (a `userinfo_scope` does, too) or [`ACCESS_TOKEN`].
pub(super) fn wants(connection: &Connection, what: &str) -> bool {
    let attributes = attribute_map(connection).and_then(|map| map.get("attributes"));
    let named = attributes.is_some_and(|attributes| attributes.to_string().contains(what));
    named || (what == USERINFO && userinfo_scope(connection).is_some())
}

fn userinfo_scope(connection: &Connection) -> Option<&str> {
    let scope = attribute_map(connection)?.get("userinfo_scope").and_then(Value::as_str);
    scope.filter(|scope| !scope.is_empty())
}

fn attribute_map(connection: &Connection) -> Option<&Value> {
    connection.options.get("attribute_map")
}

fn option<'a>(connection: &'a Connection, name: &str) -> Option<&'a str> {
    connection.text_option(name).filter(|text| !text.is_empty())
}
