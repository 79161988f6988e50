//! Apple: the claims of the ID token, with the `user` object of the first authorization's form beside them (parsed).
//! Source: spec/profile.md §6.7, spec/upstreams.md §5.

use serde_json::Value;

use crate::domain::claims::custom::is_restricted;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;
use crate::domain::profile::strategies::as_boolean;

/// Apple's own claims about the login.
const OF_THE_LOGIN: &[&str] = &["nonce_supported", "real_user_status", "transfer_sub"];

/// The name is in `user`, which comes once: later logins say nothing of it, and what is stored stays (see
/// [`crate::domain::profile::cache`]).
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "sub")?;
    profile.convert("email_verified", "email_verified", "is made true or false", as_boolean);
    profile.convert("is_private_email", "is_private_email", "is made true or false", as_boolean);
    profile.copy("/user/name/firstName", "given_name", "is sent at the first login alone");
    profile.copy("/user/name/lastName", "family_name", "is sent at the first login alone");
    let names = [profile.mapped("given_name"), profile.mapped("family_name")];
    let full = names.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    if !full.is_empty() {
        profile.set("name", full, "is made of first and last name");
    }
    if !profile.has("email") {
        profile.copy("/user/email", "email", "is the address, which the ID token doesn't have");
    }
    profile.drop("user", "its parts have become attributes");
    Ok(profile.pass_through_unless(|name| {
        (is_restricted(name) || OF_THE_LOGIN.contains(&name)).then_some("it speaks of the login, not of the person")
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;

    fn claims() -> Value {
        json!({ "iss": "https://apple.example", "aud": "acme", "iat": 1, "exp": 2, "nonce": "n", "nonce_supported": true,
            "auth_time": 1, "at_hash": "h", "sub": "000123.0123456789abcdef0123456789abcdef.0638",
            "email": "x1y2@privaterelay.example", "email_verified": "true", "is_private_email": "true" })
    }

    #[test]
    fn the_first_login_brings_the_name() {
        let mut raw = claims();
        raw["user"] =
            json!({ "name": { "firstName": "Ann", "lastName": "Fake" }, "email": "x1y2@privaterelay.example" });
        let (id, found) = attributes(normalize, raw);
        assert_eq!(id, json!("000123.0123456789abcdef0123456789abcdef.0638"));
        let expected = json!({ "email": "x1y2@privaterelay.example", "email_verified": true, "is_private_email": true,
            "given_name": "Ann", "family_name": "Fake", "name": "Ann Fake" });
        assert_eq!(found, expected);
    }

    #[test]
    fn later_logins_are_nameless() {
        let (_, found) = attributes(normalize, claims());
        let expected =
            json!({ "email": "x1y2@privaterelay.example", "email_verified": true, "is_private_email": true });
        assert_eq!(found, expected);
    }
}
