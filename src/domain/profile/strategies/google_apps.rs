//! Google Workspace: the userinfo of Google, with the Admin SDK's user beside it as `directory` and the list of the
//! person's groups as `groups`, where the connection may read them. Source: spec/profile.md §6.1.

use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Attributes of the directory, and every name that they are kept under.
const DIRECTORY: &[(&str, &[&str])] = &[
    ("primaryEmail", &["primaryEmail"]),
    ("isAdmin", &["isAdmin", "is_admin"]),
    ("isDelegatedAdmin", &["isDelegatedAdmin"]),
    ("agreedToTerms", &["agreedToTerms", "tou_accepted"]),
    ("suspended", &["suspended", "is_suspended"]),
    ("suspensionReason", &["suspensionReason"]),
    ("archived", &["archived"]),
    ("ipWhitelisted", &["ipWhitelisted", "is_ipWhitelisted"]),
    ("customerId", &["customerId"]),
    ("orgUnitPath", &["orgUnitPath"]),
    ("emails", &["emails"]),
    ("phones", &["phones"]),
    ("externalIds", &["externalIds"]),
    ("aliases", &["aliases"]),
    ("addresses", &["addresses"]),
    ("organizations", &["organizations"]),
    ("nonEditableAliases", &["nonEditableAliases"]),
    ("relations", &["relations"]),
    ("languages", &["languages"]),
    ("thumbnailPhotoUrl", &["thumbnailPhotoUrl"]),
    ("creationTime", &["creationTime"]),
    ("lastLoginTime", &["lastLoginTime"]),
    ("isEnrolledIn2Sv", &["isEnrolledIn2Sv"]),
    ("isEnforcedIn2Sv", &["isEnforcedIn2Sv"]),
    ("recoveryEmail", &["recoveryEmail"]),
    ("recoveryPhone", &["recoveryPhone"]),
];

/// People are known by their address, unless `map_user_id_to_id` asks for Google's own id. A suspension is kept as an
/// attribute alone: who is suspended doesn't get here, and `blocked` is the tenant's own.
pub(super) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = if connection.flag_option("map_user_id_to_id") {
        Mapping::of_first(raw, &["sub", "id"])?
    } else {
        let mut profile = Mapping::of(raw, "email")?;
        profile.rename("email", "email");
        profile
    };
    for name in ["sub", "id"] {
        profile.drop(name, "people of this connection are known by their address");
    }
    profile.rename("verified_email", "email_verified");
    for (name, kept) in DIRECTORY {
        for to in *kept {
            profile.copy(&format!("/directory/{name}"), to, "is taken out of the directory's entry");
        }
    }
    profile.copy_to_app_metadata("/directory/id", "external_id");
    profile.drop("directory", "its parts have become attributes");
    if profile.said("groups").is_some_and(Value::is_array) {
        profile.convert("groups", "groups", "is made a list of names", |groups| {
            let name = |group: &Value| group.get("name").unwrap_or(group).clone();
            groups.as_array().into_iter().flatten().map(name).collect()
        });
    }
    Ok(profile.pass_through())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;
    use crate::domain::profile::strategies::testing::connection;
    use crate::domain::profile::strategies::testing::raw;

    fn profile() -> Value {
        json!({ "sub": "1089", "email": "gia@acme.example", "email_verified": true, "name": "Gia Fake",
            "hd": "acme.example", "groups": [{ "name": "Staff", "email": "staff@acme.example" }, "Ops"],
            "directory": { "id": "d1", "primaryEmail": "gia@acme.example", "isAdmin": true, "suspended": false,
                "orgUnitPath": "/Sales", "etag": "x" } })
    }

    #[test]
    fn people_are_known_by_their_address_and_the_directory_adds_to_them() {
        let connection = connection("google-apps", json!({}));
        let (id, found) = attributes(|raw| normalize(&connection, raw), profile());
        assert_eq!(id, json!("gia@acme.example"));
        let expected = json!({ "email": "gia@acme.example", "email_verified": true, "name": "Gia Fake",
            "hd": "acme.example", "groups": ["Staff", "Ops"], "primaryEmail": "gia@acme.example", "isAdmin": true,
            "is_admin": true, "suspended": false, "is_suspended": false, "orgUnitPath": "/Sales" });
        assert_eq!(found, expected);
        let metadata = normalize(&connection, raw(profile())).unwrap().metadata;
        assert_eq!(Value::from(metadata.app), json!({ "external_id": "d1" }));
    }

    #[test]
    fn a_connection_may_ask_for_googles_own_id() {
        let connection = connection("google-apps", json!({ "map_user_id_to_id": true }));
        let (id, found) = attributes(|raw| normalize(&connection, raw), profile());
        assert_eq!((id, &found["email"]), (json!("1089"), &json!("gia@acme.example")));
    }
}
