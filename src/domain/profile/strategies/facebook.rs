//! Facebook, as `GET /me?fields=…` of the Graph API words a person. Source: spec/profile.md §6.2.

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Names change, the picture is taken out of its object, an address counts as verified; all else passes through.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "id")?;
    profile.rename("first_name", "given_name");
    profile.rename("last_name", "family_name");
    profile.pluck("/picture/data/url", "picture");
    profile.pluck("/picture_large/data/url", "picture_large");
    if profile.has("email") {
        profile.set("email_verified", true, "Graph gives out confirmed addresses only");
    }
    if let (false, Some(name)) = (profile.has("email"), profile.text("name").map(str::to_owned)) {
        profile.set("nickname", name, "is the name, as there is no address to make it of");
    }
    Ok(profile.pass_through())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(raw: Value, attribute: &str, expected: Option<Value>) {
        let raw = RawProfile(serde_json::from_value(raw).unwrap());
        assert_eq!(normalize(raw).unwrap().attributes.get(attribute), expected.as_ref());
    }

    #[test]
    fn only_unmapped_names_survive() {
        check(json!({ "id": "1", "first_name": "Ana" }), "given_name", Some(json!("Ana")));
        check(json!({ "id": "1", "first_name": "Ana" }), "first_name", None);
        check(json!({ "id": "1", "hometown": { "name": "Porto" } }), "hometown", Some(json!({ "name": "Porto" })));
        check(json!({ "id": "1", "birthday": "03/04" }), "birthday", Some(json!("03/04")));
    }

    #[test]
    fn an_address_counts_as_verified() {
        check(json!({ "id": "1", "email": "ana@people.example" }), "email_verified", Some(json!(true)));
        check(json!({ "id": "1" }), "email_verified", None);
    }
}
