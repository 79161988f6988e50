//! Passwordless by SMS: `{"user_id", "phone_number"}`, made by the tenant itself after the code was typed.
//! Source: spec/profile.md §6.14.

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Who has signed in so has the number, which is their name too; there is no nickname.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "user_id")?;
    if profile.has("phone_number") {
        profile.set("phone_verified", true, "is proven by the code that was sent there");
    }
    Ok(profile.pass_through())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;

    #[test]
    fn who_typed_the_code_has_the_number() {
        let (id, found) = attributes(normalize, json!({ "user_id": "65f1", "phone_number": "+14255550100" }));
        assert_eq!(id, json!("65f1"));
        assert_eq!(found, json!({ "phone_number": "+14255550100", "phone_verified": true }));
    }
}
