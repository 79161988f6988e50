//! What bodies of `/clients` hold. Source: reference of the Management API.

use url::Url;

use crate::domain::url_rules;
use crate::management::formats::SOME;
use crate::management::schema::Call;
use crate::management::schema::Property;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;

const CALLBACK: Kind = Kind::Format("callback-url", |url| url_rules::check_callback_to_save(url).is_ok());
const ADDRESS: Kind = Kind::Format("url-with-placeholders", |url| url_rules::check_url_to_save(url).is_ok());
const LOGIN_URI: Kind = Kind::Format("absolute-https-uri-with-placeholders-or-empty", is_login_uri);
const LOGO: Kind = Kind::Format("absolute-uri-or-empty", |uri| uri.is_empty() || Url::parse(uri).is_ok());

/// A client, new or changed.
pub(super) const CLIENT: Shape = Shape::closed(&["name"], PROPERTIES).not_empty();

const TEXTS: Kind = Kind::List(0, &SOME);

#[rustfmt::skip]
const APP_TYPES: &[&str] = &[
    "native", "spa", "regular_web", "non_interactive", "resource_server", "express_configuration", "rms", "box",
    "cloudbees", "concur", "dropbox", "mscrm", "echosign", "egnyte", "newrelic", "office365", "salesforce", "sentry",
    "sharepoint", "slack", "springcm", "zendesk", "zoom", "sso_integration", "oag", "b2b_integration",
];

const PROPERTIES: &[Property] = &[
    property("name", Kind::Pattern("^[^<>]+$", |name| !name.is_empty() && !name.contains(['<', '>']))),
    property("description", Kind::Text(0, 140)),
    property("client_secret", SOME).only_in(Call::Update),
    property("app_type", Kind::OneOf(APP_TYPES)),
    property("is_first_party", Kind::Boolean),
    property("oidc_conformant", Kind::Boolean),
    property("callbacks", Kind::List(0, &CALLBACK)),
    property("allowed_logout_urls", Kind::List(0, &ADDRESS)),
    property("allowed_origins", Kind::List(0, &ADDRESS)),
    property("web_origins", Kind::List(0, &ADDRESS)),
    property("initiate_login_uri", LOGIN_URI),
    property("logo_uri", LOGO),
    property("grant_types", TEXTS),
    property("token_endpoint_auth_method", Kind::OneOf(&["none", "client_secret_post", "client_secret_basic"]))
        .unset_by_null(),
    property("jwt_configuration", Kind::Object(&JWT_CONFIGURATION)),
    property("refresh_token", Kind::Object(&REFRESH_TOKEN)).or_null(),
    property("client_metadata", Kind::Labels(10)),
    property("client_authentication_methods", Kind::Free).or_null(),
    property("signed_request_object", Kind::Free).or_null(),
    property("token_vault_privileged_access", Kind::Free).or_null(),
    property("addons", Kind::Free).or_null(),
    property("mobile", Kind::Free).or_null(),
    property("native_social_login", Kind::Free).or_null(),
    property("default_organization", Kind::Object(&DEFAULT_ORGANIZATION)).or_null(),
    property("organization_usage", Kind::OneOf(&["deny", "allow", "require"])).or_null(),
    property("organization_require_behavior", Kind::OneOf(&["no_prompt", "pre_login_prompt", "post_login_prompt"]))
        .or_null(),
    property("organization_discovery_methods", Kind::List(1, &Kind::OneOf(&["email", "organization_name"])))
        .unset_by_null(),
    property("my_organization_configuration", Kind::Free).or_null(),
    property("allowed_clients", TEXTS),
    property("client_aliases", TEXTS),
    property("cross_origin_authentication", Kind::Boolean),
    property("cross_origin_auth", Kind::Boolean),
    property("cross_origin_loc", LOGO).or_null(),
    property("custom_login_page", Kind::Text(0, usize::MAX)),
    property("custom_login_page_on", Kind::Boolean),
    property("custom_login_page_preview", Kind::Text(0, usize::MAX)),
    property("form_template", Kind::Text(0, usize::MAX)),
    property("encryption_key", Kind::Free).or_null(),
    property("is_token_endpoint_ip_header_trusted", Kind::Boolean),
    property("sso", Kind::Boolean),
    property("sso_disabled", Kind::Boolean),
    property("oidc_backchannel_logout", Kind::Free).or_null(),
    property("oidc_logout", Kind::Free).or_null(),
    property("par_request_expiry", Kind::Integer(10, 600)).or_null(),
    property("require_pushed_authorization_requests", Kind::Boolean),
    property("require_proof_of_possession", Kind::Boolean),
    property("compliance_level", Kind::Text(0, usize::MAX)).or_null(),
    property("redirection_policy", Kind::OneOf(&["allow_always", "open_redirect_protection"])),
    property("third_party_security_mode", Kind::OneOf(&["strict", "permissive"])),
    property("resource_server_identifier", Kind::Text(1, 600)).only_in(Call::Create),
    property("session_transfer", Kind::Free).or_null(),
    property("skip_non_verifiable_callback_uri_confirmation_prompt", Kind::Boolean).or_null(),
    property("token_exchange", Kind::Free).or_null(),
    property("token_quota", Kind::Free).or_null(),
    property("fedcm_login", Kind::Free).or_null(),
    property("express_configuration", Kind::Free).or_null(),
    property("async_approval_notification_channels", Kind::List(0, &Kind::OneOf(&["guardian-push", "email"])))
        .or_null(),
    property("identity_assertion_authorization_grant", Kind::Free).or_null(),
];

const JWT_CONFIGURATION: Shape = Shape::open(
    &[],
    &[
        property("alg", Kind::OneOf(&["HS256", "RS256", "RS512", "PS256"])),
        property("lifetime_in_seconds", Kind::Integer(1, i64::MAX)),
        property("secret_encoded", Kind::Boolean),
        property("scopes", Kind::Free),
    ],
);

const REFRESH_TOKEN: Shape = Shape::closed(
    &["rotation_type", "expiration_type"],
    &[
        property("rotation_type", Kind::OneOf(&["rotating", "non-rotating"])),
        property("expiration_type", Kind::OneOf(&["expiring", "non-expiring"])),
        property("leeway", Kind::Integer(0, i64::MAX)),
        property("token_lifetime", Kind::Integer(1, 157_788_000)),
        property("infinite_token_lifetime", Kind::Boolean),
        property("idle_token_lifetime", Kind::Integer(1, i64::MAX)),
        property("infinite_idle_token_lifetime", Kind::Boolean),
        property("policies", Kind::List(1, &Kind::Object(&POLICY))).or_null(),
    ],
);

const POLICY: Shape =
    Shape::closed(&["audience", "scope"], &[property("audience", SOME), property("scope", Kind::List(0, &SOME))]);

const DEFAULT_ORGANIZATION: Shape = Shape::closed(
    &["organization_id", "flows"],
    &[property("organization_id", SOME), property("flows", Kind::List(1, &Kind::OneOf(&["client_credentials"])))],
);

/// Absolute and secret on its way; or nothing, which unsets it.
fn is_login_uri(uri: &str) -> bool {
    uri.is_empty() || (uri.starts_with("https://") && Url::parse(uri).is_ok_and(|uri| uri.fragment().is_none()))
}
