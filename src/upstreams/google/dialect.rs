//! Google's own ways while a person signs in. Source: spec/upstreams.md §1.

use crate::cell::Draft;
use crate::protocols::oauth::callback;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Permission;
use crate::upstreams::google::scopes;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Grant;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

pub(super) struct GoogleDialect;

impl Dialect for GoogleDialect {
    const PROVIDER: Provider = Provider::Google;
    const ONE_AT_A_TIME: bool = false;
    const NO_SUCH_ACCOUNT: &'static str = "Couldn’t find your Google Account";
    const SIGN_IN: &'static str = "Sign in - Google Accounts";
    const AGREE: &'static str = "Allow";
    const BAD_REQUEST: &'static str = "Access blocked: this app’s request is invalid";

    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission> {
        let offline = request.offline.then_some(scopes::OFFLINE);
        let asked = request.scopes.iter().map(String::as_str).chain(offline);
        asked.filter(|scope| request.ask_again || !consent.granted.contains(*scope)).map(scopes::permission).collect()
    }

    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, shown: bool) -> String {
        let granted = granted(request, &draft.of(Self::PROVIDER).consent(&request.client_id, &account.id));
        let secret = format!("4/0A{}", draft.rng().url_safe(66));
        let scope = granted.join(" ");
        let code = Code {
            grant: Grant { client_id: request.client_id.clone(), account: account.id.clone(), scopes: granted },
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.clone(),
            refreshable: request.offline && shown,
            issued_at: draft.now,
            used: false,
        };
        draft.of_mut(Self::PROVIDER).put_code(&secret, code);
        let mut parameters = with_state(request);
        parameters.extend([("code", secret.as_str()), ("scope", scope.as_str()), ("authuser", "0")]);
        parameters.extend(account.text("hd").map(|domain| ("hd", domain)));
        parameters.push(("prompt", if shown { "consent" } else { "none" }));
        callback::in_query(&request.redirect_uri, &parameters)
    }

    fn cancelled(request: &Request) -> String {
        error(request, "access_denied")
    }

    fn stuck(request: &Request) -> String {
        error(request, "interaction_required")
    }
}

/// What the person gave of what was asked for, and with `include_granted_scopes` what was given earlier.
fn granted(request: &Request, consent: &Consent) -> Vec<String> {
    let mut granted: Vec<String> =
        request.scopes.iter().filter(|scope| consent.granted.contains(*scope)).cloned().collect();
    if request.include_granted {
        let earlier = consent.granted.iter().filter(|scope| *scope != scopes::OFFLINE);
        let earlier: Vec<_> = earlier.filter(|scope| !granted.contains(scope)).cloned().collect();
        granted.extend(earlier);
    }
    granted
}

fn error(request: &Request, code: &str) -> String {
    let mut parameters = vec![("error", code)];
    parameters.extend(with_state(request));
    callback::in_query(&request.redirect_uri, &parameters)
}

fn with_state(request: &Request) -> Vec<(&str, &str)> {
    request.state.as_deref().map(|state| ("state", state)).into_iter().collect()
}
