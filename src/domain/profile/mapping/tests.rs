//! Mappings, on attributes of no provider in particular.

use serde_json::json;

use super::*;
use crate::domain::profile::trace::Fate;

fn mapping(raw: Value) -> Result<Mapping, ProfileError> {
    Mapping::of(RawProfile(raw.as_object().cloned().unwrap()), "id")
}

#[test]
fn an_id_is_text_or_a_whole_number() {
    assert_eq!(mapping(json!({ "id": 12 })).unwrap().pass_through().id, IdentityId::Number(12));
    for raw in [json!({}), json!({ "id": "" }), json!({ "id": 1.5 }), json!({ "id": null })] {
        assert_eq!(mapping(raw).unwrap_err(), ProfileError::NoId("id".into()));
    }
}

#[test]
fn the_tenants_own_attributes_never_come_from_an_upstream() {
    let raw = json!({ "id": "1", "created_at": "x", "app_metadata": { "admin": true }, "blog": null });
    let profile = mapping(raw).unwrap().pass_through();
    assert_eq!(Value::from(profile.attributes), json!({ "blog": null }));
    assert_eq!(profile.trace.0.iter().filter(|line| line.fate == Fate::Dropped).count(), 2);
}

#[test]
fn a_value_is_plucked_and_the_rest_of_its_tree_dropped() {
    let mut mapping = mapping(json!({ "id": "1", "picture": { "data": { "url": "u", "width": 50 } } })).unwrap();
    mapping.pluck("/picture/data/url", "picture");
    assert_eq!(Value::from(mapping.pass_through().attributes), json!({ "picture": "u" }));
}

#[test]
fn the_first_attribute_with_a_value_wins_and_the_others_go() {
    let mut mapping = mapping(json!({ "id": "1", "mail": null, "upn": "u", "other": "o" })).unwrap();
    assert!(mapping.rename_first(&["mail", "upn", "other"], "email"));
    assert_eq!(Value::from(mapping.pass_through().attributes), json!({ "email": "u" }));
}

#[test]
fn metadata_and_tokens_are_taken_where_a_strategy_asks_for_it() {
    let raw = json!({ "id": "1", "app_metadata": { "plan": "x" }, "metadata": { "m": 1 }, "access_token": "t" });
    let mut mapping = mapping(raw).unwrap();
    mapping.take_metadata();
    mapping.take_tokens();
    let profile = mapping.pass_through();
    assert!(profile.attributes.is_empty());
    assert_eq!((&profile.metadata.app["plan"], &profile.metadata.user["m"]), (&json!("x"), &json!(1)));
    assert_eq!(profile.tokens.access_token.as_deref(), Some("t"));
    assert!(!format!("{:?}", profile.trace).contains("\"t\""));
}
