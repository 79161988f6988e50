//! Active Directory and LDAP, as the connector's default profile mapper words an entry: `{"id", "displayName", "name":
//! {"familyName", "givenName"}, "nickname", "groups", "emails": [{"value"}], "dn", …}`. What the mapper doesn't pass on
//! never arrives here. Source: spec/profile.md §6.8.

use serde_json::Value;

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Names change, the addresses become a list of text and the first of them the e-mail; all else the mapper passed on
/// stays (`organizationUnits` is the whole DN, as the connector has it).
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "id")?;
    profile.rename("displayName", "name");
    profile.copy("/name/familyName", "family_name", "is taken out of the name");
    profile.copy("/name/givenName", "given_name", "is taken out of the name");
    if profile.said("name").is_some_and(Value::is_object) {
        profile.drop("name", "its parts have become attributes");
    }
    profile.copy("/emails/0/value", "email", "is the first address");
    profile.convert("emails", "emails", "is made a list of text", addresses);
    Ok(profile.pass_through())
}

fn addresses(emails: &Value) -> Value {
    let Some(emails) = emails.as_array() else { return emails.clone() };
    emails.iter().map(|email| email.get("value").unwrap_or(email).clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;

    const DN: &str = "CN=John Doe,OU=People,DC=acme,DC=example";

    #[test]
    fn the_mappers_words_become_the_tenants() {
        let (id, found) = attributes(
            normalize,
            json!({ "id": "00112233-4455-6677-8899-aabbccddeeff", "displayName": "John Doe", "nickname": "jdoe",
                "name": { "familyName": "Doe", "givenName": "John" }, "emails": [{ "value": "jdoe@acme.example" }],
                "groups": ["Staff", "Domain Users"], "dn": DN, "organizationUnits": DN, "sAMAccountName": "jdoe",
                "department": "R&D", "description": "" }),
        );
        assert_eq!(id, json!("00112233-4455-6677-8899-aabbccddeeff"));
        let expected = json!({ "name": "John Doe", "nickname": "jdoe", "family_name": "Doe", "given_name": "John",
            "email": "jdoe@acme.example", "emails": ["jdoe@acme.example"], "groups": ["Staff", "Domain Users"],
            "dn": DN, "organizationUnits": DN, "sAMAccountName": "jdoe", "department": "R&D", "description": "" });
        assert_eq!(found, expected);
    }

    #[test]
    fn an_entry_may_have_little() {
        let (_, found) = attributes(normalize, json!({ "id": "svc", "name": {}, "emails": [] }));
        assert_eq!(found, json!({ "emails": [] }));
    }
}
