//! The answer to a sign-in: a token, posted to the relying party by the browser. Source: spec/upstreams.md §8.

use axum::response::Response;

use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::header::new_id;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names::v1_1::authentication_method;
use crate::protocols::saml::sign::Signing;
use crate::protocols::wsfed::names::action;
use crate::protocols::wsfed::request::SignIn;
use crate::protocols::wsfed::response::Envelope;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::adfs::claims;
use crate::upstreams::adfs::site::Site;
use crate::upstreams::adfs::state::Session;
use crate::upstreams::pages::ErrorPage;

/// How long a token may be used, in seconds.
const LIFETIME_SECONDS: i64 = 3600;

/// Sends the token of an account to `reply`.
///
/// # Errors
/// A failure of the keys or of the page.
pub(super) async fn send(
    site: &Site,
    asked: &SignIn,
    (realm, reply): (&str, &str),
    (entry, session): (&Entry, Session),
) -> Result<Response, ErrorPage> {
    let (id, now) = site.upstreams.write(|draft| Ok::<_, ErrorPage>((new_id(draft.rng()), draft.now)))?;
    let expires = now.plus_seconds(LIFETIME_SECONDS);
    let state = site.upstreams.read();
    let name = claims::name_id(&state.directory, entry);
    let token = Assertion {
        issue_instant: now,
        issuer: site.entity_id(),
        subject: Some(Subject {
            name_id: name.map(|value| NameId { value, ..NameId::default() }),
            confirmations: Vec::new(),
        }),
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: Some(expires),
            audiences: vec![vec![realm.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: session.since,
            session_index: None,
            session_not_on_or_after: None,
            class_ref: Some(authentication_method::PASSWORD.to_owned()),
        }],
        attributes: claims::of(&state.directory, entry, now),
        id,
    };
    let key = site.key().await?;
    let signed = Signing::with(&key).sign(&token.to_xml_1_1(), &token.id).map_err(Failure::new)?;
    let wresult = Envelope { realm, created: now, expires, token: &signed }.to_xml();
    let mut fields = vec![("wa".to_owned(), action::SIGN_IN.to_owned()), ("wresult".to_owned(), wresult)];
    fields.extend(asked.context.iter().map(|context| ("wctx".to_owned(), context.clone())));
    Ok(SelfSubmitting { action: reply, fields: &fields }.answer()?)
}
