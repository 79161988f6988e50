//! `GET` and `POST /oidc/logout`. Source: OpenID Connect RP-Initiated Logout 1.0, spec/authentication-api.md §5.

use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use url::form_urlencoded;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::response::with_field;
use crate::authentication::authorize::with_cookies;
use crate::authentication::departure::Abroad;
use crate::authentication::logout;
use crate::authentication::mint;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::url_rules;
use crate::http::body;
use crate::http::body::MOST_BYTES;
use crate::http::parameters::Parameters;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The parameters of a logout, from the query or a form.
#[derive(Debug)]
pub(crate) struct LogoutParameters(pub(crate) Parameters);

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

/// `GET` and `POST /oidc/logout`: at once, or after a page that asks.
pub(super) async fn logout(tenant: Tenant, abroad: Abroad, visitor: Visitor, parameters: LogoutParameters) -> Response {
    let result = go(&tenant, &abroad, &visitor, &parameters.0).await;
    settle(result, &tenant, &visitor).await
}

async fn go(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    parameters: &Parameters,
) -> Result<Response, AuthorizeError> {
    let wish = Wish::read(tenant, &abroad.keyring, visitor, parameters).await?;
    if wish.is_certain {
        return wish.fulfil(tenant, abroad, visitor).await;
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters.pairs()).finish();
    Ok(redirect(&format!("/oidc/logout/confirm?{query}"))?)
}

/// A logout that somebody asks for, its parameters checked.
#[derive(Debug)]
pub(crate) struct Wish {
    client: Option<Arc<Client>>,
    to: Option<String>,
    /// The session at the upstream ends, too.
    federated: bool,
    /// Nobody needs to be asked: the hint names the browser's session, there is none, or the tenant never asks.
    is_certain: bool,
}

impl Wish {
    /// # Errors
    /// [`Refusal::InvalidRequest`] for a hint that is no ID token of this tenant or is another client's,
    /// [`Refusal::UnknownClient`], [`Refusal::PostLogoutMismatch`].
    pub(crate) async fn read(
        tenant: &Tenant,
        keyring: &Keyring,
        visitor: &Visitor,
        parameters: &Parameters,
    ) -> Result<Self, AuthorizeError> {
        let state = tenant.read();
        let hint = match parameters.get("id_token_hint") {
            Some(token) => Some(read_hint(keyring, &state, token).await?),
            None => None,
        };
        let said = |name: &str| hint.as_ref().and_then(|hint| hint.get(name)).and_then(Value::as_str);
        let (named, audience) = (parameters.get("client_id"), said("aud"));
        if named.is_some_and(|named| audience.is_some_and(|audience| audience != named)) {
            return Err(Refusal::InvalidRequest("client_id is not the audience of id_token_hint".into()).into());
        }
        let client = named.or(audience).map(|id| state.client(id).ok_or_else(|| Refusal::UnknownClient(id.to_owned())));
        let client = client.transpose()?.cloned();
        let to = destination(&state, client.as_deref(), parameters)?;
        let meant = said("sid").or(parameters.get("logout_hint"));
        let session = session::current(&state, visitor, tenant.now());
        let names_it = session.is_none_or(|session| meant == Some(session.id.as_str()));
        let federated = parameters.has("federated");
        Ok(Self { client, to, federated, is_certain: names_it || !asks(&state) })
    }

    /// Ends the browser's session and sends the person where the app wants.
    ///
    /// # Errors
    /// When the upstream can't be asked to end its session; then nothing ended.
    pub(crate) async fn fulfil(
        self,
        tenant: &Tenant,
        abroad: &Abroad,
        visitor: &Visitor,
    ) -> Result<Response, AuthorizeError> {
        let ends = (self.client.as_deref(), self.to.as_deref());
        if self.federated
            && let Some(away) = logout::federated(tenant, abroad, visitor, ends).await?
        {
            return Ok(away);
        }
        let answer = match &self.to {
            Some(to) => redirect(to)?,
            // Unverified: what the real service shows to who goes nowhere.
            None => "OK".into_response(),
        };
        logout::end(tenant, visitor, self.client.as_deref()).await?;
        Ok(with_cookies(answer, visitor.cleared_session_cookies()))
    }
}

/// What the page that asks has in its form, and no other site can know: it follows from the session's cookie.
pub(crate) fn proof(visitor: &Visitor) -> String {
    digest::base64url(&digest::sha256(&[b"log out".as_slice(), visitor.sessions.concat().as_slice()].concat()))
}

/// The claims of an ID token of ours, expired or not.
async fn read_hint(keyring: &Keyring, state: &TenantState, token: &str) -> Result<Map<String, Value>, Refusal> {
    let claims = mint::read_id_token(keyring, state, token).await;
    claims.ok_or(Refusal::InvalidRequest("id_token_hint is no ID token of this tenant".into()))
}

/// `post_logout_redirect_uri` with the app's `state`, if the client, or where none is named the tenant, lists it.
fn destination(
    state: &TenantState,
    client: Option<&Client>,
    parameters: &Parameters,
) -> Result<Option<String>, Refusal> {
    let Some(uri) = parameters.get("post_logout_redirect_uri") else { return Ok(None) };
    let listed = client.map_or(Some(&state.settings.allowed_logout_urls), |client| client.allowed_logout_urls.as_ref());
    if !listed.is_some_and(|listed| url_rules::allows_post_logout_redirect(listed, uri)) {
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
        let asked = browser.get("/oidc/logout?client_id=web&state=a%20b").await;
        assert_eq!(asked.header("location"), "/oidc/logout/confirm?client_id=web&state=a+b");
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
