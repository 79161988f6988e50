//! Microsoft's personal accounts: `GET /v1.0/me` of Microsoft Graph, or `GET /v5.0/me` of the older Live service (known
//! by its `first_name` and the object `emails`). Source: spec/profile.md §6.4.

use serde_json::Value;

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// The addresses of a Live account, the one to use first.
const LIVE_ADDRESSES: &[&str] = &["preferred", "account", "personal", "business", "other"];

/// Names change; an address counts as verified, and is the nickname in full, as the documents' sample shows it.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "id")?;
    profile.rename_first(&["displayName", "name"], "name");
    profile.rename_first(&["givenName", "first_name"], "given_name");
    profile.rename_first(&["surname", "last_name"], "family_name");
    profile.rename_first(&["preferredLanguage", "locale"], "locale");
    if !profile.rename_first(&["mail", "userPrincipalName", "email"], "email") {
        for kind in LIVE_ADDRESSES {
            if profile.mapped("email").is_none() {
                profile.copy(&format!("/emails/{kind}"), "email", "is the address to use");
            }
        }
    }
    if profile.said("emails").is_some_and(Value::is_object) {
        profile.convert("emails", "emails", "is made a list", addresses);
    }
    if let Some(email) = profile.mapped("email").cloned() {
        profile.set("email_verified", true, "Microsoft gives out its own accounts' addresses");
        if !profile.has("nickname") {
            profile.set("nickname", email, "is the whole address, as the documents' sample shows");
        }
    }
    profile.drop("@odata.context", "it speaks of the answer, not of the person");
    Ok(profile.pass_through())
}

fn addresses(emails: &Value) -> Value {
    LIVE_ADDRESSES.iter().filter_map(|kind| emails.get(kind)).filter(|email| email.is_string()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;

    #[test]
    fn graph_names_become_the_tenants() {
        let (id, found) = attributes(
            normalize,
            json!({ "@odata.context": "https://graph.example/$metadata", "id": "0123456789abcdef", "displayName": "Bob Doe",
                "givenName": "Bob", "surname": "Doe", "mail": null, "userPrincipalName": "doebob@mail.example",
                "preferredLanguage": "en-US", "jobTitle": null, "businessPhones": [] }),
        );
        assert_eq!(id, json!("0123456789abcdef"));
        let expected = json!({ "name": "Bob Doe", "given_name": "Bob", "family_name": "Doe", "locale": "en-US",
            "email": "doebob@mail.example", "email_verified": true, "nickname": "doebob@mail.example",
            "jobTitle": null, "businessPhones": [] });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_mail_beats_the_principal_name_which_is_gone() {
        let raw = json!({ "id": "1", "mail": "bob@work.example", "userPrincipalName": "bob@mail.example" });
        let (_, found) = attributes(normalize, raw);
        let email = "bob@work.example";
        assert_eq!(found, json!({ "email": email, "email_verified": true, "nickname": email }));
    }

    #[test]
    fn live_lists_its_addresses() {
        let (_, found) = attributes(
            normalize,
            json!({ "id": "1", "name": "Bob Doe", "first_name": "Bob", "last_name": "Doe", "locale": "en_US",
                "emails": { "preferred": "b@mail.example", "account": "b@mail.example", "personal": null } }),
        );
        let expected = json!({ "name": "Bob Doe", "given_name": "Bob", "family_name": "Doe", "locale": "en_US",
            "email": "b@mail.example", "email_verified": true, "nickname": "b@mail.example",
            "emails": ["b@mail.example", "b@mail.example"] });
        assert_eq!(found, expected);
        assert_eq!(attributes(normalize, json!({ "id": "1", "name": "Bob" })).1, json!({ "name": "Bob" }));
    }
}
