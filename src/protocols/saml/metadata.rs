//! What an entity says of itself: names, keys and addresses, in either role. Source: SAML 2.0 Metadata §2.
//!
//! It is read by [`crate::protocols::saml::metadata_read`] and written by `metadata_write`.

use crate::keys::x509::Certificate;
use crate::protocols::saml::attribute::Attribute;
use crate::time::Timestamp;

/// An `EntityDescriptor`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entity {
    /// For a signature's reference.
    pub(crate) id: Option<String>,
    pub(crate) entity_id: String,
    pub(crate) valid_until: Option<Timestamp>,
    pub(crate) identity_provider: Option<IdentityProvider>,
    pub(crate) service_provider: Option<ServiceProvider>,
}

/// What both roles have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Role {
    /// What it signs with; during a change of keys there are several.
    pub(crate) signing: Vec<Certificate>,
    /// What to encrypt for it with.
    pub(crate) encryption: Vec<Certificate>,
    pub(crate) single_logout: Vec<Endpoint>,
    /// URIs of `names::name_id_format`.
    pub(crate) name_id_formats: Vec<String>,
}

/// An `IDPSSODescriptor`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct IdentityProvider {
    pub(crate) role: Role,
    pub(crate) want_authn_requests_signed: Option<bool>,
    pub(crate) single_sign_on: Vec<Endpoint>,
    /// The attributes that it gives out.
    pub(crate) attributes: Vec<Attribute>,
}

/// An `SPSSODescriptor`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceProvider {
    pub(crate) role: Role,
    pub(crate) authn_requests_signed: Option<bool>,
    pub(crate) want_assertions_signed: Option<bool>,
    pub(crate) assertion_consumers: Vec<Endpoint>,
}

/// Where a message of some kind may be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// A URI of `names::binding`.
    pub(crate) binding: String,
    pub(crate) location: String,
    /// Where answers go, if elsewhere.
    pub(crate) response_location: Option<String>,
    /// For those that a request can name by number.
    pub(crate) index: Option<u32>,
    pub(crate) is_default: Option<bool>,
}

impl Endpoint {
    pub(crate) fn new(binding: &str, location: &str) -> Self {
        Self { binding: binding.to_owned(), location: location.to_owned(), ..Self::default() }
    }

    /// The first one that takes this binding.
    pub(crate) fn with_binding<'a>(endpoints: &'a [Self], binding: &str) -> Option<&'a Self> {
        endpoints.iter().find(|endpoint| endpoint.binding == binding)
    }
}
