//! What bodies of `/connections` hold. Source: reference of the Management API.

use crate::management::schema::Call;
use crate::management::schema::Property;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;

/// A connection, new or changed: its name and strategy never change.
pub(super) const CONNECTION: Shape = Shape::closed(
    &["name", "strategy"],
    &[
        property("name", Kind::Pattern(NAME_PATTERN, is_name)).only_in(Call::Create),
        property("strategy", Kind::OneOf(STRATEGIES)).only_in(Call::Create),
        property("display_name", Kind::Text(0, 128)),
        property("options", Kind::Object(&OPTIONS)).unset_by_null(),
        property("enabled_clients", Kind::List(0, &Kind::Text(1, usize::MAX))).unset_by_null(),
        property("realms", Kind::List(0, &Kind::Text(1, usize::MAX))),
        property("is_domain_connection", Kind::Boolean),
        property("show_as_button", Kind::Boolean),
        property("metadata", Kind::Labels(10)),
        property("authentication", Kind::Object(&PURPOSE)),
        property("connected_accounts", Kind::Object(&CONNECTED_ACCOUNTS)),
        property("cross_app_access_requesting_app", Kind::Object(&PURPOSE)),
        property("cross_app_access_resource_app", Kind::Free).unset_by_null(),
    ],
)
.not_empty();

/// An item of `PATCH /connections/{id}/clients`.
pub(super) const ENABLED_CLIENTS: Kind = Kind::List(1, &Kind::Object(&ENABLED_CLIENT));

const ENABLED_CLIENT: Shape = Shape::closed(
    &["client_id", "status"],
    &[property("client_id", Kind::Text(1, usize::MAX)), property("status", Kind::Boolean)],
);

const PURPOSE: Shape = Shape::closed(&["active"], &[property("active", Kind::Boolean)]);
const CONNECTED_ACCOUNTS: Shape = Shape::open(&["active"], &[property("active", Kind::Boolean)]);

/// Options that a rule reads, or that every strategy has. Others are taken as they come.
const OPTIONS: Shape = Shape::open(&[], OPTION_PROPERTIES);

const TEXTS: Kind = Kind::List(0, &Kind::Text(0, 255));

const OPTION_PROPERTIES: &[Property] = &[
    property("attributes", Kind::Object(&ATTRIBUTES)).or_null(),
    property("authentication_methods", Kind::Object(&AUTHENTICATION_METHODS)).or_null(),
    property("basic_profile", Kind::Boolean),
    property("configuration", Kind::Free).or_null(),
    property("customScripts", Kind::Free).or_null(),
    property("brute_force_protection", Kind::Boolean),
    property("disable_self_service_change_password", Kind::Boolean),
    property("disable_signup", Kind::Boolean),
    property("enabledDatabaseCustomization", Kind::Boolean),
    property("ext_groups", Kind::Boolean),
    property("ext_profile", Kind::Boolean),
    property("import_mode", Kind::Boolean),
    property("non_persistent_attrs", TEXTS).or_null(),
    property("passkey_options", Kind::Free).or_null(),
    property("passwordPolicy", Kind::OneOf(&["none", "low", "fair", "good", "excellent"])).or_null(),
    property("password_complexity_options", Kind::Object(&COMPLEXITY)).or_null(),
    property("password_dictionary", Kind::Free).or_null(),
    property("password_history", Kind::Free).or_null(),
    property("password_no_personal_info", Kind::Free).or_null(),
    property("precedence", Kind::List(3, &Kind::OneOf(&["email", "phone_number", "username"]))),
    property("requires_username", Kind::Boolean),
    property("set_user_root_attributes", Kind::OneOf(&["on_each_login", "on_first_login", "never_on_login"])),
    property("upstream_params", Kind::Free).or_null(),
    property("validation", Kind::Free).or_null(),
];

const COMPLEXITY: Shape = Shape::closed(&[], &[property("min_length", Kind::Integer(1, 128))]);

const AUTHENTICATION_METHODS: Shape = Shape::open(
    &[],
    &[
        property("password", Kind::Object(&METHOD)),
        property("passkey", Kind::Object(&METHOD)),
        property("email_otp", Kind::Object(&METHOD)),
        property("phone_otp", Kind::Object(&METHOD)),
    ],
);

const METHOD: Shape = Shape::open(&[], &[property("enabled", Kind::Boolean)]);

const ATTRIBUTES: Shape = Shape::closed(
    &[],
    &[
        property("email", Kind::Object(&ATTRIBUTE)),
        property("phone_number", Kind::Object(&ATTRIBUTE)),
        property("username", Kind::Object(&ATTRIBUTE)),
    ],
);

const ATTRIBUTE: Shape = Shape::closed(
    &[],
    &[
        property("identifier", Kind::Object(&IDENTIFIER)),
        property("profile_required", Kind::Boolean),
        property("signup", Kind::Object(&SIGNUP)),
        property("unique", Kind::Boolean),
        property("validation", Kind::Free),
        property("verification_method", Kind::OneOf(&["link", "code", "otp"])),
    ],
);

const IDENTIFIER: Shape = Shape::open(&[], &[property("active", Kind::Boolean)]);
const SIGNUP: Shape = Shape::open(&[], &[property("status", Kind::OneOf(&["required", "optional", "inactive"]))]);

const NAME_PATTERN: &str = "^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$";

fn is_name(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    name.len() <= 128 && name.split('-').all(is_part)
}

#[rustfmt::skip]
const STRATEGIES: &[&str] = &[
    "ad", "adfs", "amazon", "apple", "dropbox", "bitbucket", "auth0-oidc", "auth0", "baidu", "bitly", "box", "custom",
    "daccount", "dwolla", "email", "evernote-sandbox", "evernote", "exact", "facebook", "fitbit", "github",
    "google-apps", "google-oauth2", "instagram", "ip", "line", "linkedin", "oauth1", "oauth2", "office365", "oidc",
    "okta", "paypal", "paypal-sandbox", "pingfederate", "planningcenter", "salesforce-community", "salesforce-sandbox",
    "salesforce", "samlp", "sharepoint", "shopify", "shop", "sms", "soundcloud", "thirtysevensignals", "twitter",
    "untappd", "vkontakte", "waad", "weibo", "windowslive", "wordpress", "yahoo", "yandex",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_words_with_single_hyphens() {
        for good in ["a", "acme-oidc", "A1-b2"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "a_b", "a b"] {
            assert!(!is_name(bad), "{bad}");
        }
        assert!(!is_name(&"a".repeat(129)));
    }
}
