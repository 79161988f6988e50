//! Microsoft's own ways while a person signs in. Source: spec/upstreams.md §4.

use axum::response::Response;

use crate::cell::Draft;
use crate::protocols::oauth::callback;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Fake;
use crate::upstreams::fake::Permission;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Grant;
use crate::upstreams::microsoft::error;
use crate::upstreams::microsoft::organization;
use crate::upstreams::microsoft::scopes;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

pub(super) struct MicrosoftDialect;

impl Dialect for MicrosoftDialect {
    const PROVIDER: Provider = Provider::Microsoft;
    const ONE_AT_A_TIME: bool = false;
    const NO_SUCH_ACCOUNT: &'static str =
        "That Microsoft account doesn't exist. Enter a different account or get a new one.";
    const SIGN_IN: &'static str = "Sign in to your Microsoft account";
    const AGREE: &'static str = "Accept";
    const BAD_REQUEST: &'static str = "We're unable to complete your request";

    /// All that is asked for, if anything of it is new.
    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission> {
        let is_known = request.scopes.iter().all(|scope| consent.granted.contains(scope));
        if is_known && !request.ask_again {
            return Vec::new();
        }
        request.scopes.iter().map(|scope| scopes::permission(scope)).collect()
    }

    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, _: bool) -> String {
        let secret = format!("M.C507_BAY.2.U.{}", error::guid_of(&draft.rng().hex(32)));
        let code = Code {
            grant: Grant {
                client_id: request.client_id.clone(),
                account: account.id.clone(),
                scopes: request.scopes.clone(),
            },
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.clone(),
            refreshable: request.offline,
            issued_at: draft.now,
            used: false,
        };
        draft.of_mut(Self::PROVIDER).put_code(&secret, code);
        // Two clients of one browser must not be told apart by it here: it is the same for an account's every login.
        let session = error::guid_of(&account.id);
        back(request, &[("code", &secret)], &[("session_state", &session)])
    }

    /// At `common`, people of the organization come in by their password.
    fn elsewhere(
        fake: &Fake<Self>,
        (flow, request): (&str, &Request),
        typed: &str,
    ) -> Option<Result<Response, ErrorPage>> {
        organization::people::called(&fake.upstreams.read(), typed).filter(|_| request.domain.is_none())?;
        Some(organization::sign_in::page(fake, (flow, request), typed, None))
    }

    fn cancelled(request: &Request) -> String {
        let said = [
            ("error", "access_denied"),
            ("error_subcode", "cancel"),
            ("error_description", "AADSTS65004: User declined to consent to access the app."),
        ];
        back(request, &said, &[])
    }

    fn stuck(request: &Request) -> String {
        let description = "AADSTS65001: The user or administrator has not consented to use the application. Send an \
            interactive authorization request for this user and resource.";
        refused(request, "consent_required", description)
    }

    fn stuck_at_sign_in(request: &Request) -> String {
        let description = "AADSTS50058: A silent sign-in request was sent but no user is signed in.";
        refused(request, "login_required", description)
    }
}

/// The address that tells the app of an error.
pub(super) fn refused(request: &Request, error: &str, description: &str) -> String {
    back(request, &[("error", error), ("error_description", description)], &[])
}

fn back(request: &Request, before: &[(&str, &str)], after: &[(&str, &str)]) -> String {
    let mut pairs = before.to_vec();
    pairs.extend(request.state.as_deref().map(|state| ("state", state)));
    pairs.extend(after);
    callback::in_query(&request.redirect_uri, &pairs)
}
