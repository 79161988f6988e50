use serde_json::Value;
use serde_json::json;

use super::*;
use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::profile::database::NewUser;
use crate::domain::user::IdentityId;

const LATER: i64 = 100;

fn now() -> Timestamp {
    Timestamp::from_seconds(LATER)
}

fn in_database(id: &str, email: &str, attributes: Value) -> User {
    let connection = json!({ "id": "con_1", "name": "db", "strategy": "auth0" });
    let connection: Connection = serde_json::from_value(connection).unwrap();
    let new = NewUser {
        email: Some(email.to_owned()),
        password: Some(Password::Plain(id.into())),
        user_metadata: json!({ "of": id }).as_object().cloned(),
        attributes: attributes.as_object().cloned().unwrap(),
        ..NewUser::default()
    };
    new.into_user(&connection, id, Timestamp::from_seconds(1))
}

fn at_google(id: &str, attributes: Value) -> User {
    let identity = Identity {
        access_token: Some("ya29".to_owned()),
        ..Identity::new(Strategy::GOOGLE_OAUTH2, "google-oauth2", IdentityId::Text(id.to_owned()))
    };
    let attributes = attributes.as_object().cloned().unwrap();
    User { logins_count: Some(7), attributes: attributes.into(), ..User::new(identity, Timestamp::from_seconds(2)) }
}

fn ids(user: &User) -> Vec<String> {
    user.identities.iter().map(|identity| identity.as_user_id().to_string()).collect()
}

fn data(user: &User, place: usize) -> Value {
    Value::from(user.identities[place].profile_data.as_ref().unwrap().parse())
}

#[test]
fn nothing_of_the_secondary_is_seen_at_the_root() {
    let primary = in_database("1", "ana@b.example", json!({}));
    let before = primary.profile();
    let linked = link(primary, at_google("2", json!({ "given_name": "Ana", "hd": "b.example" })), now()).unwrap();
    let mut after = linked.profile();
    assert_eq!(ids(&linked), ["auth0|1", "google-oauth2|2"]);
    assert_eq!(data(&linked, 1), json!({ "given_name": "Ana", "hd": "b.example" }));
    assert_eq!(linked.identities[1].access_token.as_deref(), Some("ya29"));
    assert_eq!(after["identities"][0].get("profileData"), None);
    for changed in ["identities", "updated_at"] {
        after[changed] = before[changed].clone();
    }
    assert_eq!(after, before);
    assert_eq!(linked.updated_at, now());
}

#[test]
fn a_database_profile_is_what_somebody_gave() {
    let given = json!({ "nickname": "ani", "picture": "https://img.example/a.png", "family_name": "Ruiz" });
    let user = in_database("1", "ana@b.example", given);
    assert_eq!(user.profile()["name"], "ana@b.example");
    let expected = json!({
        "email": "ana@b.example", "email_verified": false, "nickname": "ani", "family_name": "Ruiz",
        "picture": "https://img.example/a.png"
    });
    assert_eq!(Value::from(profile_data(&user).parse()), expected);

    // A name that somebody gave counts, though it is the one that would be made up.
    let user = in_database("1", "ana@b.example", json!({ "name": "ana@b.example" }));
    let expected = json!({ "email": "ana@b.example", "email_verified": false, "name": "ana@b.example" });
    assert_eq!(Value::from(profile_data(&user).parse()), expected);
}

#[test]
fn all_identities_move_in_their_order_with_their_passwords() {
    let (one, two) = (in_database("1", "a@b.example", json!({})), in_database("2", "b@b.example", json!({})));
    let three = in_database("3", "c@b.example", json!({}));
    let linked = link(one, link(two, three, now()).unwrap(), now()).unwrap();
    assert_eq!(ids(&linked), ["auth0|1", "auth0|2", "auth0|3"]);
    for id in ["1", "2", "3"] {
        let password = linked.password_of(&UserId::new("auth0", id)).unwrap();
        assert!(password.check(id) && !password.check("x"), "{id}");
    }
    assert_eq!(
        (data(&linked, 1)["email"].clone(), data(&linked, 2)["email"].clone()),
        (json!("b@b.example"), json!("c@b.example"))
    );
}

#[test]
fn nobody_is_linked_to_themselves() {
    let user = in_database("1", "a@b.example", json!({}));
    assert_eq!(link(user.clone(), user, now()).unwrap_err(), LinkError::SameUser);
}

#[test]
fn an_unlinked_identity_is_a_user_as_before_but_for_metadata_and_history() {
    let secondary = in_database("2", "b@b.example", json!({ "given_name": "Bo" }));
    let before = secondary.profile();
    let primary = in_database("1", "a@b.example", json!({}));
    let linked = link(primary.clone(), secondary, now()).unwrap();
    let (primary_again, parted) = unlink(linked, Strategy::AUTH0, "2", now()).unwrap();
    assert_eq!(ids(&primary_again), ids(&primary));
    let mut expected = before;
    expected.remove("user_metadata");
    for moment in ["created_at", "updated_at"] {
        expected[moment] = now().to_string().into();
    }
    assert_eq!(Value::from(parted.profile()), Value::from(expected));
    assert!(parted.password.unwrap().check("2") && primary_again.password.unwrap().check("1"));
}

#[test]
fn tokens_stay_with_the_identity_and_counts_do_not_come_back() {
    let linked = link(in_database("1", "a@b.example", json!({})), at_google("2", json!({ "name": "Bo" })), now());
    let (_, parted) = unlink(linked.unwrap(), Strategy::GOOGLE_OAUTH2, "2", now()).unwrap();
    let identity = parted.primary().unwrap();
    assert_eq!((identity.access_token.as_deref(), &identity.profile_data), (Some("ya29"), &None));
    assert_eq!((parted.logins_count, parted.last_login, parted.created_at), (None, None, now()));
    assert_eq!(parted.profile()["name"], "Bo");
}

#[test]
fn only_a_linked_identity_can_be_taken_away() {
    let linked = link(in_database("1", "a@b.example", json!({})), at_google("2", json!({})), now()).unwrap();
    let refused = |provider, id| unlink(linked.clone(), provider, id, now()).unwrap_err();
    assert_eq!(refused(Strategy::AUTH0, "1"), LinkError::PrimaryIdentity);
    assert_eq!(refused(Strategy::AUTH0, "2"), LinkError::NotLinked);
    assert_eq!(refused(Strategy::GOOGLE_OAUTH2, "3"), LinkError::NotLinked);
}

#[test]
fn a_profile_that_a_file_gave_cannot_pass_for_the_tenants_own() {
    let mut linked = link(in_database("1", "a@b.example", json!({})), at_google("2", json!({})), now()).unwrap();
    let forged = json!({ "user_id": "auth0|1", "app_metadata": { "admin": true }, "email": "x@b.example", "email_verified": "true" });
    linked.identities[1].profile_data = forged.as_object().map(Document::from);
    let (_, parted) = unlink(linked, Strategy::GOOGLE_OAUTH2, "2", now()).unwrap();
    let profile = parted.profile();
    assert_eq!((&profile["user_id"], &profile["email"]), (&json!("google-oauth2|2"), &json!("x@b.example")));
    assert_eq!((&profile["email_verified"], profile.get("app_metadata")), (&json!(true), None));
}
