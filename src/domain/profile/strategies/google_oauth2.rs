//! Google, as its userinfo endpoint words a person. Source: spec/profile.md §6.1.

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Google's names are the tenant's already, but for one of the older userinfo endpoints.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "sub")?;
    profile.rename("verified_email", "email_verified");
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
    fn standard_names_stay_and_others_pass_through() {
        check(json!({ "sub": "1", "given_name": "Ada" }), "given_name", Some(json!("Ada")));
        check(json!({ "sub": "1", "hd": "acme.example" }), "hd", Some(json!("acme.example")));
        check(json!({ "sub": "1", "email_verified": false }), "email_verified", Some(json!(false)));
        check(json!({ "sub": "1", "verified_email": true }), "email_verified", Some(json!(true)));
        check(json!({ "sub": "1" }), "sub", None);
    }
}
