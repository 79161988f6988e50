//! Microsoft Entra ID: the claims of the ID token, with Microsoft Graph's `/me` beside them as `graph` and the answer's
//! list of `/me/memberOf` as `memberOf`, where they were asked for. Source: spec/profile.md §6.5.

use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;
use crate::domain::profile::strategies::trust_email;

/// Attributes that every connection keeps, and where they are looked for, first one first.
const BASIC: &[(&str, &[&str])] = &[
    ("oid", &["/oid"]),
    ("tenantid", &["/tid"]),
    ("upn", &["/upn", "/preferred_username", "/graph/userPrincipalName"]),
    ("name", &["/name", "/graph/displayName"]),
    ("given_name", &["/given_name", "/graph/givenName"]),
    ("family_name", &["/family_name", "/graph/surname"]),
    ("email", &["/email", "/graph/mail", "/upn", "/preferred_username"]),
];

/// Attributes of the directory that are kept where `ext_profile`, or `ext_` and their name, is set. (The names are
/// those of the options; unverified.)
const EXTENDED: &[(&str, &str)] = &[
    ("city", "/graph/city"),
    ("country", "/graph/country"),
    ("department", "/graph/department"),
    ("job_title", "/graph/jobTitle"),
    ("mobile", "/graph/mobilePhone"),
    ("phone", "/graph/businessPhones/0"),
    ("physical_delivery_office_name", "/graph/officeLocation"),
    ("postal_code", "/graph/postalCode"),
    ("preferred_language", "/graph/preferredLanguage"),
    ("state", "/graph/state"),
    ("street", "/graph/streetAddress"),
    ("usage_location", "/graph/usageLocation"),
    ("fax", "/graph/faxNumber"),
    ("account_enabled", "/graph/accountEnabled"),
    ("assigned_licenses", "/graph/assignedLicenses"),
    ("assigned_plans", "/graph/assignedPlans"),
    ("provisioned_plans", "/graph/provisionedPlans"),
];

/// The claims that are kept are fixed: what a directory adds to its tokens never reaches the profile.
pub(super) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let id = match connection.text_option("userid_attribute") {
        Some("sub") => "sub",
        _ => "oid",
    };
    let mut profile = Mapping::of(raw, id)?;
    for (to, places) in BASIC {
        profile.copy_first(places, to);
    }
    let upn = profile.mapped("upn").and_then(Value::as_str);
    if let Some(local) = upn.and_then(|upn| upn.split('@').next()).map(str::to_owned) {
        profile.set("nickname", local, "is the user principal name up to its @");
    }
    trust_email(connection, &mut profile);
    for (option, place) in EXTENDED {
        if keeps(connection, option) {
            profile.copy_first(&[place], if *option == "street" { "street_address" } else { option });
        }
    }
    if connection.flag_option("ext_groups") {
        profile.collect("memberOf", "displayName", "groups");
        profile.collect("memberOf", "id", "group_ids");
    }
    Ok(profile.pass_through_unless(|_| Some("what is kept of the directory is fixed by the ext_ options")))
}

/// The properties of Graph's `/me` that the connection keeps something of: what it is to be asked for.
pub(crate) fn properties(connection: &Connection) -> Vec<&'static str> {
    let basic = BASIC.iter().flat_map(|(_, places)| places.iter().copied());
    let extended = EXTENDED.iter().filter(|(option, _)| keeps(connection, option)).map(|(_, place)| *place);
    let named = basic.chain(extended).filter_map(|place| place.strip_prefix("/graph/")?.split('/').next());
    ["id"].into_iter().chain(named).collect()
}

fn keeps(connection: &Connection, option: &str) -> bool {
    connection.flag_option("ext_profile") || connection.flag_option(&format!("ext_{option}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;
    use crate::domain::profile::strategies::testing::connection;

    fn raw() -> Value {
        let groups = json!([{ "id": "g1", "displayName": "Staff" }, { "id": "g2", "displayName": "Ops" }]);
        json!({ "oid": "o1", "sub": "s1", "tid": "t1", "preferred_username": "bo@acme.example", "name": "Bo Fake",
            "given_name": "Bo", "ver": "2.0", "custom": "never", "memberOf": groups,
            "graph": { "id": "o1", "surname": "Fake", "mail": "bo@acme.example", "city": "Porto", "jobTitle": "Smith",
                "streetAddress": "Rua 1", "businessPhones": ["+3512"] } })
    }

    fn check(options: Value) -> (Value, Value) {
        let connection = connection("waad", options);
        attributes(|raw| normalize(&connection, raw), raw())
    }

    #[test]
    fn only_fixed_claims_are_kept() {
        let (id, found) = check(json!({}));
        assert_eq!(id, json!("o1"));
        let expected = json!({ "oid": "o1", "tenantid": "t1", "upn": "bo@acme.example", "nickname": "bo",
            "name": "Bo Fake", "given_name": "Bo", "family_name": "Fake", "email": "bo@acme.example",
            "email_verified": false });
        assert_eq!(found, expected);
    }

    #[test]
    fn options_choose_what_more_is_kept() {
        let (_, found) = check(json!({ "ext_city": true, "ext_street": true }));
        assert_eq!((&found["city"], &found["street_address"]), (&json!("Porto"), &json!("Rua 1")));
        assert_eq!(found.get("job_title"), None);
        let (_, found) = check(json!({ "ext_profile": true, "ext_groups": true }));
        assert_eq!((&found["job_title"], &found["phone"]), (&json!("Smith"), &json!("+3512")));
        assert_eq!((&found["groups"], &found["group_ids"]), (&json!(["Staff", "Ops"]), &json!(["g1", "g2"])));
    }

    #[test]
    fn graph_is_asked_for_what_is_kept() {
        let basic = ["id", "userPrincipalName", "displayName", "givenName", "surname", "mail"];
        assert_eq!(properties(&connection("waad", json!({}))), basic);
        let more = properties(&connection("waad", json!({ "ext_phone": true, "ext_city": true })));
        assert_eq!(more.get(basic.len()..), Some(&["city", "businessPhones"][..]));
        assert!(properties(&connection("waad", json!({ "ext_profile": true }))).contains(&"accountEnabled"));
    }

    #[test]
    fn the_connection_chooses_id_and_trust() {
        let trusting = "always_set_emails_as_verified";
        let (id, found) =
            check(json!({ "userid_attribute": "sub", "should_trust_email_verified_connection": trusting }));
        assert_eq!((id, &found["email_verified"]), (json!("s1"), &json!(true)));
    }
}
