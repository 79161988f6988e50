//! GitHub: `GET /user`, with the list of `GET /user/emails` beside it as `emails` where it may be read.
//! Source: spec/profile.md §6.6.

use serde_json::Value;

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;

/// The login is the nickname, and the name of who gives none; the primary address is the e-mail. All else passes
/// through, nulls too.
pub(super) fn normalize(raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let mut profile = Mapping::of(raw, "id")?;
    profile.rename("login", "nickname");
    if profile.text("name").is_none() {
        profile.drop("name", "it is empty");
        if let Some(login) = profile.text("login").map(str::to_owned) {
            profile.set("name", login, "is the login, as the person gives no name");
        }
    }
    profile.rename("avatar_url", "picture");
    if let Some(position) = profile.said("emails").and_then(primary) {
        profile.copy(&format!("/emails/{position}/email"), "email", "is the primary address");
        profile.copy(&format!("/emails/{position}/verified"), "email_verified", "is what GitHub says of it");
        profile.drop("email", "it is the public address alone, \"emails\" has the primary one");
    }
    Ok(profile.pass_through())
}

/// Where in the list the primary address is.
fn primary(emails: &Value) -> Option<usize> {
    emails.as_array()?.iter().position(|entry| entry.get("primary") == Some(&Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::strategies::testing::attributes;

    #[test]
    fn the_id_is_a_number_and_the_primary_address_the_email() {
        let emails = json!([
            { "email": "old@people.example", "primary": false, "verified": true, "visibility": null },
            { "email": "octo@people.example", "primary": true, "verified": true, "visibility": "private" }
        ]);
        let (id, found) = attributes(
            normalize,
            json!({ "id": 583_231, "login": "octo", "name": "Octo Fake", "avatar_url": "a", "email": null, "blog": null,
                "created_at": "2011-01-25T18:44:36Z", "updated_at": "2031-01-25T18:44:36Z", "emails": emails }),
        );
        assert_eq!(id, json!(583_231));
        let expected = json!({ "nickname": "octo", "name": "Octo Fake", "picture": "a", "email": "octo@people.example",
            "email_verified": true, "blog": null, "emails": emails });
        assert_eq!(found, expected);
    }

    #[test]
    fn who_gives_no_name_goes_by_the_login() {
        let (_, found) =
            attributes(normalize, json!({ "id": 1, "login": "octo", "name": null, "email": "o@p.example" }));
        assert_eq!(found, json!({ "nickname": "octo", "name": "octo", "email": "o@p.example" }));
    }
}
