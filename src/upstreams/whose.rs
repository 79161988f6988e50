//! Whom a request to a fake is from and about, as far as a fault asks: by the codes, tokens and names in it.

use crate::http::faults::scope::SAML;
use crate::http::faults::scope::Who;
use crate::upstreams::behaviours::who;
use crate::upstreams::handle::Upstreams;
use crate::upstreams::microsoft;
use crate::upstreams::provider::Provider;
use crate::upstreams::saml::otherwise;
use crate::upstreams::saml::provider::IdentityProvider;

/// The account that one of `shown` (secrets, ids, names) belongs to, and the app that it was given to.
pub(crate) fn of(upstreams: &Upstreams, upstream: &str, shown: &[String]) -> Who {
    if upstream == SAML {
        return at_saml(upstreams, shown);
    }
    let Some(provider) = Provider::of(upstream) else { return Who::default() };
    let all = upstreams.read();
    let state = all.of(provider);
    let grant = |secret: &String| {
        let of_token = state.token(secret).map(|token| token.grant);
        of_token.or_else(|| state.code(secret).map(|code| code.grant))
    };
    if let Some(grant) = shown.iter().find_map(grant) {
        let account = match provider {
            Provider::Microsoft => microsoft::account_of(&all, &grant.account),
            _ => state.accounts.get(&grant.account).cloned(),
        };
        return who(&grant.client_id, account.as_deref());
    }
    let named = shown.iter().find_map(|name| state.accounts.get(name).or_else(|| state.account_called(name)));
    Who { client: None, ..who("", named.map(AsRef::as_ref)) }
}

/// Whoever has one of these names at a SAML identity provider.
fn at_saml(upstreams: &Upstreams, shown: &[String]) -> Who {
    let state = upstreams.read();
    let called = |name: &String| {
        let at = |provider: &IdentityProvider| {
            provider.account_called(name).map(|person| otherwise::who(&provider.name, "", Some(person)))
        };
        state.saml.providers.rows().find_map(|provider| at(provider))
    };
    shown.iter().find_map(called).unwrap_or_default()
}
