//! Apple's own ways while a person signs in. Source: spec/upstreams.md §5.

use axum::response::Response;
use url::form_urlencoded;

use crate::cell::Draft;
use crate::upstreams::accounts::Account;
use crate::upstreams::apple::Apple;
use crate::upstreams::apple::claims;
use crate::upstreams::apple::claims::Made;
use crate::upstreams::apple::scopes;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Back;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Permission;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Grant;
use crate::upstreams::keys;
use crate::upstreams::openid;
use crate::upstreams::page_form::PageForm;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::FakeState;
use crate::upstreams::state::UpstreamState;

pub(super) struct AppleDialect;

impl Dialect for AppleDialect {
    const PROVIDER: Provider = Provider::Apple;
    const ONE_AT_A_TIME: bool = true;
    const NO_SUCH_ACCOUNT: &'static str = "This Apple Account is not valid";
    const SIGN_IN: &'static str = "Sign in to Apple Account";
    const AGREE: &'static str = "Continue";
    const BAD_REQUEST: &'static str = "Your request could not be completed";

    /// An app that was let in once is never asked about again, until it is revoked.
    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission> {
        if consent.granted.contains(scopes::ACCOUNT) { Vec::new() } else { scopes::permissions(&request.scopes) }
    }

    fn name_to_edit(request: &Request, account: &Account) -> Option<(String, String)> {
        let part = |name: &str| account.text(name).unwrap_or_default().to_owned();
        let asks = request.scopes.iter().any(|scope| scope == scopes::NAME);
        asks.then(|| (part("firstName"), part("lastName")))
    }

    fn decided(state: &mut FakeState, request: &Request, account: &Account, form: &PageForm) {
        if let Some((first, last)) = Self::name_to_edit(request, account) {
            let told =
                |typed: &Option<String>, own: String| typed.as_ref().map_or(own, |typed| typed.trim().to_owned());
            let name = (told(&form.given_name, first), told(&form.family_name, last));
            state.name_for(&request.client_id, &account.id, name);
        }
    }

    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, shown: bool) -> String {
        let consent = draft.of(Self::PROVIDER).consent(&request.client_id, &account.id);
        let secret = format!("c{}.0.{}", draft.rng().hex(32), draft.rng().url_safe(22));
        let scopes = consent.granted.iter().cloned().collect();
        let code = Code {
            grant: Grant { client_id: request.client_id.clone(), account: account.id.clone(), scopes },
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: None,
            refreshable: true,
            issued_at: draft.now,
            used: false,
        };
        draft.of_mut(Self::PROVIDER).put_code(&secret, code);
        let user = claims::user(account, &consent, &request.client_id).filter(|_| shown);
        let mut parameters = vec![("code", secret.as_str())];
        parameters.extend(user.as_deref().map(|user| ("user", user)));
        openid::answer(request, &parameters)
    }

    fn cancelled(request: &Request) -> String {
        openid::answer(request, &[("error", "user_cancelled_authorize")])
    }

    fn stuck(request: &Request) -> String {
        openid::answer(request, &[("error", "interaction_required")])
    }

    async fn send(apple: &Apple, back: Back<'_>) -> Result<Response, ErrorPage> {
        let request = back.request;
        let code = form_urlencoded::parse(back.answer.as_bytes()).find(|(name, _)| name == "code");
        let code = code.map(|(_, code)| code.into_owned());
        let occasion = (request.client_id.as_str(), code.as_deref().unwrap_or_default());
        let account = back.account.map(|account| apple.shown(account, occasion));
        let hidden = account.as_ref().is_some_and(|account| account.email().is_none());
        let answer = if hidden { without_email(&back.answer) } else { back.answer };
        let Some(account) = account.filter(|_| request.response.id_token) else {
            return Ok(openid::respond(request, &answer, &[])?);
        };
        let consent = apple.read().consent(&request.client_id, &account.id);
        let now = apple.now();
        let made = Made {
            client_id: &request.client_id,
            access_token: None,
            code: code.as_deref(),
            nonce: request.nonce.as_deref(),
            auth_time: now,
        };
        let claims = claims::id_token(&apple.base, (&account, &consent), made, now);
        let token = keys::sign(apple, &claims).await?;
        Ok(openid::respond(request, &answer, &[("id_token", &token)])?)
    }
}

/// The parameters of an answer, the `user` among them without an address.
fn without_email(answer: &str) -> String {
    let hidden = form_urlencoded::parse(answer.as_bytes()).map(|(name, value)| {
        let user = if name == "user" { serde_json::from_str(&value).ok() } else { None };
        match user {
            Some(serde_json::Value::Object(mut user)) => {
                user.remove("email");
                (name, serde_json::Value::from(user).to_string().into())
            }
            _ => (name, value),
        }
    });
    form_urlencoded::Serializer::new(String::new()).extend_pairs(hidden).finish()
}
