//! SAML 2.0, and `PingFederate`: the assertion as flat attributes under their names, one value as text and several as a
//! list, with the name id under the claim URI of `nameidentifier`, and `issuer`, `nameIdAttributes`, `sessionIndex` and
//! `authenticationmethod` beside them. Source: spec/profile.md §6.10.

use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::claim_uris::EMAIL;
use crate::domain::profile::claim_uris::GIVEN_NAME;
use crate::domain::profile::claim_uris::GROUP;
use crate::domain::profile::claim_uris::HOME_PHONE;
use crate::domain::profile::claim_uris::MOBILE_PHONE;
use crate::domain::profile::claim_uris::NAME;
use crate::domain::profile::claim_uris::NAME_ID;
use crate::domain::profile::claim_uris::OTHER_PHONE;
use crate::domain::profile::claim_uris::ROLE;
use crate::domain::profile::claim_uris::SURNAME;
use crate::domain::profile::claim_uris::UPN;
use crate::domain::profile::mapping::Mapping;

/// Where each attribute is read from when `fieldsMap` doesn't say, or finds nothing.
const DEFAULTS: &[(&str, &[&str])] = &[
    ("email", &[EMAIL]),
    ("name", &[NAME]),
    ("given_name", &[GIVEN_NAME, NAME]),
    ("family_name", &[SURNAME]),
    ("upn", &[UPN]),
    ("phone_number", &[MOBILE_PHONE, HOME_PHONE, OTHER_PHONE]),
    ("role", &[ROLE]),
    ("groups", &[GROUP]),
];

/// What nothing was mapped to is empty: a provider that speaks of `mail` and `cn` leaves users without name and e-mail
/// until somebody fills in `fieldsMap`. All unmapped attributes keep their names.
pub(super) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let fields = connection.options.get("fieldsMap");
    let mapped = |key: &str| names(fields.and_then(|fields| fields.get(key)));
    let own_id = connection.text_option("user_id_attribute").filter(|name| !name.is_empty());
    let ids: Vec<_> = own_id.into_iter().chain(mapped("user_id")).chain([NAME_ID, UPN, NAME]).collect();
    let mut profile = Mapping::of_first(raw, &ids)?;
    let others = fields.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str());
    let others = others.filter(|key| *key != "user_id" && DEFAULTS.iter().all(|(name, _)| name != key));
    let all = DEFAULTS.iter().map(|(key, defaults)| (*key, *defaults)).chain(others.map(|key| (key, &[] as &[&str])));
    for (key, defaults) in all {
        let sources: Vec<_> = mapped(key).into_iter().chain(defaults.iter().copied()).collect();
        profile.rename_one(&sources, key);
    }
    profile.drop(NAME_ID, "\"nameIdAttributes\" has it");
    profile.default_to("name", "");
    profile.default_to("nickname", "");
    Ok(profile.pass_through())
}

/// A name, or a list of names of which the first with a value is taken.
fn names(option: Option<&Value>) -> Vec<&str> {
    match option {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;
    use crate::domain::profile::strategies::testing::connection;
    use crate::domain::profile::strategies::testing::raw;

    #[track_caller]
    fn check(options: Value, raw: Value, (id, expected): (&str, Value)) {
        let connection = connection("samlp", options);
        let (found_id, found) = attributes(|raw| normalize(&connection, raw), raw);
        assert_eq!((found_id, found), (json!(id), expected));
    }

    fn short_names() -> Value {
        json!({ NAME_ID: "123456", "issuer": "https://idp.acme.example/", "sessionIndex": "_s1",
            "nameIdAttributes": { "value": "123456", "Format": "urn:unspecified" },
            "authenticationmethod": "urn:classes:unspecified", "emailaddress": "jo@acme.example", "givenname": "Jo",
            "surname": "Fake", "company": "ACME", "roles": ["ADMIN", "DEV"] })
    }

    #[test]
    fn claim_uris_are_known() {
        let raw = json!({ NAME_ID: "jo", EMAIL: "jo@acme.example", NAME: "Jo Fake", SURNAME: "Fake", UPN: "jo@acme",
            HOME_PHONE: "+351210000000", ROLE: "ADMIN", GROUP: ["a", "b"], "urn:x:shoe": "38" });
        let expected = json!({ "email": "jo@acme.example", "name": "Jo Fake", "given_name": "Jo Fake",
            "family_name": "Fake", "upn": "jo@acme", "phone_number": "+351210000000", "role": "ADMIN",
            "groups": ["a", "b"], "urn:x:shoe": "38" });
        check(json!({}), raw, ("jo", expected));
    }

    #[test]
    fn names_that_nobody_mapped_stay_as_they_are() {
        let mut expected = short_names();
        expected.as_object_mut().unwrap().remove(NAME_ID);
        check(json!({}), short_names(), ("123456", expected));
        let connection = connection("samlp", json!({}));
        let profile = normalize(&connection, raw(short_names())).unwrap();
        assert_eq!(profile.defaults, [("name", String::new()), ("nickname", String::new())]);
    }

    #[test]
    fn the_fields_map_names_them() {
        let map = json!({ "email": "emailaddress", "given_name": ["nothing", "givenname"], "family_name": "surname",
            "employer": "company", "user_id": "emailaddress" });
        let expected = json!({ "email": "jo@acme.example", "given_name": "Jo", "family_name": "Fake",
            "employer": "ACME", "roles": ["ADMIN", "DEV"], "issuer": "https://idp.acme.example/",
            "sessionIndex": "_s1", "nameIdAttributes": { "value": "123456", "Format": "urn:unspecified" },
            "authenticationmethod": "urn:classes:unspecified" });
        check(json!({ "fieldsMap": map }), short_names(), ("jo@acme.example", expected.clone()));
        // The connection's own option beats the map.
        let options = json!({ "fieldsMap": map, "user_id_attribute": NAME_ID });
        check(options, short_names(), ("123456", expected));
    }
}
