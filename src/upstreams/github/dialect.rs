//! GitHub's own ways while a person signs in. Source: spec/upstreams.md §6.

use crate::cell::Draft;
use crate::protocols::oauth::callback;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Permission;
use crate::upstreams::github::error::AUTHORIZE_HELP;
use crate::upstreams::github::scopes;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Grant;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

pub(super) struct GithubDialect;

impl Dialect for GithubDialect {
    const PROVIDER: Provider = Provider::Github;
    const ONE_AT_A_TIME: bool = true;
    const NO_SUCH_ACCOUNT: &'static str = "Incorrect username or email address.";
    const SIGN_IN: &'static str = "Sign in to GitHub";
    const AGREE: &'static str = "Authorize";
    const BAD_REQUEST: &'static str = "Something went wrong";

    /// All that is asked for, if anything of it is new. Who asks for nothing is let in to what was given earlier.
    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission> {
        let is_known = consent.granted.contains(scopes::NONE);
        if is_known && request.scopes.iter().all(|scope| scopes::covers(consent.granted.iter(), scope)) {
            return Vec::new();
        }
        let asked = request.scopes.iter().map(String::as_str);
        std::iter::once(scopes::NONE).chain(asked).map(scopes::permission).collect()
    }

    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, _: bool) -> String {
        let scopes = if request.scopes.is_empty() {
            let consent = draft.of(Self::PROVIDER).consent(&request.client_id, &account.id);
            consent.granted.into_iter().filter(|scope| scope != scopes::NONE).collect()
        } else {
            request.scopes.clone()
        };
        let secret = draft.rng().hex(20);
        let code = Code {
            grant: Grant { client_id: request.client_id.clone(), account: account.id.clone(), scopes },
            redirect_uri: request.redirect_uri.clone(),
            nonce: None,
            challenge: request.challenge.clone(),
            refreshable: false,
            issued_at: draft.now,
            used: false,
        };
        draft.of_mut(Self::PROVIDER).put_code(&secret, code);
        back(&request.redirect_uri, request.state.as_deref(), &[("code", &secret)])
    }

    fn cancelled(request: &Request) -> String {
        let help = format!("{AUTHORIZE_HELP}/#access-denied");
        let said = [
            ("error", "access_denied"),
            ("error_description", "The user has denied your application access."),
            ("error_uri", &help),
        ];
        back(&request.redirect_uri, request.state.as_deref(), &said)
    }

    /// GitHub's pages can't be forbidden; this is never asked for.
    fn stuck(request: &Request) -> String {
        Self::cancelled(request)
    }
}

/// The address that the app is answered at.
pub(super) fn back(redirect_uri: &str, state: Option<&str>, parameters: &[(&str, &str)]) -> String {
    let mut pairs = parameters.to_vec();
    pairs.extend(state.map(|state| ("state", state)));
    callback::in_query(redirect_uri, &pairs)
}
