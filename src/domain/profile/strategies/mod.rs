//! One file a strategy: from the raw profile, as that upstream words it, to the normalized one.

mod facebook;
mod google_oauth2;

use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;

/// Normalizes what the connection's upstream said. Generated attributes are not filled in yet
/// ([`crate::domain::profile::generated`]).
///
/// # Errors
/// [`ProfileError`] when there is no id, or the strategy isn't built.
pub(crate) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    match connection.strategy.as_str() {
        "google-oauth2" => google_oauth2::normalize(raw),
        "facebook" => facebook::normalize(raw),
        other => Err(ProfileError::NotBuilt(other)),
    }
}
