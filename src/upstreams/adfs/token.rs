//! The answer to a sign-in: a token, posted to the relying party by the browser. Source: spec/upstreams.md §8.

use axum::response::Response;

use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::keys::hash::Hash;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::header::new_id;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names::v1_1::authentication_method;
use crate::protocols::saml::sign::Signing;
use crate::protocols::wsfed::names::action;
use crate::protocols::wsfed::names::claim;
use crate::protocols::wsfed::request::SignIn;
use crate::protocols::wsfed::response::Envelope;
use crate::time::Timestamp;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::adfs::claims;
use crate::upstreams::adfs::otherwise::Otherwise;
use crate::upstreams::adfs::site::Site;
use crate::upstreams::adfs::state::Session;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::wrong::Wrong;

/// How long a token may be used, in seconds.
const LIFETIME_SECONDS: i64 = 3600;
/// Who else is meant where a token goes wrong.
const ELSEWHERE: &str = "https://elsewhere.example/adfs";
/// Whose name is forged.
const FORGED: &str = "admin@forged.example";
/// A document type with an entity that is a file.
const ENTITY: &str = "<!DOCTYPE r [<!ENTITY file SYSTEM \"file:///etc/hostname\">]>";

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
    let otherwise = Otherwise::of(site, realm, entry, asked.context.as_deref().unwrap_or(&id));
    let mut made = about(site, (id, now.plus_seconds(otherwise.ahead)), realm, (entry, session));
    made.spoil(otherwise);
    let wresult = made.sealed(site, realm, otherwise.wrong).await?;
    let wresult = site.upstreams.write(|draft| {
        Ok::<_, ErrorPage>(match (otherwise.wrong, draft.adfs.last(realm)) {
            (Some(Wrong::Replayed), Some(before)) => before,
            (None | Some(Wrong::Replayed), _) => {
                draft.adfs.put_last(realm, &wresult);
                wresult
            }
            _ => wresult,
        })
    })?;
    let mut fields = vec![("wa".to_owned(), action::SIGN_IN.to_owned()), ("wresult".to_owned(), wresult)];
    fields.extend(asked.context.iter().map(|context| ("wctx".to_owned(), context.clone())));
    Ok(SelfSubmitting { action: reply, fields: &fields }.answer()?)
}

/// A token before it is signed.
struct Made {
    token: Assertion,
    created: Timestamp,
    expires: Timestamp,
}

/// What a good token says of an account.
fn about(site: &Site, (id, now): (String, Timestamp), realm: &str, (entry, session): (&Entry, Session)) -> Made {
    let expires = now.plus_seconds(LIFETIME_SECONDS);
    let state = site.upstreams.read();
    let name = claims::name_id(&state.directory, entry);
    let token = Assertion {
        id,
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
    };
    Made { token, created: now, expires }
}

impl Made {
    /// Makes what it says wrong, as far as that is wanted.
    fn spoil(&mut self, otherwise: Otherwise) {
        if otherwise.no_email {
            self.token.attributes.retain(|claim| claim.name != claim::EMAIL);
        }
        let conditions = self.token.conditions.get_or_insert_default();
        let mut shift = |seconds| {
            conditions.not_before = Some(self.created.plus_seconds(seconds));
            conditions.not_on_or_after = Some(self.expires.plus_seconds(seconds));
        };
        match otherwise.wrong {
            Some(Wrong::Expired) => shift(-2 * LIFETIME_SECONDS),
            Some(Wrong::NotYetValid) => shift(LIFETIME_SECONDS),
            Some(Wrong::Audience) => conditions.audiences = vec![vec![ELSEWHERE.to_owned()]],
            Some(Wrong::Issuer) => ELSEWHERE.clone_into(&mut self.token.issuer),
            Some(Wrong::NoAttributes) => self.token.attributes.clear(),
            Some(Wrong::NoNameId) => self.token.subject = None,
            Some(Wrong::CommentInNameId) => {
                if let Some(name) = self.token.subject.as_mut().and_then(|subject| subject.name_id.as_mut()) {
                    name.value = format!("{FORGED}.{}", name.value);
                }
            }
            _ => {}
        }
    }

    /// The answer, signed unless that is what is wrong.
    async fn sealed(&self, site: &Site, realm: &str, wrong: Option<Wrong>) -> Result<String, ErrorPage> {
        let key = site.key(wrong != Some(Wrong::OtherKey)).await?;
        let hash = if wrong == Some(Wrong::Sha1) { Hash::Sha1 } else { Hash::Sha256 };
        let signing = Signing { signature: hash, digest: hash, ..Signing::with(&key) };
        let plain = self.token.to_xml_1_1();
        let mut token = match wrong {
            Some(Wrong::Unsigned) => plain,
            _ => signing.sign(&plain, &self.token.id).map_err(Failure::new)?,
        };
        if wrong == Some(Wrong::CommentInNameId) {
            // Signatures don't cover comments: who reads only what stands before one reads another name.
            token = token.replace(&format!("{FORGED}."), &format!("{FORGED}<!-- -->."));
        }
        let envelope = Envelope { realm, created: self.created, expires: self.expires, token: &token }.to_xml();
        Ok(if wrong == Some(Wrong::ExternalEntity) { format!("{ENTITY}{envelope}") } else { envelope })
    }
}
