//! Tokens without a login: for anybody, and wrong on purpose where a verifier is to be tested.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::authentication::forge::Wrong;
use crate::authentication::on_demand;
use crate::authentication::on_demand::Made;
use crate::authentication::on_demand::Order;
use crate::authentication::own;
use crate::domain::client::Client;
use crate::domain::id::OrganizationId;
use crate::domain::resource_server::ResourceServer;
use crate::domain::tokens::scope;
use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::harness::traveller;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::server::site::Site;
use crate::store::state::TenantState;
use crate::time::Timestamp;
use crate::time::parse_duration;

/// Asked for where nothing else is.
const USUAL_SCOPE: &str = "openid profile email";

/// The longest that a token may live, in seconds: a hundred years.
const LONGEST_LIFETIME: i64 = 100 * 365 * 86_400;

/// What tokens are to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    /// Whose: a `user_id`, an e-mail address, a username, or `FAKE:ID` of somebody who signed in before. Without one the
    /// token is the client's own.
    person: Option<String>,
    /// The `client_id` or name. With a person, the tenant's first client that signs people in, if not given.
    client: Option<String>,
    /// The API's identifier; the tenant's default one, if not given. Without any the access token is opaque.
    audience: Option<String>,
    /// The scopes as they are to be: nothing is taken out. `openid profile email` for a person, if not given; for a client
    /// all that it is granted.
    scope: Option<String>,
    /// The organization's id or name.
    organization: Option<String>,
    /// Permissions in the place of the person's own, where the API's tokens show some.
    permissions: Option<Vec<String>>,
    /// Claims put into the access token over what is there; `null` takes one out.
    #[serde(default)]
    #[schema(value_type = Object)]
    claims: Map<String, Value>,
    /// The same for the ID token.
    #[serde(default)]
    #[schema(value_type = Object)]
    id_token_claims: Map<String, Value>,
    /// The `nonce` of the ID token.
    nonce: Option<String>,
    /// How long ago the tokens were issued, in ISO 8601: `PT2H`.
    age: Option<String>,
    /// When they were issued, in ISO 8601; not both this and `age`.
    #[schema(value_type = Option<String>, format = DateTime)]
    issued_at: Option<Timestamp>,
    /// How long they live, in seconds; as the API and the client say, if not given.
    lifetime: Option<i64>,
    /// What is to be wrong with the JWTs.
    wrong: Option<Wrong>,
    /// The issuer; the address of the call, if not given.
    issuer: Option<String>,
}

/// Tokens, and what the JWTs among them say.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenView {
    /// None where an opaque one was asked to be wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// With a person and the scope `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds from its issue.
    expires_in: i64,
    scope: String,
    /// The claims of the access token, if it is a JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    access_token_claims: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    id_token_claims: Option<Map<String, Value>>,
}

/// Makes tokens without a login: those that a login would bring, or wrong ones.
///
/// Nothing else comes of it: no session, no log row, no refresh token. The tokens are good wherever those of a login are.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = TokenRequest, responses((status = 201, description = "The tokens", body = TokenView), ControlError))]
pub(super) async fn create(
    site: Site,
    keyring: Keyring,
    address: Address,
    Body(request): Body<TokenRequest>,
) -> Result<(StatusCode, Json<TokenView>), ControlError> {
    let state = site.tenant.read();
    let user = request.person.as_deref().map(|who| traveller::user(&site, who)).transpose()?;
    if user.is_none() && request.client.is_none() {
        return Err(ControlError::Invalid("say whose token it is: \"person\", \"client\", or both".to_owned()));
    }
    let client = traveller::client(&state, request.client.as_deref())?;
    let audience = request.audience.as_deref().or(state.settings.default_audience.as_deref());
    let api = audience.map(|audience| {
        let found = own::api(&site.tenant, &state, &address, audience);
        let found = found.ok_or_else(|| ControlError::NotFound { what: "API", name: audience.to_owned() });
        found.map(|api| (&**api, audience))
    });
    let api = api.transpose()?;
    if user.is_none() && api.is_none() {
        return Err(ControlError::Invalid("a client's own token is for an API: give an \"audience\"".to_owned()));
    }
    let scope = scopes(&state, &request, &client, (user.is_some(), api.map(|(api, _)| api)));
    let issuer = request.issuer.clone().unwrap_or_else(|| address.issuer());
    let order = Order {
        client: &client,
        user: user.as_deref(),
        api,
        organization: request.organization.as_deref().map(|named| organization(&state, named)).transpose()?,
        issuer: &issuer,
        scope: scope.clone(),
        issued_at: issued_at(&request, site.tenant.now())?,
        lifetime_seconds: lifetime(&request)?,
        permissions: request.permissions,
        claims: request.claims,
        id_token_claims: request.id_token_claims,
        nonce: request.nonce.as_deref(),
        wrong: request.wrong,
    };
    let made = on_demand::make(&site.tenant, &keyring, order).await;
    let made = made.map_err(|error| ControlError::Internal(Failure::new(error)))?;
    Ok((StatusCode::CREATED, Json(TokenView::of(made, &scope))))
}

fn scopes(
    state: &TenantState,
    request: &TokenRequest,
    client: &Client,
    (is_persons, api): (bool, Option<&ResourceServer>),
) -> Vec<String> {
    if let Some(asked) = &request.scope {
        return scope::parse(asked);
    }
    if is_persons {
        return scope::parse(USUAL_SCOPE);
    }
    let grant = api.and_then(|api| Some((state.client_grant(&client.client_id, &api.identifier)?, api)));
    grant.map(|(grant, api)| scope::granted_to_client(None, grant, api)).unwrap_or_default()
}

fn organization(state: &TenantState, named: &str) -> Result<OrganizationId, ControlError> {
    let found = state.organizations.get(named).or_else(|| state.organization_named(named));
    found
        .map(|organization| organization.id.clone())
        .ok_or_else(|| ControlError::NotFound { what: "organization", name: named.to_owned() })
}

fn issued_at(request: &TokenRequest, now: Timestamp) -> Result<Timestamp, ControlError> {
    match (&request.age, request.issued_at) {
        (Some(_), Some(_)) => Err(ControlError::Invalid("give \"age\" or \"issued_at\", not both".to_owned())),
        (Some(age), None) => {
            let wrong = || ControlError::Invalid("\"age\" must be an ISO 8601 duration: PT2H".to_owned());
            let age: Duration = parse_duration(age).ok_or_else(wrong)?;
            let seconds = i64::try_from(age.as_secs()).map_err(|_| wrong())?;
            Ok(now.plus_seconds(-seconds))
        }
        (None, given) => Ok(given.unwrap_or(now)),
    }
}

fn lifetime(request: &TokenRequest) -> Result<Option<i64>, ControlError> {
    match request.lifetime {
        Some(seconds) if !(0..=LONGEST_LIFETIME).contains(&seconds) => {
            Err(ControlError::Invalid(format!("\"lifetime\" must be 0 to {LONGEST_LIFETIME} seconds")))
        }
        other => Ok(other),
    }
}

impl TokenView {
    fn of(made: Made, scope: &[String]) -> Self {
        Self {
            access_token: made.access_token,
            id_token: made.id_token,
            token_type: "Bearer",
            expires_in: made.expires_in,
            scope: scope.join(" "),
            access_token_claims: made.access_token_claims,
            id_token_claims: made.id_token_claims,
        }
    }
}
