//! The tenant as SAML service provider (strategies `samlp` and `pingfederate`): the request goes out, the response comes
//! back by POST and is checked, each check with its own reason. Source: spec/enterprise.md §3, SAML 2.0 Profiles §4.1.

use crate::connections::assertion;
use crate::connections::error::ConnectionError;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::connections::samlp::provider::Provider;
use crate::domain::profile::ProviderTokens;
use crate::domain::session::UpstreamSession;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::keys::x509::Certificate;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::binding;
use crate::protocols::saml::consume;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::header;
use crate::protocols::saml::verify::Trust;
use crate::time::Rng;

pub(crate) mod import;
mod keys;
pub(crate) mod logout;
pub(crate) mod metadata;
mod profile;
pub(crate) mod provider;
mod request;

#[cfg(test)]
mod tests;

/// Sends a person to the identity provider with an `AuthnRequest`, by redirect or POST.
pub(super) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let provider = Provider::of(party).await?;
    let visit = UpstreamVisit {
        connection: party.connection.name.clone(),
        state: rng.url_safe(64),
        nonce: header::new_id(rng),
        code_verifier: None,
        redirect_uri: assertion_consumer(party),
        base: provider.sign_in.clone(),
        issuer: provider.entity_id.clone(),
    };
    request::send(party, request, visit).await
}

/// Reads a response that came to the callback: the answer of `visit`, or one that nobody asked for.
pub(crate) async fn arrive(
    party: RelyingParty<'_>,
    visit: Option<&UpstreamVisit>,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let message = callback.get("SAMLResponse").ok_or(ConnectionError::BadCallback("it has no SAMLResponse"))?;
    let xml = binding::from_post(message).map_err(ConnectionError::SamlMessage)?;
    let provider = Provider::of(party).await?;
    let entity_id = entity_id(party);
    let (own, keys) = (assertion_consumer(party), keys::decryption(party).await?);
    let plain = party.callback();
    let addresses = |option| {
        let other = party.connection.text_option(option).filter(|url| !url.is_empty());
        other.map_or_else(|| vec![own.as_str(), plain.as_str()], |url| vec![url, own.as_str(), plain.as_str()])
    };
    let expected = Expectations {
        trust: Trust { certificates: &provider.certificates, sha1: assertion::sha1(party.connection) },
        issuer: visit.and_then(|visit| visit.issuer.as_deref()).or(provider.entity_id.as_deref()),
        audience: &entity_id,
        destinations: &addresses("destinationUrl"),
        recipients: &addresses("recipientUrl"),
        request: visit.map(|visit| visit.nonce.as_str()),
        unsolicited: visit.is_none(),
        now: party.now,
        skew_seconds: assertion::SKEW_SECONDS,
        decryption_keys: &[&keys],
    };
    let consumed = consume::consume(&xml, &expected);
    let known: Vec<_> = provider.certificates.iter().map(Certificate::thumbprint).collect();
    let consumed = consumed.map_err(|refusal| assertion::doubt(party.connection, &known, &refusal, &xml))?;
    let once = assertion::once(&consumed.assertion, consumed.replay_until);
    let session = session_of(&consumed.assertion);
    let raw = profile::raw(consumed.assertion);
    Ok(Returned { once: Some(once), session, ..Returned::new(raw, ProviderTokens::default()) })
}

/// The request that a response says it answers, unchecked.
pub(crate) fn claimed_request(callback: &CallbackParameters) -> Option<String> {
    let xml = binding::from_post(callback.get("SAMLResponse")?).ok()?;
    consume::claimed_request(&xml)
}

/// The connection's entity id: `urn:auth0:TENANT:CONNECTION`, unless it has one of its own.
pub(crate) fn entity_id(party: RelyingParty<'_>) -> String {
    let own = party.connection.text_option("entityId").filter(|id| !id.is_empty());
    own.map_or_else(|| format!("urn:auth0:{}:{}", party.own.name, party.connection.name), str::to_owned)
}

/// Where responses come to.
pub(crate) fn assertion_consumer(party: RelyingParty<'_>) -> String {
    format!("{}?connection={}", party.callback(), party.connection.name)
}

fn session_of(assertion: &Assertion) -> Option<Box<UpstreamSession>> {
    let name_id = assertion.name_id()?.clone();
    Some(Box::new(UpstreamSession {
        name_id: name_id.value,
        format: name_id.format,
        name_qualifier: name_id.name_qualifier,
        sp_name_qualifier: name_id.sp_name_qualifier,
        index: assertion.session_index().map(str::to_owned),
    }))
}
