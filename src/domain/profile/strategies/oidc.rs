//! Any OpenID provider, and Okta: the claims of the ID token, with the answer of the userinfo endpoint beside them as
//! `userinfo` where it was asked, and the access token as `access_token` for templates. How they are read is said by
//! the connection's `attribute_map`. Source: spec/profile.md §6.11.

use serde_json::Value;

use crate::domain::claims::custom::is_restricted;
use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;
use crate::domain::profile::strategies::templates;

/// The claims of `basic_profile`: those of OpenID Connect Core §5.1 that are about the person.
const BASIC: &[&str] = &[
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
];

/// How claims become attributes (`options.attribute_map.mapping_mode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    BindAll,
    UseMap,
    BasicProfile,
}

impl Mode {
    /// A connection that says nothing binds all, or at Okta the basic profile. (Unverified.)
    fn of(connection: &Connection) -> Self {
        let map = connection.options.get("attribute_map");
        match map.and_then(|map| map.get("mapping_mode")).and_then(Value::as_str) {
            Some("use_map") => Self::UseMap,
            Some("basic_profile") => Self::BasicProfile,
            None if connection.strategy.as_str() == "okta" => Self::BasicProfile,
            _ => Self::BindAll,
        }
    }
}

pub(super) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mode = Mode::of(connection);
    if mode == Mode::UseMap {
        return templates::normalize(connection, raw);
    }
    let mut profile = Mapping::of(with_userinfo(raw), "sub")?;
    profile.drop("access_token", "a token is kept in the identity alone");
    Ok(profile.pass_through_unless(|name| {
        if is_restricted(name) {
            Some("its name is restricted: map it to another one")
        } else if mode == Mode::BasicProfile && !BASIC.contains(&name) {
            Some("the mapping mode is basic_profile")
        } else {
            None
        }
    }))
}

/// What the userinfo endpoint said beside, or in the place of, the claims of the ID token.
fn with_userinfo(raw: RawProfile) -> RawProfile {
    let mut claims = raw.0;
    let userinfo = claims.remove("userinfo");
    if let Some(Value::Object(mut userinfo)) = userinfo {
        userinfo.remove("sub");
        claims.extend(userinfo);
    }
    RawProfile(claims)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;
    use crate::domain::profile::strategies::testing::connection;

    #[track_caller]
    fn check(strategy: &str, options: Value, raw: Value, expected: Value) {
        let connection = connection(strategy, options);
        let (id, found) = attributes(|raw| normalize(&connection, raw), raw);
        assert_eq!(id, json!("u1"));
        assert_eq!(found, expected);
    }

    fn claims() -> Value {
        json!({ "iss": "https://idp.example", "sub": "u1", "aud": "acme", "exp": 2, "iat": 1, "nonce": "n",
            "name": "Ona Fake", "email": "ona@people.example", "groups": ["admins"], "roles": ["r"], "plan": "gold",
            "updated_at": 5, "access_token": "secret-token", "userinfo": { "sub": "u1", "plan": "platinum", "zip": 1 } })
    }

    #[test]
    fn bind_all_copies_all_but_restricted_claims() {
        let bound = json!({ "name": "Ona Fake", "email": "ona@people.example", "plan": "platinum", "zip": 1 });
        check("oidc", json!({}), claims(), bound.clone());
        check("oidc", json!({ "attribute_map": { "mapping_mode": "bind_all" } }), claims(), bound.clone());
        check("okta", json!({ "attribute_map": { "mapping_mode": "bind_all" } }), claims(), bound);
    }

    #[test]
    fn basic_profile_has_standard_claims_alone() {
        let basic = json!({ "name": "Ona Fake", "email": "ona@people.example" });
        check("okta", json!({}), claims(), basic.clone());
        check("oidc", json!({ "attribute_map": { "mapping_mode": "basic_profile" } }), claims(), basic);
    }
}
