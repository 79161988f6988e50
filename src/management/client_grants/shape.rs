//! What bodies of `/client-grants` hold. Source: reference of the Management API.

use crate::management::formats::SOME;
use crate::management::schema::Call;
use crate::management::schema::Property;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;

/// A grant, new or changed: neither whose it is nor what for ever changes.
pub(super) const GRANT: Shape = Shape::closed(&["audience"], PROPERTIES).not_empty();

pub(super) const SUBJECT_TYPES: &[&str] = &["client", "user", "anonymous_user"];

const PROPERTIES: &[Property] = &[
    property("client_id", SOME).only_in(Call::Create),
    property("audience", SOME).only_in(Call::Create),
    property("subject_type", Kind::OneOf(SUBJECT_TYPES)).only_in(Call::Create),
    property("default_for", Kind::OneOf(&["third_party_clients"])).only_in(Call::Create),
    property("scope", Kind::List(0, &Kind::Text(1, 280))).unset_by_null(),
    property("allow_all_scopes", Kind::Boolean).unset_by_null(),
    property("allow_any_organization", Kind::Boolean).unset_by_null(),
    property("organization_usage", Kind::OneOf(&["deny", "allow", "require"])).unset_by_null(),
    property("authorization_details_types", Kind::List(0, &Kind::Text(1, 255))),
];
