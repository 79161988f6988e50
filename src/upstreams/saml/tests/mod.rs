//! The provider as a browser and a service provider see it.

mod logout;
mod registered;

use std::sync::Arc;

use crate::keys::rsa_key::RsaKey;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::authn_request::NameIdPolicy;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::consume::Consumed;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::consume::consume;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::verify::Trust;
use crate::upstreams::saml::provider::IdentityProvider;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::provider::ServiceProvider;
use crate::upstreams::saml::wrong::Wrong;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;

const SP: &str = "urn:sp.example";
const ACS: &str = "https://sp.example/acs?a=b";
const IDP: &str = "http://localhost:4480/_upstreams/saml/acme-saml/metadata";

fn agent() -> Agent {
    agent_with(Vec::new())
}

/// With these service providers registered.
fn agent_with(service_providers: Vec<ServiceProvider>) -> Agent {
    let agent = Agent::new();
    let ana = Person {
        id: "ana@corp.example".to_owned(),
        attributes: vec![("groups".to_owned(), vec!["a".to_owned(), "b & c".to_owned()])],
        ..Person::default()
    };
    let (name, accounts) = ("acme-saml".to_owned(), vec![Arc::new(ana)]);
    let provider = IdentityProvider { name, accounts, service_providers, ..Default::default() };
    let Ok(()) = agent.upstreams.write(|draft| -> Result<(), std::convert::Infallible> {
        draft.saml.providers.put("acme-saml".to_owned(), provider);
        Ok(())
    });
    agent
}

fn request(agent: &Agent) -> AuthnRequest {
    let header = Header {
        id: "_request".to_owned(),
        issue_instant: agent.clock.now(),
        destination: Some(format!("{AT}/_upstreams/saml/acme-saml/sso")),
        issuer: Some(SP.to_owned()),
    };
    AuthnRequest {
        header,
        assertion_consumer_url: Some(ACS.to_owned()),
        assertion_consumer_index: None,
        protocol_binding: None,
        provider_name: None,
        force_authn: false,
        is_passive: false,
        subject: None,
        name_id_policy: None,
        requested_authn_context: None,
    }
}

async fn ask(agent: &mut Agent, request: &AuthnRequest, query: &str) -> Answer {
    let xml = request.to_xml();
    let message = Outgoing { kind: Kind::Request, xml: &xml, relay_state: Some("state"), deflate: true };
    agent.get(&message.to_url(&format!("/_upstreams/saml/acme-saml/sso{query}"), None).unwrap()).await
}

/// The response of a page that submits itself.
#[track_caller]
fn response(answer: &Answer) -> String {
    let (action, fields) = answer.form("form");
    assert_eq!(action, ACS, "{}", answer.body);
    let message = fields.iter().find(|(name, _)| name == "SAMLResponse");
    binding::from_post(&message.unwrap_or_else(|| panic!("{}", answer.body)).1).unwrap()
}

async fn press(agent: &mut Agent, page: &Answer) -> Answer {
    let (action, fields) = page.form("form[data-account]");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    agent.post(&action, &fields).await
}

async fn check(agent: &Agent, xml: &str) -> Result<Consumed, Refusal> {
    check_with(agent, xml, &[]).await
}

async fn check_with(agent: &Agent, xml: &str, decryption_keys: &[&RsaKey]) -> Result<Consumed, Refusal> {
    let key = agent.upstreams.keyring().signing_key("saml-acme-saml", 0).await.unwrap().for_documents().unwrap();
    let certificates: [Certificate; 1] = [key.certificate().clone()];
    let expectations = Expectations {
        trust: Trust { certificates: &certificates, sha1: Sha1::Refused },
        issuer: Some(IDP),
        audience: SP,
        destinations: &[ACS],
        recipients: &[ACS],
        request: Some("_request"),
        unsolicited: true,
        now: agent.clock.now(),
        skew_seconds: 60,
        decryption_keys,
    };
    consume(xml, &expectations)
}

#[tokio::test]
async fn a_person_signs_in_and_stays_signed_in() {
    let mut agent = agent();
    let request = request(&agent);
    let page = ask(&mut agent, &request, "").await;
    let answer = press(&mut agent, &page).await;
    let (_, fields) = answer.form("form");
    assert!(fields.contains(&("RelayState".to_owned(), "state".to_owned())));
    let found = check(&agent, &response(&answer)).await.unwrap();
    assert_eq!(found.assertion.name_id().unwrap().value, "ana@corp.example");
    assert_eq!(found.assertion.attributes[0].values[1].text, "b & c");
    let again = ask(&mut agent, &request, "").await;
    assert!(check(&agent, &response(&again)).await.is_ok());
    // Asked to prove it again.
    let forced = ask(&mut agent, &AuthnRequest { force_authn: true, ..request }, "").await;
    assert!(forced.body.contains("Choose an account"));
}

#[tokio::test]
async fn a_page_that_is_not_allowed_is_said_so() {
    let mut agent = agent();
    let request = request(&agent);
    let answer = ask(&mut agent, &AuthnRequest { is_passive: true, ..request }, "").await;
    assert!(response(&answer).contains("status:NoPassive"));
}

/// The check that finds each wrong thing; `None`: there is nothing to find in the answer alone.
fn check_of(wrong: Wrong) -> Option<&'static str> {
    match wrong {
        Wrong::Unsigned => Some("signature"),
        Wrong::OtherKey => Some("thumbprint"),
        Wrong::Expired => Some("expiry"),
        Wrong::NotYetValid => Some("not_before"),
        Wrong::Audience => Some("audience"),
        Wrong::Recipient => Some("recipient"),
        Wrong::Destination => Some("destination"),
        Wrong::Issuer => Some("issuer"),
        Wrong::InResponseTo => Some("in_response_to"),
        Wrong::Wrapped(_) => Some("wrapping"),
        Wrong::CommentInNameId => Some("schema"),
        Wrong::ExternalEntity => Some("xml"),
        Wrong::Sha1 => Some("algorithm"),
        Wrong::NoNameId => Some("name_id"),
        Wrong::Replayed | Wrong::NoAttributes => None,
    }
}

#[tokio::test]
async fn every_wrong_answer_is_wrong_in_its_way() {
    for (wrong, name) in Wrong::ALL {
        let mut agent = agent();
        let request = request(&agent);
        let page = ask(&mut agent, &request, &format!("?wrong={name}")).await;
        let answer = press(&mut agent, &page).await;
        let found = check(&agent, &response(&answer)).await;
        assert_eq!(found.as_ref().err().map(Refusal::check), check_of(wrong), "{name}: {found:?}");
        if wrong == Wrong::NoAttributes {
            assert!(found.is_ok_and(|found| found.assertion.attributes.is_empty()));
        } else if wrong == Wrong::Replayed {
            let again = ask(&mut agent, &request, "?wrong=replayed").await;
            assert_eq!(response(&again), response(&answer));
        }
    }
}

#[tokio::test]
async fn a_login_begins_at_the_provider() {
    let mut agent = agent();
    let page = agent
        .get(&format!("/_upstreams/saml/acme-saml/start?sp={SP}&acs=https%3A%2F%2Fsp.example%2Facs%3Fa%3Db"))
        .await;
    let answer = press(&mut agent, &page).await;
    assert!(!response(&answer).contains("InResponseTo"));
    let refused = agent.get("/_upstreams/saml/acme-saml/start?sp=a&acs=javascript:alert(1)").await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    assert!(agent.get("/_upstreams/saml/other/metadata").await.status.is_client_error());
}

#[tokio::test]
async fn a_wrong_answer_is_chosen_on_the_page() {
    let mut agent = agent();
    let request = request(&agent);
    let page = ask(&mut agent, &request, "").await;
    assert!(page.body.contains("An answer that expired an hour ago"), "{}", page.body);
    let chosen = agent.press(&page, "form[data-wrong]", &[("wrong", "expired")]).await;
    assert!(chosen.body.contains("The answer will be wrong"), "{}", chosen.body);
    let answer = press(&mut agent, &chosen).await;
    assert_eq!(check(&agent, &response(&answer)).await.unwrap_err().check(), "expiry");
    // It was for that one answer.
    let again = ask(&mut agent, &request, "").await;
    assert!(check(&agent, &response(&again)).await.is_ok());
}

#[tokio::test]
async fn a_name_of_a_format_that_nobody_has_is_refused() {
    let mut agent = agent();
    let format = Some("urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos".to_owned());
    let policy = NameIdPolicy { format, ..NameIdPolicy::default() };
    let request = AuthnRequest { name_id_policy: Some(policy), ..request(&agent) };
    let answer = ask(&mut agent, &request, "").await;
    assert!(response(&answer).contains("status:InvalidNameIDPolicy"));
}
