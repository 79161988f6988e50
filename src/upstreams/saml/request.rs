//! What a service provider asks for, checked once. Source: SAML 2.0 Profiles §4.1.4.1.

use url::Url;

use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::xml::Document;
use crate::upstreams::saml::provider::IdentityProvider;
use crate::upstreams::saml::wrong::Wrong;

/// A login that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The service provider's entity id.
    pub(crate) audience: String,
    /// Where the answer goes.
    pub(crate) acs: String,
    /// The request's id; none when nobody asked.
    pub(crate) request: Option<String>,
    pub(crate) relay_state: Option<String>,
    /// The name identifier's format that is wanted.
    pub(crate) format: Option<String>,
    /// Who is expected to sign in.
    pub(crate) hint: Option<String>,
    pub(crate) force: bool,
    pub(crate) passive: bool,
    pub(crate) wrong: Option<Wrong>,
}

impl Asked {
    /// Reads an `AuthnRequest`. `at` is the address that it came to.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn read(xml: &str, at: &str, provider: &IdentityProvider) -> Result<Self, String> {
        let document = Document::parse(xml).map_err(|error| format!("The request is not XML: {error}."))?;
        let request = AuthnRequest::read(document.root());
        let request = request.map_err(|error| format!("The request is no AuthnRequest: {error}."))?;
        let audience = request.header.issuer.ok_or("The request has no Issuer.")?;
        if request.header.destination.as_deref().is_some_and(|destination| !is_at(destination, at)) {
            return Err(format!("The request's Destination is another address than {at}."));
        }
        if request.protocol_binding.is_some_and(|wanted| wanted != binding::POST) {
            return Err("The request's ProtocolBinding is not HTTP-POST.".to_owned());
        }
        Ok(Self {
            acs: acs(provider, &audience, request.assertion_consumer_url.as_deref())?,
            audience,
            request: Some(request.header.id),
            relay_state: None,
            format: request.name_id_policy.and_then(|policy| policy.format),
            hint: request.subject.map(|name_id| name_id.value),
            force: request.force_authn,
            passive: request.is_passive,
            wrong: provider.wrong,
        })
    }
}

/// Where an answer to a service provider goes.
///
/// # Errors
/// That it is not registered, or no address is known.
pub(super) fn acs(provider: &IdentityProvider, audience: &str, wanted: Option<&str>) -> Result<String, String> {
    let mut of_it = provider.service_providers.iter().filter(|known| known.entity_id == audience);
    let registered = match wanted {
        Some(wanted) => of_it.find(|known| known.acs == wanted),
        None => of_it.next(),
    };
    let is_open = provider.service_providers.is_empty();
    match (registered, wanted) {
        (Some(known), _) => Ok(known.acs.clone()),
        (None, Some(wanted)) if is_open => {
            let is_page = Url::parse(wanted).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            let not = || format!("The AssertionConsumerServiceURL {wanted:?} is no http or https address.");
            is_page.then(|| wanted.to_owned()).ok_or_else(not)
        }
        (None, None) if is_open => Err(format!(
            "No AssertionConsumerServiceURL is given, and the service provider {audience:?} is not registered."
        )),
        _ => Err(format!("The service provider {audience:?} is not registered with this address.")),
    }
}

/// Whether an address is this one; whichever host it is asked by, a provider is the same.
pub(super) fn is_at(url: &str, at: &str) -> bool {
    let path = |url: &str| Url::parse(url).ok().map(|url| url.path().to_owned());
    path(url).is_some_and(|found| path(at) == Some(found))
}
