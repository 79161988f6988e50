//! What an assertion says of a person, as flat attributes. Source: spec/profile.md §6.10.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::connections::assertion::flat;
use crate::domain::profile::RawProfile;
use crate::domain::profile::claim_uris::NAME_ID;
use crate::protocols::saml::assertion::Assertion;

/// Its attributes; what the assertion says of itself is beside them, and is never overwritten by an attribute of that
/// name.
pub(super) fn raw(assertion: Assertion) -> RawProfile {
    let about = about(&assertion);
    let mut profile = flat(assertion.attributes);
    profile.extend(about);
    RawProfile(profile)
}

/// `issuer`, `nameIdAttributes`, `sessionIndex`, `authenticationmethod`, and the name identifier under its claim URI.
fn about(assertion: &Assertion) -> Map<String, Value> {
    let mut about = Map::new();
    about.insert("issuer".to_owned(), assertion.issuer.as_str().into());
    if let Some(name_id) = assertion.name_id() {
        let mut attributes = json!({ "value": name_id.value });
        let said = [
            ("Format", &name_id.format),
            ("NameQualifier", &name_id.name_qualifier),
            ("SPNameQualifier", &name_id.sp_name_qualifier),
        ];
        if let Value::Object(attributes) = &mut attributes {
            attributes.extend(said.into_iter().filter_map(|(name, value)| {
                let value = value.as_deref()?;
                Some((name.to_owned(), value.into()))
            }));
        }
        about.insert(NAME_ID.to_owned(), name_id.value.as_str().into());
        about.insert("nameIdAttributes".to_owned(), attributes);
    }
    if let Some(index) = assertion.session_index() {
        about.insert("sessionIndex".to_owned(), index.into());
    }
    let class = assertion.authn_statements.iter().find_map(|statement| statement.class_ref.as_deref());
    if let Some(class) = class {
        about.insert("authenticationmethod".to_owned(), class.into());
    }
    about
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::saml::attribute::Attribute;
    use crate::protocols::saml::testing;

    #[test]
    fn values_become_texts_and_lists() {
        let mut assertion = testing::assertion();
        let mut again = assertion.attributes[1].clone();
        again.values.truncate(1);
        let forged = Attribute { name: "issuer".to_owned(), ..again.clone() };
        assertion.attributes.extend([again, forged]);
        let expected = json!({
            "name": "Zo\u{eb} & <co>\r\n", "groups": ["admins", "staff", "admins"], "active": "true",
            "issuer": testing::IDP, NAME_ID: "ana@corp.example", "sessionIndex": "_session",
            "nameIdAttributes": {
                "value": "ana@corp.example", "Format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            },
            "authenticationmethod": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
        });
        assert_eq!(Value::Object(raw(assertion).0), expected);
    }
}
