//! Queries over one user, as a table, and over a few.

use serde_json::Value;
use serde_json::json;

use crate::domain::document::Document;
use crate::domain::strategy::Strategy;
use crate::domain::user::Identity;
use crate::domain::user::IdentityId;
use crate::domain::user::User;
use crate::store::search::sort::Sort;
use crate::store::search::sort::SortError;
use crate::store::search::users::UserFilter;
use crate::store::users::Users;
use crate::time::Timestamp;

fn document(tree: &Value) -> Option<Document> {
    tree.as_object().map(Document::from)
}

/// Jane, who signs in with a password and with GitHub.
fn jane() -> User {
    let linked = Strategy::of("github").map(|github| Identity {
        profile_data: document(&json!({ "email": "Jane.Work@people.example", "login": "jane" })),
        ..Identity::new(github, "github", IdentityId::Number(4711))
    });
    let identity = Identity::new(Strategy::AUTH0, "db", IdentityId::Text("1".into()));
    let mut user = User {
        email: Some("Jane@people.example".into()),
        email_verified: Some(true),
        logins_count: Some(12),
        last_login: Timestamp::parse("2025-12-31T23:30:00.000Z"),
        user_metadata: document(&json!({ "color": "red", "shoe": 38, "news": false, "cities": [{ "name": "Paris" }] })),
        app_metadata: document(&json!({ "plan": "full", "seats": 3, "none": [], "site url": "x:y" })),
        attributes: document(&json!({ "name": "Jane Smith", "nickname": "jane", "department": "R&D" })).unwrap(),
        ..User::new(identity, Timestamp::parse("2025-01-15T10:00:00Z").unwrap())
    };
    user.identities.extend(linked);
    user
}

#[track_caller]
fn finds(query: &str, expected: bool) {
    assert_eq!(UserFilter::parse(query).unwrap().fits(&jane()), expected, "{query}");
}

#[test]
fn values_are_compared_whole_and_some_whatever_their_case() {
    finds("email:\"jane@PEOPLE.example\"", true);
    finds("email:jane@people.example", true);
    finds("email:jane", false);
    finds("email.domain:\"people.example\"", true);
    finds("name:\"jane smith\"", true);
    finds("name:jane", false);
    finds("nickname:JANE", true);
    finds("user_id:\"auth0|1\"", true);
    finds("user_id:auth0|1", true);
    finds("user_id:\"AUTH0|1\"", false);
    finds("email_verified: true", true);
    finds("logins_count:12", true);
    finds("blocked:false", false);
    finds("identities.connection:github", true);
    finds("identities.provider:\"github\"", true);
    finds("identities.user_id:4711", true);
    finds("identities.isSocial:true", true);
    finds("identities.profileData.email:\"jane.work@people.example\"", true);
    finds("identities.profileData.login:JANE", false);
}

#[test]
fn metadata_is_searched_by_path_and_type() {
    finds("user_metadata.color:red", true);
    finds("user_metadata.color:Red", false);
    finds("user_metadata.shoe:38", true);
    finds("user_metadata.shoe:\"38\"", true);
    finds("user_metadata.news:false", true);
    finds("user_metadata.cities.name:\"Paris\"", true);
    finds("app_metadata.site\\ url:x\\:y", true);
    finds("app_metadata.plan:fu*", true);
    finds("app_metadata.seats:[1 TO 3]", true);
    finds("_exists_:app_metadata.plan", true);
    finds("_exists_:app_metadata.none", false);
    finds("_exists_:user_metadata", true);
    finds("_exists_:user_metadata.size", false);
}

#[test]
fn what_the_provider_passed_through_is_not_searchable() {
    finds("department:\"R&D\"", false);
    finds("picture:*", false);
}

#[test]
fn words_without_a_field_look_at_the_profile_alone() {
    finds("jane@people.example", true);
    finds("\"jane smith\"", true);
    finds("red", false);
    finds("jan*", true);
    finds("*", true);
    finds("*:*", true);
    finds("", true);
}

#[test]
fn wildcards_stand_for_any_characters() {
    finds("name:jane*", true);
    finds("name:*smi*", true);
    finds("name:j*th", true);
    finds("name:smith*", false);
    finds("name:\\*", false);
    finds("last_login:*", true);
    finds("blocked:*", false);
}

#[test]
fn ranges_are_of_numbers_texts_and_dates() {
    finds("logins_count:[10 TO 12]", true);
    finds("logins_count:{10 TO 12}", false);
    finds("logins_count:[* TO 12}", false);
    finds("logins_count:{11 TO *]", true);
    finds("last_login:[2025-12-01 TO 2025-12-31]", true);
    finds("last_login:[2025-12-01 TO 2025-12-31}", false);
    finds("last_login:[2026 TO *]", false);
    finds("last_login:[* TO 2025-12]", true);
    finds("last_login:{2025-12-31 TO *]", false);
    finds("last_login:2025-12-31", true);
    finds("last_login:[\"2025-12-31T23:30:00.000Z\" TO 2025-12-31T23:30:00.000Z]", true);
    finds("name:[ja TO jb]", true);
}

#[test]
fn clauses_are_joined_as_in_lucene() {
    finds("nickname:jane AND logins_count:12", true);
    finds("nickname:jane AND logins_count:13", false);
    finds("nickname:joe OR logins_count:12 AND blocked:true", false);
    finds("(nickname:joe OR logins_count:12) AND NOT blocked:true", true);
    finds("NOT _exists_:logins_count OR logins_count:12", true);
    finds("nickname:joe nickname:jane", true);
    finds("nickname:jane -logins_count:12", false);
    finds("nickname:jane NOT logins_count:13", true);
    finds("+nickname:joe nickname:jane", false);
    finds("!blocked:true && nickname:jane || nickname:joe", true);
    finds("name:(\"joe\" OR \"jane smith\")", true);
    finds("name:(NOT joe*)", true);
    finds("NOT NOT nickname:jane", true);
}

#[track_caller]
fn refuses(query: &str, expected: &str) {
    assert_eq!(UserFilter::parse(query).map_err(|error| error.to_string()), Err(expected.to_owned()), "{query}");
}

#[test]
fn what_cannot_be_asked_is_told_with_its_place() {
    refuses("name:/jan./", "regular expressions are not supported at character 6");
    refuses("name:jane~", "fuzzy search (~) is not supported at character 10");
    refuses("name:\"jane\"^2", "boosting (^) is not supported at character 12");
    refuses("name:\"jane", "the quote is not closed that opens at character 6");
    refuses("(name:jane", "the parenthesis is not closed that opens at character 1");
    refuses("name:jane)", "unexpected \")\" at character 10");
    refuses("name:", "the field \"name\" has no value at character 1");
    refuses("name:jane AND", "a term is missing at the end");
    refuses("()", "a term is missing at character 2");
    refuses("[1 TO 2]", "a range needs a field at character 1");
    refuses("logins_count:[1 2]", "a range is like [low TO high], and this one is not, at character 14");
    refuses("a:(b:c)", "the field \"b\" stands inside another field at character 4");
    refuses("name:*sa", "a word that begins with * needs three other characters");
    refuses("user_metadata.color:r*", "range and wildcard searches are not available on user_metadata.color");
    refuses("user_metadata.shoe:[1 TO 2]", "range and wildcard searches are not available on user_metadata.shoe");
    refuses("na*me:x", "\"na*me\" is no name of a field at character 1");
    refuses(&"(".repeat(60), "too many parentheses inside each other at character 51");
    refuses(&"a ".repeat(2000), "the query has more than 1024 terms");
    refuses(&"a".repeat(20_000), "the query has more than 16384 characters");
    for broken in ["\\", "a:\\", "a:[", "a:[1", "a:[1 TO", "a:{* TO *", "a:\"", ":", "a:]", "AND", "NOT", "-", "a OR"] {
        assert!(UserFilter::parse(broken).is_err(), "{broken}");
    }
}

fn several() -> Users {
    let mut users = Users::default();
    for (number, email) in ["carl@people.example", "ana@people.example", "bea@people.example"].iter().enumerate() {
        let identity = Identity::new(Strategy::AUTH0, "db", IdentityId::Text(number.to_string()));
        let created = Timestamp::from_seconds(i64::try_from(number).unwrap());
        let attributes =
            document(&json!({ "name": email.chars().next().unwrap().to_uppercase().to_string() })).unwrap();
        let logins_count = (number > 0).then_some(number as u64 * 9);
        let user = User { email: Some((*email).into()), attributes, logins_count, ..User::new(identity, created) };
        users.put(user).unwrap();
    }
    users
}

#[track_caller]
fn found(query: &str, sort: Option<&str>) -> String {
    let mut found = UserFilter::parse(query).unwrap().find(&several());
    if let Some(sort) = sort {
        Sort::parse(sort).unwrap().apply(&mut found);
    }
    found.iter().filter_map(|user| user.email.as_deref()?.chars().next()).collect()
}

#[test]
fn indexes_find_the_same_as_looking_at_everybody() {
    assert_eq!(found("", None), "cab");
    assert_eq!(found("email:bea@people.example OR user_id:\"auth0|0\" OR email:\"BEA@people.example\"", None), "cb");
    assert_eq!(found("identities.user_id:1", None), "a");
    assert_eq!(found("email:bea@people.example AND logins_count:0", None), "");
    assert_eq!(found("NOT email:bea@people.example", None), "ca");
    assert_eq!(found("email:bea@people.example OR name:C", None), "cb");
    assert_eq!(found("email:bea@people.example AND NOT name:C", None), "b");
}

#[test]
fn the_order_is_that_of_a_field_those_without_it_first() {
    assert_eq!(found("", Some("email:1")), "abc");
    assert_eq!(found("", Some("name:-1")), "cba");
    assert_eq!(found("", Some("logins_count:1")), "cab");
    assert_eq!(found("", Some("created_at:-1")), "bac");
    assert_eq!(found("", Some("picture:1")), "cab");
    for wrong in ["email", "email:2", ":1", "a b:1", "email:1:"] {
        assert_eq!(Sort::parse(wrong), Err(SortError::Malformed), "{wrong}");
    }
    assert_eq!(Sort::parse("user_metadata.color:1"), Err(SortError::Metadata));
}
