//! Passwordless by e-mail: `{"user_id", "email"}`, made by the tenant itself after the code was typed or the link
//! followed. Source: spec/profile.md §6.14.

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Who has signed in so has the address; name and nickname are generated from it.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "user_id")?;
    profile.convert("email", "email", "is kept in lower case", |email| {
        email.as_str().map_or_else(|| email.clone(), |email| email.to_lowercase().into())
    });
    if profile.has("email") {
        profile.set("email_verified", true, "is proven by the code that was sent there");
    }
    Ok(profile.pass_through())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;

    #[test]
    fn who_typed_the_code_has_the_address() {
        let (id, found) = attributes(normalize, json!({ "user_id": "65f1", "email": "Eva@People.example" }));
        assert_eq!(id, json!("65f1"));
        assert_eq!(found, json!({ "email": "eva@people.example", "email_verified": true }));
    }
}
