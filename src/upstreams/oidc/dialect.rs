//! The provider's own ways while a person signs in. Source: OpenID Connect Core §3.1.2, §3.2.2 and §3.3.2.

use axum::response::Response;

use crate::cell::Draft;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Back;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Permission;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Grant;
use crate::upstreams::keys;
use crate::upstreams::oidc::Oidc;
use crate::upstreams::oidc::claims;
use crate::upstreams::oidc::claims::Beside;
use crate::upstreams::oidc::scopes;
use crate::upstreams::openid;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

pub(super) struct OidcDialect;

impl Dialect for OidcDialect {
    const PROVIDER: Provider = Provider::Oidc;
    const ONE_AT_A_TIME: bool = true;
    const NO_SUCH_ACCOUNT: &'static str = "Nobody here has this address";
    const SIGN_IN: &'static str = "Sign in";
    const AGREE: &'static str = "Allow";
    const BAD_REQUEST: &'static str = "This app’s request can’t be answered";

    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission> {
        let new = |scope: &&String| request.ask_again || !consent.granted.contains(*scope);
        request.scopes.iter().filter(new).map(|scope| scopes::permission(scope)).collect()
    }

    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, _shown: bool) -> String {
        if !request.response.code {
            return openid::answer(request, &[]);
        }
        let grant = granted(request, account, &draft.of(Self::PROVIDER).consent(&request.client_id, &account.id));
        let secret = draft.rng().url_safe(43);
        let code = Code {
            refreshable: grant.has(scopes::OFFLINE),
            grant,
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.clone(),
            issued_at: draft.now,
            used: false,
        };
        draft.of_mut(Self::PROVIDER).put_code(&secret, code);
        openid::answer(request, &[("code", &secret)])
    }

    fn cancelled(request: &Request) -> String {
        let description = ("error_description", "The resource owner denied the request.");
        openid::answer(request, &[("error", "access_denied"), description])
    }

    fn stuck(request: &Request) -> String {
        openid::answer(request, &[("error", "consent_required")])
    }

    fn stuck_at_sign_in(request: &Request) -> String {
        openid::answer(request, &[("error", "login_required")])
    }

    async fn send(oidc: &Oidc, back: Back<'_>) -> Result<Response, ErrorPage> {
        let request = back.request;
        let Some(account) = back.account.filter(|_| request.response.id_token) else {
            return Ok(openid::respond(request, &back.answer, &[])?);
        };
        let occasion = request.nonce.as_deref().unwrap_or_default();
        let account = oidc.shown(account, (&request.client_id, occasion));
        let grant = granted(request, &account, &oidc.read().consent(&request.client_id, &account.id));
        let code = url::form_urlencoded::parse(back.answer.as_bytes()).find(|(name, _)| name == "code");
        let code = code.map(|(_, code)| code.into_owned());
        let beside = Beside { access_token: None, code: code.as_deref(), nonce: request.nonce.as_deref() };
        let claims = claims::id_token(&oidc.base, (&account, &grant), beside, oidc.now());
        let token = keys::sign(oidc, &claims).await?;
        Ok(openid::respond(request, &back.answer, &[("id_token", &token)])?)
    }
}

/// What the person gave of what was asked for.
fn granted(request: &Request, account: &Account, consent: &Consent) -> Grant {
    let scopes = request.scopes.iter().filter(|scope| consent.granted.contains(*scope)).cloned().collect();
    Grant { client_id: request.client_id.clone(), account: account.id.clone(), scopes }
}
