//! Tokens without a login, for tests: made of the same claims and with the same keys as those of a login, or wrong on
//! purpose. Source: spec/tokens.md §1 to §4.

use serde_json::Map;
use serde_json::Value;

use crate::authentication::forge::Signing;
use crate::authentication::forge::Wrong;
use crate::authentication::grants;
use crate::authentication::grants::Channel;
use crate::authentication::mint;
use crate::domain::claims::scopes::Granted;
use crate::domain::client::Client;
use crate::domain::id::OrganizationId;
use crate::domain::id::UserId;
use crate::domain::resource_server::ResourceServer;
use crate::domain::session::Grant;
use crate::domain::tokens::access_token;
use crate::domain::tokens::access_token::AccessToken;
use crate::domain::tokens::access_token::Gty;
use crate::domain::tokens::id_token;
use crate::domain::tokens::id_token::IdToken;
use crate::domain::user::User;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::error::KeyError;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Timestamp;

const JWT_ID_LENGTH: usize = 22;

/// What is to be in the tokens.
pub(crate) struct Order<'a> {
    pub(crate) client: &'a Client,
    /// Whose they are; the client's own without.
    pub(crate) user: Option<&'a User>,
    /// The API, and its identifier as the caller wrote it. Without one the access token is opaque.
    pub(crate) api: Option<(&'a ResourceServer, &'a str)>,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) issuer: &'a str,
    /// As it is to be: nothing is taken out.
    pub(crate) scope: Vec<String>,
    /// The user's or the client's own at the API, if not given.
    pub(crate) permissions: Option<Vec<String>>,
    /// Put into the access token over what is there; `null` takes a claim out.
    pub(crate) claims: Map<String, Value>,
    /// The same for the ID token.
    pub(crate) id_token_claims: Map<String, Value>,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) issued_at: Timestamp,
    /// Of both tokens, in seconds; the API's and the client's own, if not given.
    pub(crate) lifetime_seconds: Option<i64>,
    pub(crate) wrong: Option<Wrong>,
}

/// The tokens, and what the JWTs among them say.
pub(crate) struct Made {
    /// None where an opaque one was asked to be wrong: there is nothing in it that could be.
    pub(crate) access_token: Option<String>,
    pub(crate) access_token_claims: Option<Map<String, Value>>,
    pub(crate) id_token: Option<String>,
    pub(crate) id_token_claims: Option<Map<String, Value>>,
    pub(crate) expires_in: i64,
}

/// Makes the tokens. Only an opaque access token is written down, as after a login; no session, log row or refresh token
/// comes of it.
///
/// # Errors
/// [`KeyError`] when there is no key to sign with.
pub(crate) async fn make(tenant: &Tenant, keyring: &Keyring, order: Order<'_>) -> Result<Made, KeyError> {
    let state = tenant.read();
    let grant = Grant {
        client_id: order.client.client_id.clone(),
        user_id: order.user.map_or_else(|| own_id(order.client), |user| user.user_id.clone()),
        issuer: order.issuer.to_owned(),
        scope: order.scope.clone(),
        audience: order.api.map(|(_, audience)| audience.to_owned()),
        session_id: None,
        auth_time: Some(order.issued_at),
        organization: order.organization.clone(),
        gty: None,
    };
    let mut made =
        Made { access_token: None, access_token_claims: None, id_token: None, id_token_claims: None, expires_in: 0 };
    if let Some((api, audience)) = order.api {
        let claims = access_claims(tenant, &state, &order, &grant, (api, audience));
        made.expires_in = order.lifetime_seconds.unwrap_or(api.token_lifetime);
        let signing = Signing { keyring, state: &state, wrong: order.wrong };
        made.access_token = Some(signing.sign(mint::key_of_api(api)?, access_token::typ(api), &claims).await?);
        made.access_token_claims = Some(claims);
    } else if order.wrong.is_none() {
        let drawn = tenant.write(|tx| Ok::<_, Failure>(grants::draw(tx, &grant, "", None, Channel::Back))).await;
        let drawn = drawn.map_err(|failure| KeyError::Sign(failure.to_string()))?;
        made.expires_in = drawn.lifetime_seconds;
        made.access_token = Some(grants::access_token(keyring, &state, (order.client, None), &grant, &drawn).await?);
    }
    if let Some(user) = order.user.filter(|_| order.scope.iter().any(|scope| scope == "openid")) {
        let claims = id_claims(&state, &order, &grant, user);
        let signing = Signing { keyring, state: &state, wrong: order.wrong };
        made.id_token = Some(signing.sign(mint::key_of_client(order.client), "JWT", &claims).await?);
        made.id_token_claims = Some(claims);
    }
    Ok(made)
}

fn own_id(client: &Client) -> UserId {
    UserId::from(format!("{}@clients", client.client_id))
}

fn access_claims(
    tenant: &Tenant,
    state: &TenantState,
    order: &Order<'_>,
    grant: &Grant,
    (api, audience): (&ResourceServer, &str),
) -> Map<String, Value> {
    let own = || match order.user {
        Some(user) => state.permissions_at(&user.user_id, grant.organization.as_ref(), &api.identifier),
        None => order.scope.clone(),
    };
    let token = AccessToken {
        issuer: order.issuer,
        subject: grant.user_id.as_str(),
        audience,
        client_id: grant.client_id.as_str(),
        scope: &order.scope,
        now: order.issued_at,
        lifetime_seconds: order.lifetime_seconds.unwrap_or(api.token_lifetime),
        gty: order.user.is_none().then_some(Gty::First("client-credentials")),
        id: &tenant.draw(|rng| rng.alphanumeric(JWT_ID_LENGTH)),
        permissions: &order.permissions.clone().unwrap_or_else(own),
        organization: grants::organization(state, grant),
    };
    let claims = access_token::claims(&token, api, Granted::to(order.client, &order.scope), &Map::new());
    put(order, claims, &order.claims)
}

fn id_claims(state: &TenantState, order: &Order<'_>, grant: &Grant, user: &User) -> Map<String, Value> {
    let token = IdToken {
        issuer: order.issuer,
        subject: user.user_id.as_str(),
        client_id: order.client.client_id.as_str(),
        now: order.issued_at,
        lifetime_seconds: order.lifetime_seconds.unwrap_or(order.client.jwt_configuration.lifetime_in_seconds),
        session_id: None,
        nonce: order.nonce,
        auth_time: None,
        at_hash: None,
        c_hash: None,
        organization: grants::organization(state, grant),
    };
    let granted = Granted::to(order.client, &order.scope);
    put(order, id_token::claims(&token, &user.profile(), granted, &Map::new()), &order.id_token_claims)
}

/// The claims that were asked for over those that are there, then what is to be wrong with them.
fn put(order: &Order<'_>, mut claims: Map<String, Value>, asked: &Map<String, Value>) -> Map<String, Value> {
    claims.extend(asked.clone());
    claims.retain(|_, value| !value.is_null());
    if let Some(wrong) = order.wrong {
        wrong.spoil(&mut claims);
    }
    claims
}
