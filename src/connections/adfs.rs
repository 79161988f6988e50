//! The tenant as relying party of AD FS or another security token service, over WS-Federation (strategy `adfs`).
//! Source: spec/enterprise.md §5.1, WS-Federation 1.2 §13.

use url::Url;

use crate::connections::adfs::provider::Provider;
use crate::connections::assertion;
use crate::connections::error::ConnectionError;
use crate::connections::parameters;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::RawProfile;
use crate::domain::profile::claim_uris::NAME_ID;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::verify::Trust;
use crate::protocols::wsfed::consume;
use crate::protocols::wsfed::names::action;
use crate::protocols::wsfed::request::Action;
use crate::protocols::wsfed::request::SignIn;
use crate::time::Rng;

pub(crate) mod import;
mod provider;

#[cfg(test)]
mod tests;

/// Sends a person to the token service.
pub(super) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let provider = Provider::of(party).await?;
    let visit = UpstreamVisit {
        connection: party.connection.name.clone(),
        state: rng.url_safe(64),
        nonce: String::new(),
        code_verifier: None,
        redirect_uri: party.callback(),
        base: provider.passive,
        issuer: provider.entity_id,
    };
    let asked = SignIn {
        realm: Some(realm(party)),
        reply: Some(visit.redirect_uri.clone()),
        context: Some(visit.state.clone()),
        freshness: request.asks_prompt("login").then_some(0),
        user_name: request.login_hint.clone(),
        ..SignIn::default()
    };
    let mut location = asked.to_url(endpoint(&visit.base)?);
    let others = parameters::upstream_params(party.connection, request);
    location.query_pairs_mut().extend_pairs(others);
    Ok(Departure::redirect(location.into(), visit))
}

/// Reads the token that came to the callback as the answer of `visit`.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    if Action::of(callback.get("wa").map(String::as_str)) != Some(Action::SignIn) {
        return Err(ConnectionError::BadCallback("its wa is not wsignin1.0"));
    }
    let xml = callback.get("wresult").ok_or(ConnectionError::BadCallback("it has no wresult"))?;
    let provider = Provider::of(party).await?;
    let certificates = provider.trusted(xml);
    let (realm, own) = (realm(party), party.callback());
    let expected = Expectations {
        trust: Trust { certificates: &certificates, sha1: assertion::sha1(party.connection) },
        issuer: visit.issuer.as_deref().or(provider.entity_id.as_deref()),
        audience: &realm,
        destinations: &[],
        recipients: &[&own],
        request: None,
        unsolicited: true,
        now: party.now,
        skew_seconds: assertion::SKEW_SECONDS,
        decryption_keys: &[],
    };
    let consumed = consume::consume(xml, &expected);
    let consumed =
        consumed.map_err(|refusal| assertion::doubt(party.connection, &provider.thumbprints(), &refusal, xml))?;
    let once = assertion::once(&consumed.assertion, consumed.replay_until);
    let raw = raw(consumed.assertion);
    Ok(Returned { once: Some(once), ..Returned::new(raw, ProviderTokens::default()) })
}

/// Where a person ends their session at the token service, and goes on to `to`.
///
/// # Errors
/// [`ConnectionError`] when the service can't be asked where that is.
pub(crate) async fn leave(party: RelyingParty<'_>, to: Option<&str>) -> Result<String, ConnectionError> {
    let mut location = endpoint(&Provider::of(party).await?.passive)?;
    let mut query = location.query_pairs_mut();
    query.append_pair("wa", action::SIGN_OUT).append_pair("wtrealm", &realm(party));
    query.extend_pairs(to.map(|to| ("wreply", to)));
    drop(query);
    Ok(location.into())
}

fn endpoint(url: &str) -> Result<Url, ConnectionError> {
    Url::parse(url).map_err(|error| ConnectionError::Misconfigured(format!("signInEndpoint {url:?}: {error}")))
}

/// What the tenant is called there: `urn:auth0:TENANT`, unless the connection says otherwise (`entityId`).
fn realm(party: RelyingParty<'_>) -> String {
    let own = party.connection.text_option("entityId").filter(|id| !id.is_empty());
    own.map_or_else(|| format!("urn:auth0:{}", party.own.name), str::to_owned)
}

/// The token's claims under their URIs; its name identifier is one unless a claim says otherwise.
fn raw(token: Assertion) -> RawProfile {
    let name_id = token.name_id().map(|name_id| name_id.value.clone());
    let mut profile = assertion::flat(token.attributes);
    if let Some(name_id) = name_id.filter(|name_id| !name_id.is_empty()) {
        profile.entry(NAME_ID).or_insert_with(|| name_id.into());
    }
    profile.insert("issuer".to_owned(), token.issuer.into());
    RawProfile(profile)
}
