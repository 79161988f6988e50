//! A database outside: what its login script returns. Source: spec/profile.md §6.13, spec/caching.md §4 and §6.

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;
use crate::domain::profile::strategies::as_boolean;

/// The names are the tenant's already; metadata is merged, tokens go to the identity.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of_first(raw, &["user_id", "id"])?;
    for name in ["email_verified", "phone_verified"] {
        profile.convert(name, name, "is made true or false", as_boolean);
    }
    profile.take_metadata();
    profile.take_tokens();
    profile.drop("mfa_factors", "it enrols factors and is no attribute");
    profile.drop("password", "no profile holds a password");
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
        let (id, found) = attributes(
            normalize,
            json!({ "user_id": "legacy|7", "email": "ines@example.com", "email_verified": "true", "username": "ines",
                "given_name": "Ines", "shoe_size": 38, "mfa_factors": [], "created_at": "2001-01-01T00:00:00Z" }),
        );
        assert_eq!(id, json!("legacy|7"));
        let expected = json!({ "email": "ines@example.com", "email_verified": true, "username": "ines",
            "given_name": "Ines", "shoe_size": 38 });
        assert_eq!(found, expected);
    }

    #[test]
    fn metadata_and_tokens_have_their_own_places() {
        let profile = normalize(raw(json!({ "user_id": 7, "user_metadata": { "hat": "red" }, "refresh_token": "r",
            "app_metadata": { "plan": "gold" } })));
        let profile = profile.unwrap();
        assert!(profile.attributes.is_empty());
        assert_eq!((&profile.metadata.user["hat"], &profile.metadata.app["plan"]), (&json!("red"), &json!("gold")));
        assert_eq!(profile.tokens.refresh_token.as_deref(), Some("r"));
    }
}
