//! LinkedIn in its three ages, told apart by what the raw profile holds: `GET /v1/people/~` (`formattedName`), `GET
//! /v2/me` (`localizedFirstName`) with `emailAddress` beside it, and the userinfo of OpenID Connect (`sub`).
//! Source: spec/profile.md §6.3. Names of the first two are unverified in recordings.

use serde_json::Value;

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// Names change; an address counts as verified where LinkedIn doesn't say; all else passes through (headline,
/// positions, educations, …).
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of_first(raw, &["sub", "id"])?;
    profile.rename_first(&["given_name", "localizedFirstName"], "given_name");
    profile.rename_first(&["family_name", "localizedLastName"], "family_name");
    for (from, to) in [("firstName", "given_name"), ("lastName", "family_name")] {
        if profile.mapped(to).is_some() {
            profile.drop(from, &format!("the {to} is known in one language"));
        } else {
            profile.convert(from, to, "is renamed, in the language that the person prefers", preferred);
        }
    }
    if !profile.rename_first(&["name", "formattedName"], "name") {
        let names = [profile.mapped("given_name"), profile.mapped("family_name")];
        let full = names.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        if !full.is_empty() {
            profile.set("name", full, "is made of given and family name, as this version sends no other");
        }
    }
    if !profile.rename_first(&["picture", "pictureUrl"], "picture") {
        profile.convert("profilePicture", "picture", "gives the largest of its pictures", largest_picture);
    }
    if profile.has("emailAddress") {
        profile.convert("emailAddress", "email", "is renamed", address);
        profile.set("email_verified", true, "LinkedIn gives out confirmed addresses only");
    }
    Ok(profile.pass_through())
}

/// A name of version 2: `{"localized": {"en_US": "Lin"}, "preferredLocale": {"language": "en", "country": "US"}}`.
fn preferred(name: &Value) -> Value {
    let part =
        |part: &str| name.pointer(&format!("/preferredLocale/{part}")).and_then(Value::as_str).unwrap_or_default();
    let locale = format!("{}_{}", part("language"), part("country"));
    let Some(localized) = name.get("localized").and_then(Value::as_object) else { return name.clone() };
    localized.get(&locale).or_else(|| localized.values().next()).cloned().unwrap_or_default()
}

/// The address of version 2's `displayImage~`, whose elements stand in the order of their size.
fn largest_picture(pictures: &Value) -> Value {
    let elements = pictures.pointer("/displayImage~/elements").and_then(Value::as_array);
    let largest = elements.and_then(|elements| elements.last());
    largest.and_then(|largest| largest.pointer("/identifiers/0/identifier")).cloned().unwrap_or_default()
}

/// The address as text, or as `GET /v2/emailAddress` wraps it.
fn address(email: &Value) -> Value {
    email.pointer("/elements/0/handle~/emailAddress").unwrap_or(email).clone()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;

    #[test]
    fn openid_connect_has_the_tenants_names() {
        let raw = json!({ "sub": "a1B2c3", "name": "Lin Fake", "given_name": "Lin", "family_name": "Fake",
            "locale": { "country": "US", "language": "en" }, "email": "lin@people.example", "email_verified": false,
            "picture": "https://media.example/lin" });
        let (id, found) = attributes(normalize, raw.clone());
        assert_eq!(id, json!("a1B2c3"));
        let mut expected = raw.as_object().cloned().unwrap();
        expected.remove("sub");
        assert_eq!(found, Value::from(expected));
    }

    #[test]
    fn version_2_is_wrapped() {
        let picture = |name: &str| json!({ "identifiers": [{ "identifier": name }] });
        let (id, found) = attributes(
            normalize,
            json!({ "id": "yr", "localizedFirstName": "Lin", "localizedLastName": "Fake",
                "firstName": { "localized": { "en_US": "Lin" } },
                "profilePicture": { "displayImage~": { "elements": [picture("small"), picture("large")] } },
                "emailAddress": { "elements": [{ "handle~": { "emailAddress": "lin@people.example" } }] } }),
        );
        assert_eq!(id, json!("yr"));
        let expected = json!({ "given_name": "Lin", "family_name": "Fake", "name": "Lin Fake", "picture": "large",
            "email": "lin@people.example", "email_verified": true });
        assert_eq!(found, expected);
        let spanish = json!({ "localized": { "en_US": "Lin", "es_ES": "Lina" },
            "preferredLocale": { "language": "es", "country": "ES" } });
        let (_, found) = attributes(normalize, json!({ "id": "yr", "firstName": spanish }));
        assert_eq!(found, json!({ "given_name": "Lina", "name": "Lina" }));
    }

    #[test]
    fn version_1_tells_of_employers_and_degrees() {
        let positions = json!({ "values": [{ "company": { "name": "Acme" }, "title": "Smith", "isCurrent": true }] });
        let (_, found) = attributes(
            normalize,
            json!({ "id": "x", "firstName": "Lin", "lastName": "Fake", "formattedName": "Lin Fake",
                "emailAddress": "lin@people.example", "pictureUrl": "p", "headline": "Smith", "positions": positions }),
        );
        let expected = json!({ "given_name": "Lin", "family_name": "Fake", "name": "Lin Fake", "picture": "p",
            "email": "lin@people.example", "email_verified": true, "headline": "Smith", "positions": positions });
        assert_eq!(found, expected);
    }
}
