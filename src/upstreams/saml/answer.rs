//! The answer to a login: a response that is sent by the browser. Source: SAML 2.0 Profiles §4.1.4.2.

use axum::response::Response;

use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::header::new_id;
use crate::protocols::saml::names::status;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::time::Timestamp;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::message;
use crate::upstreams::saml::otherwise::Otherwise;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::response;
use crate::upstreams::saml::state::Session;
use crate::upstreams::saml::wrong::Wrong;
use crate::upstreams::state::hash_of;

/// How a login ended.
pub(super) enum Outcome<'a> {
    Person(&'a Person, &'a Session),
    Declined,
    /// A page would have been needed, and none was allowed.
    NoPassive,
    /// The request can't be granted; why, in words.
    Refused(&'a str),
    /// A name identifier is wanted that nobody here has.
    NoSuchName,
}

/// Ids of an answer.
pub(super) struct Ids {
    pub(super) response: String,
    pub(super) assertion: String,
    pub(super) subject: String,
    pub(super) now: Timestamp,
}

/// Sends the answer to whoever asked, by a form that submits itself.
///
/// # Errors
/// A failure of the keys or of what is made with them.
pub(super) async fn send(at: &At, asked: &Asked, outcome: Outcome<'_>) -> Result<Response, ErrorPage> {
    let mut ids = at.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let now = draft.now;
        let [response, assertion, subject] = std::array::from_fn(|_| new_id(draft.rng()));
        Ok(Ids { response, assertion, subject, now })
    })?;
    let failure = |code, special, message: &str| {
        let status = Status::failure(code, Some(special), Some(message));
        StatusResponse { status, ..envelope(at, asked, &ids, None) }.to_response(None)
    };
    let declined = || failure(status::RESPONDER, status::AUTHN_FAILED, "The person declined to sign in.");
    let xml = match outcome {
        Outcome::Person(person, session) => {
            let occasion = asked.request.as_deref().unwrap_or(&session.index);
            let otherwise = Otherwise::of(at, asked, person, occasion);
            if otherwise.declines {
                declined()
            } else {
                ids.now = ids.now.plus_seconds(otherwise.ahead);
                of_person(at, asked, (person, session, otherwise), &ids).await?
            }
        }
        Outcome::Declined => declined(),
        Outcome::NoPassive => failure(status::RESPONDER, status::NO_PASSIVE, "Nobody is signed in."),
        Outcome::Refused(why) => failure(status::REQUESTER, status::REQUEST_DENIED, why),
        Outcome::NoSuchName => {
            failure(status::REQUESTER, status::INVALID_NAME_ID_POLICY, "Nobody here has a NameID of that format.")
        }
    };
    message::post(&asked.acs, Kind::Response, &xml, asked.relay_state.as_deref())
}

/// The response that names a person; perhaps the one that was given before. The person is signed in there from now on.
async fn of_person(
    at: &At,
    asked: &Asked,
    (person, session, otherwise): (&Person, &Session, Otherwise),
    ids: &Ids,
) -> Result<String, ErrorPage> {
    let made = response::of_person(at, asked, (person, session, otherwise), ids).await?;
    at.upstreams.write(|draft| {
        let saml = &mut draft.saml;
        if let Some((browser, name_id)) = at.browser.as_deref().zip(made.name_id) {
            let key = (at.provider.name.clone(), hash_of(browser));
            saml.signed_in_at(key, (&asked.audience, &asked.acs), name_id);
        }
        let key = (at.provider.name.clone(), asked.audience.clone());
        let before = saml.last.get(&key).map(|last| String::clone(last));
        match (otherwise.wrong, before) {
            (Some(Wrong::Replayed), Some(before)) => Ok(before),
            (None | Some(Wrong::Replayed), _) => {
                saml.put_last(key, made.xml.clone());
                Ok(made.xml)
            }
            _ => Ok(made.xml),
        }
    })
}

/// A good answer's beginning, as far as it isn't to be wrong.
pub(super) fn envelope(at: &At, asked: &Asked, ids: &Ids, wrong: Option<Wrong>) -> StatusResponse {
    let elsewhere = wrong == Some(Wrong::Destination);
    let header = Header {
        id: ids.response.clone(),
        issue_instant: ids.now,
        destination: Some(if elsewhere { response::ELSEWHERE.to_owned() } else { asked.acs.clone() }),
        issuer: Some(response::issuer(at, wrong)),
    };
    StatusResponse { header, in_response_to: response::in_response_to(asked, wrong), status: Status::success() }
}
