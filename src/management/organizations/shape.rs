//! What bodies of `/organizations` hold. Source: reference of the Management API.

use url::Url;

use crate::domain::organization::is_name;
use crate::management::formats::SOME;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;

/// An organization, new or changed.
pub(super) const ORGANIZATION: Shape = Shape::closed(
    &["name"],
    &[
        property("name", Kind::Format("organization-name", is_name)),
        property("display_name", Kind::Text(1, 255)),
        property("branding", Kind::Object(&BRANDING)),
        property("metadata", Kind::Labels(25)),
        property("third_party_client_access", Kind::OneOf(&["allow", "block"])),
        property("is_app_entitlement_active", Kind::Boolean),
        property("token_quota", Kind::Free).unset_by_null(),
        property("enabled_connections", Kind::List(0, &Kind::Object(&ENABLED_CONNECTION))).only_in(Call::Create),
    ],
);

const BRANDING: Shape = Shape::closed(
    &[],
    &[
        property("logo_url", Kind::Format("strict-https-uri-or-null", is_secure_address)).or_null(),
        property("colors", Kind::Object(&COLORS)),
    ],
);

const COLOR: Kind = Kind::Format("html-color", is_color);

const COLORS: Shape =
    Shape::closed(&["primary", "page_background"], &[property("primary", COLOR), property("page_background", COLOR)]);

/// A connection that people may sign in with.
pub(super) const ENABLED_CONNECTION: Shape = Shape::closed(
    &["connection_id"],
    &[
        property("connection_id", SOME).only_in(Call::Create),
        property("assign_membership_on_login", Kind::Boolean),
        property("is_signup_enabled", Kind::Boolean),
        property("show_as_button", Kind::Boolean),
    ],
);

/// Who is to come or to go.
pub(super) const MEMBERS: Shape = Shape::closed(&["members"], &[property("members", Kind::List(1, &SOME))]);

/// Roles that a member is to get or to lose.
pub(super) const ROLES: Shape = Shape::closed(&["roles"], &[property("roles", Kind::List(1, &SOME))]);

fn is_secure_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host())
}

fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_written_as_in_a_page() {
        assert!(is_color("#fff") && is_color("#E3e2f0"));
        assert!(!is_color("fff") && !is_color("#ff") && !is_color("#gggggg"));
    }
}
