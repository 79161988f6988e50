//! One file a strategy: from the raw profile, as that upstream words it, to the normalized one. Each file begins with
//! what its raw profile looks like.

mod ad;
mod adfs;
mod apple;
mod auth0;
mod email;
mod facebook;
mod github;
mod google_apps;
mod google_oauth2;
mod linkedin;
mod oauth2;
mod oidc;
mod samlp;
mod sms;
mod templates;
#[cfg(test)]
mod testing;
pub(crate) mod waad;
mod windowslive;

use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Normalizes what the connection's upstream said. Generated attributes are not filled in yet
/// ([`crate::domain::profile::generated`]).
///
/// # Errors
/// [`ProfileError`] when there is no id, or the strategy isn't built.
pub(crate) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    match connection.strategy.as_str() {
        "google-oauth2" => google_oauth2::normalize(raw),
        "facebook" => facebook::normalize(raw),
        "linkedin" => linkedin::normalize(raw),
        "windowslive" => windowslive::normalize(raw),
        "github" => github::normalize(raw),
        "apple" => apple::normalize(raw),
        "oidc" | "okta" => oidc::normalize(connection, raw),
        "oauth2" => oauth2::normalize(raw),
        "auth0" => auth0::normalize(raw),
        "email" => email::normalize(raw),
        "sms" => sms::normalize(raw),
        "ad" => ad::normalize(raw),
        "adfs" => adfs::normalize(connection, raw),
        "samlp" | "pingfederate" => samlp::normalize(connection, raw),
        "waad" => waad::normalize(connection, raw),
        "google-apps" => google_apps::normalize(connection, raw),
        other => Err(ProfileError::NotBuilt(other)),
    }
}

/// Says whether the address is verified, where the connection decides it: Entra ID and AD FS don't tell.
fn trust_email(connection: &Connection, profile: &mut Mapping) {
    if profile.mapped("email").is_some() {
        let trust = connection.text_option("should_trust_email_verified_connection");
        let is_trusted = trust == Some("always_set_emails_as_verified");
        profile.set("email_verified", is_trusted, "is what should_trust_email_verified_connection says");
    }
}

/// Providers send booleans as such or as text.
fn as_boolean(value: &Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value.clone(),
    }
}
