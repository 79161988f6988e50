//! The end of a login at a relying party: a token that the browser posts there. Source: spec/enterprise.md §5.2.

use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::samlp;
use crate::authentication::samlp::assertion::name_id;
use crate::authentication::wsfed;
use crate::domain::claims::saml::Claim;
use crate::domain::claims::saml::worded;
use crate::domain::session::Grant;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::user::User;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::keys::Keyring;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Kind;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::header;
use crate::protocols::saml::names::v1_1::authentication_method;
use crate::protocols::saml::sign::Signing;
use crate::protocols::wsfed::fault::Fault;
use crate::protocols::wsfed::names::action;
use crate::protocols::wsfed::response::Envelope;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// How long a token may be used, in seconds. (Unverified.)
const LIFETIME_SECONDS: i64 = 3600;

/// Answers with a token about the user, of SAML 1.1 and signed with SHA-256.
///
/// # Errors
/// A failure of the keys.
pub(in crate::authentication) async fn succeed(
    tenant: &Tenant,
    keyring: &Keyring,
    (request, realm): (&AuthorizationRequest, &str),
    (user, grant): (&User, &Grant),
) -> Result<Response, AuthorizeError> {
    let (state, now) = (tenant.read(), tenant.now());
    let id = header::new_id(&mut Rng::from_key(tenant.draw(Rng::key)));
    let expires = now.plus_seconds(LIFETIME_SECONDS);
    let access_token = user.primary().and_then(|identity| identity.access_token.as_deref());
    let claims = wsfed::settings().claims(&user.profile(), access_token);
    let name_id = name_id(wsfed::settings(), &claims, user);
    let token = Assertion {
        id,
        issue_instant: now,
        issuer: wsfed::issuer(&Address::of_base(&grant.issuer)),
        subject: Some(Subject { name_id: Some(name_id), confirmations: Vec::new() }),
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: Some(expires),
            audiences: vec![vec![realm.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: grant.auth_time.unwrap_or(now),
            session_index: None,
            session_not_on_or_after: None,
            class_ref: Some(authentication_method::UNSPECIFIED.to_owned()),
        }],
        attributes: claims.into_iter().map(attribute).collect(),
    };
    let key = samlp::tenant_key(keyring, &state).await?;
    let signed = Signing::with(&key).sign(&token.to_xml_1_1(), &token.id).map_err(Failure::new)?;
    let wresult = Envelope { realm, created: now, expires, token: &signed }.to_xml();
    Ok(post(&request.redirect_uri, wresult, request.state.as_deref())?)
}

/// Answers that nobody signed in, in the protocol's own way.
///
/// # Errors
/// [`Failure`] when the page can't be made.
pub(in crate::authentication) fn fail(to: &TrustedRedirect, refusal: &Refusal) -> Result<Response, Failure> {
    let fault = match refusal {
        Refusal::InvalidRequest(_) | Refusal::ConnectionNotEnabled => Fault::InvalidRequest,
        Refusal::Internal(_) => Fault::RequestFailed,
        _ => Fault::FailedAuthentication,
    };
    post(to.uri(), fault.to_xml(&refusal.to_string()), to.state())
}

fn post(reply: &str, wresult: String, context: Option<&str>) -> Result<Response, Failure> {
    let mut fields = vec![("wa".to_owned(), action::SIGN_IN.to_owned()), ("wresult".to_owned(), wresult)];
    fields.extend(context.map(|context| ("wctx".to_owned(), context.to_owned())));
    SelfSubmitting { action: reply, fields: &fields }.answer()
}

fn attribute(claim: Claim) -> Attribute {
    let values = claim.values.iter().map(|value| Value { text: worded(value), kind: Kind::Untyped }).collect();
    Attribute { name: claim.name, values, ..Attribute::default() }
}
