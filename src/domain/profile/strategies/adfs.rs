//! AD FS over WS-Federation: the token's claims under their URIs, one value as text and several as a list, and `issuer`
//! beside them. Source: spec/profile.md §6.9.

use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::claim_uris::EMAIL;
use crate::domain::profile::claim_uris::GIVEN_NAME;
use crate::domain::profile::claim_uris::GROUP;
use crate::domain::profile::claim_uris::NAME;
use crate::domain::profile::claim_uris::NAME_ID;
use crate::domain::profile::claim_uris::ROLE;
use crate::domain::profile::claim_uris::SURNAME;
use crate::domain::profile::claim_uris::UPN;
use crate::domain::profile::mapping::Mapping;
use crate::domain::profile::strategies::trust_email;

const CLAIMS: &[(&str, &str)] = &[
    (EMAIL, "email"),
    (NAME, "name"),
    (GIVEN_NAME, "given_name"),
    (SURNAME, "family_name"),
    (UPN, "upn"),
    (GROUP, "group"),
    (ROLE, "role"),
];

/// Claims of other URIs keep them as names. (Unverified.)
pub(super) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let own_id = connection.text_option("user_id_attribute").filter(|name| !name.is_empty());
    let ids: Vec<_> = own_id.into_iter().chain([NAME_ID, UPN, NAME]).collect();
    let mut profile = Mapping::of_first(raw, &ids)?;
    for (claim, to) in CLAIMS {
        profile.rename(claim, to);
    }
    trust_email(connection, &mut profile);
    Ok(profile.pass_through())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;
    use crate::domain::profile::strategies::testing::connection;

    fn claims() -> Value {
        json!({ UPN: "john@acme.example", EMAIL: "john@acme.example", NAME: "John Fake", GIVEN_NAME: "John",
            SURNAME: "Fake", GROUP: "Staff", ROLE: ["a", "b"], "issuer": "http://adfs.acme.example/adfs/services/trust",
            "http://schemas.example/shoe": "38" })
    }

    #[track_caller]
    fn check(options: Value, raw: Value, id: &str) -> Value {
        let connection = connection("adfs", options);
        let (found, attributes) = attributes(|raw| normalize(&connection, raw), raw);
        assert_eq!(found, json!(id));
        attributes
    }

    #[test]
    fn claims_become_attributes() {
        let expected = json!({ "upn": "john@acme.example", "email": "john@acme.example", "email_verified": false,
            "name": "John Fake", "given_name": "John", "family_name": "Fake", "group": "Staff", "role": ["a", "b"],
            "issuer": "http://adfs.acme.example/adfs/services/trust", "http://schemas.example/shoe": "38" });
        assert_eq!(check(json!({}), claims(), "john@acme.example"), expected);
    }

    #[test]
    fn the_id_is_the_first_claim_that_names_the_person() {
        let mut raw = claims();
        raw[NAME_ID] = json!("S-1-5-21");
        check(json!({}), raw.clone(), "S-1-5-21");
        check(json!({ "user_id_attribute": EMAIL }), raw, "john@acme.example");
        check(json!({}), json!({ NAME: "John" }), "John");
    }

    #[test]
    fn addresses_are_verified_where_the_connection_trusts_them() {
        let trusting = json!({ "should_trust_email_verified_connection": "always_set_emails_as_verified" });
        assert_eq!(check(trusting, claims(), "john@acme.example")["email_verified"], true);
    }
}
