//! Logout: the browser's session ends, and the person goes where the app may send them.
//! Source: spec/authentication-api.md §5, OpenID Connect RP-Initiated Logout 1.0.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::with_cookies;
use crate::authentication::callback::refusal_of;
use crate::authentication::departure::Abroad;
use crate::authentication::events::event;
use crate::authentication::saml_logout;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::connections::adfs;
use crate::domain::client::Client;
use crate::domain::log::LogEvent;
use crate::domain::strategy::Kind;
use crate::domain::url_rules;
use crate::http::parameters::Parameters;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The parameters of a logout's query.
pub(super) struct LogoutQuery(pub(super) Parameters);

impl<S: Sync> FromRequestParts<S> for LogoutQuery {
    type Rejection = AuthorizeError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AuthorizeError> {
        let query = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(query.map_err(Refusal::from)?))
    }
}

/// `GET /v2/logout`; `/logout` is the same, and more (see `saml_logout`).
pub(super) async fn logout(tenant: Tenant, abroad: Abroad, visitor: Visitor, query: LogoutQuery) -> Response {
    let result = go(&tenant, &abroad, &visitor, &query.0).await;
    settle(result, &tenant, &visitor).await
}

pub(super) async fn go(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    query: &Parameters,
) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let client = match query.get("client_id") {
        Some(id) => Some(&**state.client(id).ok_or_else(|| Refusal::UnknownClient(id.to_owned()))?),
        None => None,
    };
    let to = destination(&state, client, query.get("returnTo"))?;
    if query.has("federated")
        && let Some(away) = federated(tenant, abroad, visitor, (client, to.as_deref())).await?
    {
        return Ok(away);
    }
    end(tenant, visitor, client).await?;
    Ok(match &to {
        Some(to) => with_cookies(redirect(to)?, visitor.cleared_session_cookies()),
        None => done(visitor),
    })
}

/// What is shown to who goes nowhere. (What the real service shows is unverified.)
pub(super) fn done(visitor: &Visitor) -> Response {
    with_cookies("OK".into_response(), visitor.cleared_session_cookies())
}

/// Sends the person out at the upstream that vouched for them, too; `None` where there is nothing to end there.
pub(super) async fn federated(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    (client, to): (Option<&Client>, Option<&str>),
) -> Result<Option<Response>, AuthorizeError> {
    let state = tenant.read();
    let session = session::current(&state, visitor, tenant.now());
    let connection = session.and_then(|session| state.connection_named(&session.connection).cloned());
    let Some(connection) = connection else { return Ok(None) };
    match connection.strategy.kind() {
        _ if connection.strategy.is_saml() => saml_logout::leave(tenant, abroad, visitor, (client, to)).await,
        Kind::Database | Kind::Passwordless => Ok(None),
        _ if connection.strategy.as_str() == "adfs" => {
            let party = abroad.party(tenant, &connection, &visitor.address);
            let away = adfs::leave(party, to).await.map_err(refusal_of)?;
            end(tenant, visitor, client).await?;
            Ok(Some(with_cookies(redirect(&away)?, visitor.cleared_session_cookies())))
        }
        _ if connection.strategy.has_own_form() => Ok(None),
        Kind::Social | Kind::Enterprise => Err(Refusal::NotBuilt("logout at this kind of upstream").into()),
    }
}

/// `returnTo`, if the client (or without one the tenant) lists it; the client's first one without.
fn destination(
    state: &TenantState,
    client: Option<&Client>,
    return_to: Option<&str>,
) -> Result<Option<String>, Refusal> {
    let listed = client.map_or(Some(&state.settings.allowed_logout_urls), |client| client.allowed_logout_urls.as_ref());
    let Some(return_to) = return_to else {
        let first = client.and(listed).into_iter().flatten().find(|url| !url.contains('*'));
        return Ok(first.cloned());
    };
    if listed.is_some_and(|listed| url_rules::allows_logout_url(listed, return_to)) {
        return Ok(Some(return_to.to_owned()));
    }
    Err(Refusal::LogoutUrlMismatch(return_to.to_owned()))
}

/// Ends the browser's session; `slo` in the log if there was one.
pub(super) async fn end(tenant: &Tenant, visitor: &Visitor, client: Option<&Client>) -> Result<(), AuthorizeError> {
    let write = tenant.write(|tx| {
        if let Some(ended) = session::end(tx, visitor) {
            tx.log(LogEvent {
                description: "User successfully logged out".to_owned(),
                client_id: client.map(|client| client.client_id.clone()),
                user_id: Some(ended.user_id.clone()),
                connection: Some(ended.connection.clone()),
                ..event("slo", tx.now, &visitor.ip)
            });
        }
        Ok(())
    });
    write.await
}

#[cfg(test)]
mod tests {
    use crate::authentication::testing::Browser;
    use crate::authentication::testing::Host;
    use crate::authentication::testing::parameter;

    const CODE: &str = "client_id=web&response_type=code&scope=openid";

    #[tokio::test]
    async fn who_logs_out_is_signed_out_and_goes_where_the_client_says() {
        let host = Host::new();
        let mut browser = Browser::new(&host);
        browser.code(CODE).await;
        let answer = browser.get("/v2/logout?client_id=web&returnTo=https://app.example/bye%3Fa%3Db").await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (302, "https://app.example/bye?a=b"));
        assert_eq!(answer.header("set-cookie"), "auth0=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
        assert_eq!(host.tenant.read().sessions.len(), 0);
        let silent = browser.get(&format!("/authorize?{CODE}&prompt=none")).await;
        assert_eq!(parameter(silent.header("location"), "error").as_deref(), Some("login_required"));
    }

    #[tokio::test]
    async fn without_a_client_the_tenants_list_counts() {
        let host = Host::new();
        assert_eq!(host.get("/v2/logout?returnTo=https://tenant.example/bye").await.status, 302);
        assert_eq!(host.get("/logout?client_id=web").await.header("location"), "https://app.example/bye");
        assert_eq!(host.get("/v2/logout").await.text(), "OK");
    }

    #[tokio::test]
    async fn a_foreign_address_is_refused_and_nobody_is_signed_out() {
        let host = Host::new();
        let mut browser = Browser::new(&host);
        browser.code(CODE).await;
        let answer = browser.get("/v2/logout?client_id=web&returnTo=https://evil.example/").await;
        assert_eq!(answer.status, 400);
        assert!(
            answer.text().contains("is not defined as a valid URL in &#34;Allowed Logout URLs&#34;"),
            "{}",
            answer.text()
        );
        assert_eq!(host.tenant.read().sessions.len(), 1);
        assert_eq!(host.get("/v2/logout?client_id=nobody").await.status, 403);
    }
}
