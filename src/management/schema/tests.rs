//! Shapes, as a body of each kind meets them.

use serde_json::Value;
use serde_json::json;

use super::*;
use crate::management::schema::kind::Kind;

const SHAPE: Shape = Shape::closed(
    &["name"],
    &[
        property("name", Kind::Text(1, 5)).unset_by_null(),
        property("kind", Kind::OneOf(&["a", "b"])).only_in(Call::Create),
        property("on", Kind::Boolean),
        property("age", Kind::Integer(0, 99)).or_null(),
        property("home", Kind::Format("url", |text| text.starts_with("https:"))),
        property("metadata", Kind::Labels(2)),
        property("free", Kind::Free),
        property("list", Kind::List(1, &Kind::Object(&ITEM))),
    ],
)
.not_empty();

const ITEM: Shape = Shape::open(&["id"], &[property("id", Kind::Text(0, 3))]);

#[track_caller]
fn check(call: Call, body: Value, expected: &str) {
    let found = SHAPE.check(body.as_object().unwrap(), call);
    let found = found.err().map(|error| error.to_string()).unwrap_or_default();
    let found = found.strip_prefix("Payload validation error: ").unwrap_or(&found);
    assert_eq!(found, expected, "{body}");
}

#[test]
fn what_does_not_fit_is_told_in_the_real_services_words() {
    use Call::Create;
    check(Create, json!({ "name": "a", "kind": "b", "on": true, "age": null, "free": { "x": 1 } }), "");
    check(Create, json!({}), "'Missing required property: name'.");
    check(Create, json!({ "name": "a", "x": 1 }), "'Additional properties not allowed: x'.");
    check(Create, json!({ "name": "" }), "'String is too short (0 chars), minimum 1' on property name.");
    check(Create, json!({ "name": "äöüäöü" }), "'String is too long (6 chars), maximum 5' on property name.");
    check(Create, json!({ "name": null }), "'Expected type string but found type null' on property name.");
    check(Create, json!({ "name": "a", "kind": "c" }), "'No enum match for: c' on property kind.");
    check(Create, json!({ "name": "a", "on": 1 }), "'Expected type boolean but found type integer' on property on.");
    check(Create, json!({ "name": "a", "age": 1.5 }), "'Expected type integer but found type number' on property age.");
    check(Create, json!({ "name": "a", "age": 100 }), "'Value 100 is greater than maximum 99' on property age.");
    check(
        Create,
        json!({ "name": "a", "home": "x" }),
        "'Object didn't pass validation for format url: x' on property home.",
    );
}

#[test]
fn the_place_of_a_problem_is_told() {
    let name = || json!("a");
    check(
        Call::Create,
        json!({ "name": name(), "list": [{ "id": "a" }, { "id": "abcd" }] }),
        "'String is too long (4 chars), maximum 3' on property list[1].id.",
    );
    check(
        Call::Create,
        json!({ "name": name(), "list": [{}] }),
        "'Missing required property: id' on property list[0].",
    );
    check(Call::Create, json!({ "name": name(), "list": [] }), "'Array is too short (0), minimum 1' on property list.");
    check(
        Call::Create,
        json!({ "name": name(), "metadata": { "a": "1", "b": null, "c": "3" } }),
        "'Too many properties defined (3), maximum 2' on property metadata.",
    );
    check(
        Call::Create,
        json!({ "name": name(), "metadata": { "a": 1 } }),
        "'Expected type string but found type integer' on property metadata.a.",
    );
}

#[test]
fn a_change_leaves_out_what_it_likes_but_not_everything() {
    check(Call::Update, json!({ "on": false }), "");
    check(Call::Update, json!({ "name": null }), "");
    check(Call::Update, json!({ "kind": "a" }), "'Additional properties not allowed: kind'.");
    check(Call::Update, json!({}), "'Too few properties defined (0), minimum 1'.");
}
