//! `GET` and `POST /oidc/logout`. Source: OpenID Connect RP-Initiated Logout 1.0, spec/authentication-api.md §5.

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::response::with_field;
use crate::authentication::authorize::with_cookies;
use crate::authentication::logout;
use crate::authentication::mint;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::http::body;
use crate::http::body::MOST_BYTES;
use crate::http::parameters::Parameters;
use crate::keys::Keyring;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The parameters of a logout, from the query or a form.
pub(super) struct LogoutParameters(Parameters);

impl<S: Sync> FromRequest<S> for LogoutParameters {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AuthorizeError> {
        let (parts, body) = request.into_parts();
        let parameters = if parts.method == Method::POST {
            Parameters::of_form(&body::read(body, MOST_BYTES).await.map_err(Refusal::from)?)
        } else {
            Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes())
        };
        Ok(Self(parameters.map_err(Refusal::from)?))
    }
}

/// `GET` and `POST /oidc/logout`
pub(super) async fn logout(
    tenant: Tenant,
    keyring: Keyring,
    visitor: Visitor,
    parameters: LogoutParameters,
) -> Response {
    let result = go(&tenant, &keyring, &visitor, &parameters.0).await;
    settle(result, &tenant, &visitor).await
}

async fn go(
    tenant: &Tenant,
    keyring: &Keyring,
    visitor: &Visitor,
    parameters: &Parameters,
) -> Result<Response, AuthorizeError> {
    if parameters.has("federated") {
        return Err(Refusal::NotBuilt("logout at the upstream").into());
    }
    let state = tenant.read();
    let hint = match parameters.get("id_token_hint") {
        Some(token) => Some(read_hint(keyring, &state, token).await?),
        None => None,
    };
    let named = parameters.get("client_id");
    let audience = hint.as_ref().and_then(|hint| hint.get("aud")).and_then(Value::as_str);
    if named.is_some_and(|named| audience.is_some_and(|audience| audience != named)) {
        return Err(Refusal::InvalidRequest("client_id is not the audience of id_token_hint".into()).into());
    }
    let client = named.or(audience).map(|id| state.client(id).ok_or_else(|| Refusal::UnknownClient(id.to_owned())));
    let client = client.transpose()?.map(|client| &**client);
    let to = destination(client, parameters)?;
    let sid = hint.as_ref().and_then(|hint| hint.get("sid")).and_then(Value::as_str).or(parameters.get("logout_hint"));
    let session = session::current(&state, visitor, tenant.now());
    let is_meant = session.is_none_or(|session| sid == Some(session.id.as_str()));
    if (sid.is_none() || !is_meant) && asks(&state) {
        return Err(Refusal::NotBuilt("the page that asks whether to log out").into());
    }
    let answer = match &to {
        Some(to) => redirect(to)?,
        None => "OK".into_response(),
    };
    logout::end(tenant, visitor, client).await?;
    Ok(with_cookies(answer, visitor.cleared_session_cookies()))
}

/// The claims of an ID token of ours, expired or not.
async fn read_hint(keyring: &Keyring, state: &TenantState, token: &str) -> Result<Map<String, Value>, Refusal> {
    let claims = mint::read_id_token(keyring, state, token).await;
    claims.ok_or(Refusal::InvalidRequest("id_token_hint is no ID token of this tenant".into()))
}

/// `post_logout_redirect_uri` with the app's `state`, if the client lists it.
fn destination(client: Option<&Client>, parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let Some(uri) = parameters.get("post_logout_redirect_uri") else { return Ok(None) };
    if !client.is_some_and(|client| client.allows_post_logout_redirect(uri)) {
        return Err(Refusal::PostLogoutMismatch(uri.to_owned()));
    }
    Ok(Some(parameters.get("state").map_or_else(|| uri.to_owned(), |state| with_field(uri, "state", state))))
}

/// `sessions.oidc_logout_prompt_enabled`, true unless the tenant says otherwise.
fn asks(state: &TenantState) -> bool {
    let sessions = state.settings.extra.get("sessions");
    let asks = sessions.and_then(|sessions| sessions.get("oidc_logout_prompt_enabled")).and_then(Value::as_bool);
    asks.unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use crate::authentication::testing::Browser;
    use crate::authentication::testing::Host;
    use crate::authentication::testing::parameter;

    const ID_TOKEN: &str = "client_id=web&response_type=id_token&scope=openid&nonce=n";

    #[tokio::test]
    async fn an_id_token_says_whose_session_ends() {
        let host = Host::new();
        let mut browser = Browser::new(&host);
        let hint = parameter(browser.sign_in(ID_TOKEN).await.header("location"), "id_token").unwrap();
        let foreign = browser.get(&format!("/oidc/logout?id_token_hint={hint}&client_id=spa")).await;
        assert_eq!(foreign.status, 400);
        assert_eq!(browser.get("/oidc/logout?client_id=web").await.status, 501);
        assert_eq!(browser.get("/oidc/logout?id_token_hint=a.b.c").await.status, 400);
        let elsewhere = "post_logout_redirect_uri=https://app.example/bye%3Fa%3Db";
        assert_eq!(browser.get(&format!("/oidc/logout?id_token_hint={hint}&{elsewhere}")).await.status, 400);
        assert_eq!(host.tenant.read().sessions.len(), 1);
        let to = "post_logout_redirect_uri=https://app.example/bye&state=s";
        let answer = browser.get(&format!("/oidc/logout?id_token_hint={hint}&{to}")).await;
        assert_eq!(answer.header("location"), "https://app.example/bye?state=s");
        assert_eq!(host.tenant.read().sessions.len(), 0);
    }
}
