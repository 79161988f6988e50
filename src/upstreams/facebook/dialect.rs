//! Facebook's own ways while a person signs in. Source: spec/upstreams.md §2.

use crate::cell::Draft;
use crate::protocols::oauth::callback;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::facebook::token;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Permission;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Grant;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

/// Given with every login; it can't be declined alone.
pub(super) const PUBLIC_PROFILE: &str = "public_profile";

/// How long an app may read data after the person was last there, in seconds: 90 days.
pub(super) const DATA_ACCESS_SECONDS: i64 = 90 * 24 * 3600;

pub(super) struct FacebookDialect;

impl Dialect for FacebookDialect {
    const PROVIDER: Provider = Provider::Facebook;
    const ONE_AT_A_TIME: bool = true;
    const NO_SUCH_ACCOUNT: &'static str = "The email you entered isn’t connected to an account.";
    const SIGN_IN: &'static str = "Log in with Facebook";
    const AGREE: &'static str = "Continue";
    const BAD_REQUEST: &'static str = "Sorry, something went wrong.";

    /// What was declined is asked again only with `auth_type=rerequest`.
    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission> {
        let known = |name: &&String| {
            consent.granted.contains(*name) || (consent.declined.contains(*name) && !request.ask_again)
        };
        request.scopes.iter().filter(|name| !known(name)).map(|name| permission(name)).collect()
    }

    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, _: bool) -> String {
        let consent = draft.of(Self::PROVIDER).consent(&request.client_id, &account.id);
        let grant = Grant {
            client_id: request.client_id.clone(),
            account: account.id.clone(),
            scopes: consent.granted.iter().cloned().collect(),
        };
        let mut parameters: Vec<(&str, String)> = Vec::new();
        if request.response.token {
            let now = draft.now;
            let secret = token::issue(draft, &grant, None);
            parameters.push(("access_token", secret));
            let until = now.plus_seconds(DATA_ACCESS_SECONDS).seconds();
            parameters.push(("data_access_expiration_time", until.to_string()));
            parameters.push(("expires_in", token::LIFETIME_SECONDS.to_string()));
        }
        if request.response.code {
            parameters.push(("code", code(draft, request, grant)));
        }
        if request.response.granted_scopes {
            let denied = consent.declined.iter().filter(|name| request.scopes.contains(name)).cloned();
            parameters.push(("granted_scopes", consent.granted.iter().cloned().collect::<Vec<_>>().join(",")));
            parameters.push(("denied_scopes", denied.collect::<Vec<_>>().join(",")));
        }
        back(request, &parameters)
    }

    fn cancelled(request: &Request) -> String {
        let said = [
            ("error_reason", "user_denied"),
            ("error", "access_denied"),
            ("error_code", "200"),
            ("error_description", "Permissions error."),
        ];
        back(request, &said.map(|(name, value)| (name, value.to_owned())))
    }

    /// Facebook's dialog has no way to forbid its pages; this is never asked for.
    fn stuck(request: &Request) -> String {
        Self::cancelled(request)
    }
}

fn code(draft: &mut Draft<UpstreamState>, request: &Request, grant: Grant) -> String {
    let secret = format!("AQ{}", draft.rng().url_safe(180));
    let code = Code {
        grant,
        redirect_uri: request.redirect_uri.clone(),
        nonce: None,
        challenge: None,
        refreshable: false,
        issued_at: draft.now,
        used: false,
    };
    draft.of_mut(FacebookDialect::PROVIDER).put_code(&secret, code);
    secret
}

/// In the query, with the odd `#_=_` after it; in the fragment where a token was asked for.
fn back(request: &Request, parameters: &[(&str, String)]) -> String {
    let mut pairs: Vec<_> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    pairs.extend(request.state.as_deref().map(|state| ("state", state)));
    if request.response.token {
        return callback::in_fragment(&request.redirect_uri, &pairs);
    }
    callback::in_query(&request.redirect_uri, &pairs) + "#_=_"
}

fn permission(name: &str) -> Permission {
    let text = match name {
        PUBLIC_PROFILE => "Name and profile picture".to_owned(),
        "email" => "Email address".to_owned(),
        "user_friends" => "Friends list".to_owned(),
        "user_posts" => "Timeline posts".to_owned(),
        // `user_birthday` is "Birthday", `pages_show_list` is "Pages show list".
        other => {
            let words = other.strip_prefix("user_").unwrap_or(other).replace('_', " ");
            let mut letters = words.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    };
    Permission { value: name.to_owned(), text, fixed: name == PUBLIC_PROFILE }
}
