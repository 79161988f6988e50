//! The stored profile, login after login.

use serde_json::Value;
use serde_json::json;

use super::*;
use crate::domain::profile::Metadata;
use crate::domain::profile::trace::Fate;
use crate::domain::profile::trace::TraceLine;

fn connection(options: Value) -> Connection {
    let connection = json!({ "id": "con_1", "name": "google-oauth2", "strategy": "google-oauth2", "options": options });
    serde_json::from_value(connection).unwrap()
}

fn login(connection: &Connection, seconds: i64) -> Login<'_> {
    Login { connection, tokens: ProviderTokens::default(), ip: "127.0.0.1", now: Timestamp::from_seconds(seconds) }
}

fn profile(attributes: Value) -> NormalizedProfile {
    let attributes = attributes.as_object().cloned().unwrap();
    let raw = crate::domain::profile::RawProfile(attributes);
    crate::domain::profile::mapping::Mapping::known_by(raw, IdentityId::Text("1".into())).pass_through()
}

fn twice(options: Value, first: Value, second: Value) -> SignedIn {
    let connection = connection(options);
    let signed_in = refresh(None, profile(first), &login(&connection, 1)).unwrap();
    refresh(Some(signed_in.user), profile(second), &login(&connection, 2)).unwrap()
}

fn attribute(signed_in: &SignedIn, name: &str) -> Option<Value> {
    attribute_of(&signed_in.user, name)
}

fn attribute_of(user: &User, name: &str) -> Option<Value> {
    user.profile().get(name).cloned()
}

#[test]
fn each_login_is_counted() {
    let signed_in = twice(json!({}), json!({}), json!({}));
    assert_eq!(attribute(&signed_in, "logins_count"), Some(json!(2)));
    assert_eq!(attribute(&signed_in, "last_login"), attribute(&signed_in, "updated_at"));
    assert_eq!(signed_in.user.user_id.as_str(), "google-oauth2|1");
    assert_eq!(signed_in.user.created_at, Timestamp::from_seconds(1));
}

#[test]
fn the_five_follow_the_upstream_as_the_connection_says() {
    for (sync, expected) in [("on_each_login", "New"), ("on_first_login", "Old")] {
        let signed_in = twice(
            json!({ "set_user_root_attributes": sync }),
            json!({ "name": "Old", "hd": "old" }),
            json!({ "name": "New", "hd": "new" }),
        );
        assert_eq!(attribute(&signed_in, "name"), Some(json!(expected)), "{sync}");
        assert_eq!(attribute(&signed_in, "hd"), Some(json!("new")), "{sync}");
    }
    let never = connection(json!({ "set_user_root_attributes": "never_on_login" }));
    assert_eq!(refresh(None, profile(json!({})), &login(&never, 1)).unwrap_err(), RefreshError::NoSuchUser);
}

#[test]
fn what_vanishes_upstream_vanishes_here_but_for_the_five() {
    let signed_in = twice(json!({}), json!({ "name": "A", "hd": "x", "locale": "en" }), json!({ "locale": "en" }));
    assert_eq!(attribute(&signed_in, "name"), Some(json!("A")));
    assert_eq!(attribute(&signed_in, "hd"), None);
}

#[test]
fn an_address_is_verified_only_where_the_upstream_says_so() {
    let unsaid = twice(json!({}), json!({}), json!({ "email": "Ada@people.example" }));
    assert_eq!(attribute(&unsaid, "email"), Some(json!("Ada@people.example")));
    assert_eq!(attribute(&unsaid, "email_verified"), Some(json!(false)));
    assert_eq!(attribute(&twice(json!({}), json!({}), json!({})), "email_verified"), None);
}

#[test]
fn denied_attributes_are_seen_by_this_login_alone() {
    let options = json!({ "non_persistent_attrs": ["hd"] });
    let signed_in = twice(options, json!({ "hd": "x" }), json!({ "hd": "x" }));
    assert_eq!(attribute(&signed_in, "hd"), None);
    assert_eq!(signed_in.transient["hd"], "x");
}

#[test]
fn the_trace_tells_what_was_denied_kept_withheld_and_removed() {
    let fates = |signed_in: &SignedIn| -> Vec<(String, Fate)> {
        let lines = &signed_in.trace.as_ref().unwrap().lines.0;
        let name = |line: &TraceLine| line.to.clone().or(line.from.clone()).unwrap();
        lines.iter().map(|line| (name(line), line.fate)).collect()
    };
    let first = || json!({ "name": "Ada", "hd": "x", "given_name": "A", "locale": "en" });
    let user = twice(json!({}), first(), first()).user;
    let connection = connection(json!({ "non_persistent_attrs": ["hd", "given_name"] }));
    let signed_in =
        refresh(Some(user), profile(json!({ "hd": "y", "given_name": "B" })), &login(&connection, 3)).unwrap();
    let fates = fates(&signed_in);
    for expected in [
        ("hd", Fate::Transient),
        ("hd", Fate::Removed),
        ("given_name", Fate::Transient),
        ("given_name", Fate::Removed),
        ("name", Fate::Kept),
        ("locale", Fate::Removed),
        ("picture", Fate::Generated),
    ] {
        assert!(fates.contains(&(expected.0.to_owned(), expected.1)), "{expected:?} in {fates:?}");
    }
    assert_eq!(fates.len(), 7, "{fates:?}");
}

#[test]
fn metadata_of_a_script_is_merged_into_what_there_is() {
    let connection = connection(json!({}));
    let metadata = |value: Value| NormalizedProfile {
        metadata: Metadata { app: value.as_object().cloned().unwrap(), ..Metadata::default() },
        ..profile(json!({}))
    };
    let user = refresh(None, metadata(json!({ "plan": "x", "seat": 1 })), &login(&connection, 1)).unwrap().user;
    let user = refresh(Some(user), metadata(json!({ "plan": "y" })), &login(&connection, 2)).unwrap().user;
    assert_eq!(attribute_of(&user, "app_metadata"), Some(json!({ "plan": "y", "seat": 1 })));
    let user = refresh(Some(user), metadata(json!({ "a.b": 1 })), &login(&connection, 3)).unwrap().user;
    assert_eq!(attribute_of(&user, "app_metadata"), Some(json!({ "plan": "y", "seat": 1 })));
}

#[test]
fn only_the_first_login_says_whether_an_address_is_trusted_where_only_it_writes() {
    let options = |sync: &str, trust: &str| json!({ "set_user_root_attributes": sync, "should_trust_email_verified_connection": trust });
    let unverified = || json!({ "email": "a@b.example", "email_verified": false });
    for (sync, expected) in [("on_each_login", false), ("on_first_login", true)] {
        let connection = connection(options(sync, "never_set_emails_as_verified"));
        let mut user = refresh(None, profile(unverified()), &login(&connection, 1)).unwrap().user;
        user.email_verified = Some(true);
        let user = refresh(Some(user), profile(unverified()), &login(&connection, 2)).unwrap().user;
        assert_eq!(user.email_verified, Some(expected), "{sync}");
    }
}

#[test]
fn a_denied_name_is_in_no_token_and_not_made_up_either() {
    let options = json!({ "non_persistent_attrs": ["name", "nickname"] });
    let profile = || json!({ "name": "Ada", "nickname": "a", "email": "ada@people.example" });
    let signed_in = twice(options.clone(), profile(), profile());
    assert_eq!((attribute(&signed_in, "name"), attribute(&signed_in, "nickname")), (None, None));
    assert!(signed_in.transient.is_empty());

    // What was kept before it was denied goes at the next login.
    let user = twice(json!({}), profile(), profile()).user;
    let signed_in = refresh(Some(user), self::profile(profile()), &login(&connection(options), 3)).unwrap();
    assert_eq!(attribute(&signed_in, "name"), None);
}

#[test]
fn what_nobody_sent_is_made_up_anew() {
    let moved = twice(json!({}), json!({ "email": "ada@people.example" }), json!({ "email": "eva@people.example" }));
    assert_eq!(attribute(&moved, "name"), Some(json!("eva@people.example")));
    assert_eq!(attribute(&moved, "nickname"), Some(json!("eva")));
    let named = json!({ "email": "ada@people.example", "nickname": "lady" });
    let moved = twice(json!({}), named, json!({ "email": "eva@people.example" }));
    assert_eq!(attribute(&moved, "nickname"), Some(json!("lady")));
}

#[test]
fn null_is_kept_where_it_says_something() {
    let signed_in = twice(json!({}), json!({}), json!({ "blog": null, "given_name": null, "email": null }));
    assert_eq!(attribute(&signed_in, "blog"), Some(Value::Null));
    assert_eq!((attribute(&signed_in, "given_name"), attribute(&signed_in, "email")), (None, None));
}

#[test]
fn a_refresh_token_that_is_not_sent_again_is_kept() {
    let connection = connection(json!({}));
    let tokens = |access: &str, refresh: Option<&str>| ProviderTokens {
        access_token: Some(access.into()),
        refresh_token: refresh.map(str::to_owned),
        expires_in: Some(3599),
    };
    let first = Login { tokens: tokens("a", Some("r")), ..login(&connection, 1) };
    let user = refresh(None, profile(json!({})), &first).unwrap().user;
    let second = Login { tokens: tokens("b", None), ..login(&connection, 2) };
    let user = refresh(Some(user), profile(json!({})), &second).unwrap().user;
    let identity = user.primary().unwrap();
    assert_eq!((identity.access_token.as_deref(), identity.refresh_token.as_deref()), (Some("b"), Some("r")));
}

#[test]
fn a_linked_identity_never_touches_the_root() {
    let connection = connection(json!({}));
    let primary = Identity::new(crate::domain::strategy::Strategy::AUTH0, "db", IdentityId::Text("p".into()));
    let linked = Identity::new(connection.strategy, &connection.name, IdentityId::Text("1".into()));
    let mut user = User::new(primary, Timestamp::from_seconds(0));
    user.identities.push(linked);
    let signed_in = refresh(Some(user), profile(json!({ "given_name": "Ada" })), &login(&connection, 1)).unwrap();
    assert_eq!(attribute(&signed_in, "given_name"), None);
    let data = signed_in.user.identities[1].profile_data.clone().unwrap();
    assert_eq!(data.parse()["given_name"], "Ada");
    assert_eq!(signed_in.user.user_id.as_str(), "auth0|p");
    assert_eq!(signed_in.user.logins_count, Some(1));
}
