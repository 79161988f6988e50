//! A social connection of the customer's own: what its `fetchUserProfile` script returns. Source: spec/profile.md §6.12.

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// The names are the tenant's already; metadata is merged.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "user_id")?;
    profile.take_metadata();
    Ok(profile.pass_through())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;
    use crate::domain::profile::strategies::testing::raw;

    #[test]
    fn what_the_script_says_is_the_profile() {
        let (id, found) = attributes(normalize, json!({ "user_id": "9", "name": "Rui", "guild": { "rank": 3 } }));
        assert_eq!((id, found), (json!("9"), json!({ "name": "Rui", "guild": { "rank": 3 } })));
        assert_eq!(normalize(raw(json!({ "id": "9" }))).unwrap_err(), ProfileError::NoId("user_id".into()));
    }

    #[test]
    fn it_may_set_metadata() {
        let profile = normalize(raw(json!({ "user_id": "9", "metadata": { "rank": 3 } }))).unwrap();
        assert_eq!(profile.metadata.user["rank"], 3);
        assert!(profile.attributes.is_empty());
    }
}
