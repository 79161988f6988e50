//! What calls that create or change a user take. Source: spec/management-api.md §5.

use crate::management::formats::EMAIL;
use crate::management::formats::PHONE;
use crate::management::formats::SOME;
use crate::management::formats::URI;
use crate::management::formats::WORD;
use crate::management::schema::Call::Create;
use crate::management::schema::Call::Update;
use crate::management::schema::Property;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind::Boolean;
use crate::management::schema::kind::Kind::Free;
use crate::management::schema::kind::Kind::Text;
use crate::management::schema::property;

const PROPERTIES: &[Property] = &[
    property("connection", SOME),
    property("client_id", SOME).only_in(Update),
    property("user_id", WORD).only_in(Create),
    property("email", EMAIL).unset_by_null(),
    property("phone_number", PHONE).unset_by_null(),
    property("username", Text(1, 128)).unset_by_null(),
    property("password", SOME).unset_by_null(),
    property("given_name", Text(1, 150)).unset_by_null(),
    property("family_name", Text(1, 150)).unset_by_null(),
    property("name", Text(1, 300)).unset_by_null(),
    property("nickname", Text(1, 300)).unset_by_null(),
    property("picture", URI).unset_by_null(),
    property("blocked", Boolean),
    property("email_verified", Boolean),
    property("phone_verified", Boolean),
    property("verify_email", Boolean),
    property("verify_phone_number", Boolean).only_in(Update),
    property("user_metadata", Free),
    property("app_metadata", Free),
];

pub(super) const NEW: Shape = Shape::closed(&["connection"], PROPERTIES);

/// Open, because attributes that an upstream passed through may be taken away by their names.
pub(super) const CHANGE: Shape = Shape::open(&[], PROPERTIES);
