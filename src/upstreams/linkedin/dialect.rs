//! LinkedIn's own ways while a person signs in. Source: spec/upstreams.md §3.

use crate::cell::Draft;
use crate::protocols::oauth::callback;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Permission;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Grant;
use crate::upstreams::linkedin::scopes;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

pub(super) struct LinkedinDialect;

impl Dialect for LinkedinDialect {
    const PROVIDER: Provider = Provider::Linkedin;
    const ONE_AT_A_TIME: bool = true;
    const NO_SUCH_ACCOUNT: &'static str = "Couldn’t find a LinkedIn account associated with this email. Try again.";
    const SIGN_IN: &'static str = "LinkedIn Login, Sign in";
    const AGREE: &'static str = "Allow";
    const BAD_REQUEST: &'static str = "Bummer, something went wrong.";

    /// All that is asked for, if anything of it is new.
    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission> {
        if request.scopes.iter().all(|scope| consent.granted.contains(scope)) {
            return Vec::new();
        }
        request.scopes.iter().map(|scope| scopes::permission(scope)).collect()
    }

    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, _: bool) -> String {
        let secret = format!("AQ{}", draft.rng().url_safe(120));
        let code = Code {
            grant: Grant {
                client_id: request.client_id.clone(),
                account: account.id.clone(),
                scopes: request.scopes.clone(),
            },
            redirect_uri: request.redirect_uri.clone(),
            nonce: None,
            challenge: request.challenge.clone(),
            refreshable: false,
            issued_at: draft.now,
            used: false,
        };
        draft.of_mut(Self::PROVIDER).put_code(&secret, code);
        back(request, &[("code", &secret)])
    }

    fn cancelled(request: &Request) -> String {
        refused(request, "user_cancelled_authorize", "The user cancelled the authorization")
    }

    fn cancelled_at_sign_in(request: &Request) -> String {
        refused(request, "user_cancelled_login", "The user cancelled LinkedIn login")
    }

    /// LinkedIn's pages can't be forbidden; this is never asked for.
    fn stuck(request: &Request) -> String {
        Self::cancelled(request)
    }
}

/// The address that tells the app of an error.
pub(super) fn refused(request: &Request, error: &str, description: &str) -> String {
    back(request, &[("error", error), ("error_description", description)])
}

fn back(request: &Request, parameters: &[(&str, &str)]) -> String {
    let mut pairs = parameters.to_vec();
    pairs.extend(request.state.as_deref().map(|state| ("state", state)));
    callback::in_query(&request.redirect_uri, &pairs)
}
