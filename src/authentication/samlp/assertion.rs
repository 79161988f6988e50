//! The assertion about a person, by the add-on's settings. Source: spec/enterprise.md §4.1 to §4.3.

use serde_json::Value;
use url::Url;

use crate::authentication::samlp;
use crate::domain::claims::saml::Claim;
use crate::domain::claims::saml::Settings;
use crate::domain::claims::saml::worded;
use crate::domain::session::Grant;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::SamlReply;
use crate::domain::user::User;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Kind;
use crate::protocols::saml::attribute::Value as Text;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::names::attribute_name_format;
use crate::protocols::saml::names::name_id_format;
use crate::time::Timestamp;

/// How long an assertion may be used, in seconds (`lifetimeInSeconds`).
const LIFETIME_SECONDS: i64 = 3600;

/// Ids and times that were drawn for an assertion.
pub(super) struct Drawn {
    pub(super) id: String,
    pub(super) now: Timestamp,
}

/// Says who signed in, to whoever asked.
pub(super) fn make(
    settings: Settings<'_>,
    (request, reply): (&AuthorizationRequest, &SamlReply),
    (user, grant): (&User, &Grant),
    issuer: &str,
    drawn: Drawn,
) -> Assertion {
    let access_token = user.primary().and_then(|identity| identity.access_token.as_deref());
    let claims = settings.claims(&user.profile(), access_token);
    let until = drawn.now.plus_seconds(lifetime(settings));
    let acs = &request.redirect_uri;
    let audience = settings.text("audience").or(reply.issuer.as_deref()).unwrap_or(acs);
    let confirmation = Confirmation {
        method: names::BEARER.to_owned(),
        not_before: None,
        not_on_or_after: Some(until),
        recipient: Some(settings.text("recipient").unwrap_or(acs).to_owned()),
        in_response_to: reply.request.clone(),
    };
    let class_ref = settings.text("authnContextClassRef").unwrap_or(names::authn_context::UNSPECIFIED);
    Assertion {
        id: drawn.id,
        issue_instant: drawn.now,
        issuer: issuer.to_owned(),
        subject: Some(Subject { name_id: Some(name_id(settings, &claims, user)), confirmations: vec![confirmation] }),
        conditions: Some(Conditions {
            not_before: Some(drawn.now),
            not_on_or_after: Some(until),
            audiences: vec![vec![audience.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: grant.auth_time.unwrap_or(drawn.now),
            session_index: grant.session_id.as_ref().map(|id| samlp::session_index(id.as_str())),
            session_not_on_or_after: None,
            class_ref: Some(class_ref.to_owned()),
        }],
        attributes: claims.into_iter().map(|claim| attribute(settings, claim)).collect(),
    }
}

/// What the person is called: by the probes, else by the user's id.
pub(in crate::authentication) fn name_id(settings: Settings<'_>, claims: &[Claim], user: &User) -> NameId {
    let format = settings.text("nameIdentifierFormat").unwrap_or(name_id_format::UNSPECIFIED);
    NameId {
        value: settings.name_identifier(claims).unwrap_or_else(|| user.user_id.to_string()),
        format: Some(format.to_owned()),
        ..NameId::default()
    }
}

/// What is no number of seconds is passed over.
fn lifetime(settings: Settings<'_>) -> i64 {
    let own = settings.0.get("lifetimeInSeconds").and_then(Value::as_i64);
    own.filter(|seconds| (0..=i64::from(u32::MAX)).contains(seconds)).unwrap_or(LIFETIME_SECONDS)
}

fn attribute(settings: Settings<'_>, claim: Claim) -> Attribute {
    let typed = settings.flag("typedAttributes", true);
    let kind = |value: &Value| match value {
        Value::String(_) if typed => Kind::String,
        Value::Bool(_) if typed => Kind::Boolean,
        Value::Number(_) if typed => Kind::Double,
        _ => Kind::AnyType,
    };
    let format = settings.flag("includeAttributeNameFormat", true).then(|| name_format(&claim.name).to_owned());
    let values = claim.values.iter().map(|value| Text { text: worded(value), kind: kind(value) }).collect();
    Attribute { name: claim.name, name_format: format, friendly_name: None, values }
}

/// What a name looks like: a URI, a plain name, or something else.
fn name_format(name: &str) -> &'static str {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if Url::parse(name).is_ok() {
        attribute_name_format::URI
    } else if begins && name.chars().all(is_plain) {
        attribute_name_format::BASIC
    } else {
        attribute_name_format::UNSPECIFIED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_is() {
        assert_eq!(name_format("urn:oid:2.5.4.42"), attribute_name_format::URI);
        assert_eq!(name_format("http://schemas.auth0.com/nickname"), attribute_name_format::URI);
        assert_eq!(name_format("given_name"), attribute_name_format::BASIC);
        assert_eq!(name_format("given name"), attribute_name_format::UNSPECIFIED);
        assert_eq!(name_format("1st"), attribute_name_format::UNSPECIFIED);
    }
}
