//! Single logout, as browsers carry it between service providers and the provider.

use url::Url;

use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::xml::Document;
use crate::upstreams::saml::provider::ServiceProvider;
use crate::upstreams::saml::tests::ACS;
use crate::upstreams::saml::tests::SP;
use crate::upstreams::saml::tests::agent_with;
use crate::upstreams::saml::tests::ask;
use crate::upstreams::saml::tests::check;
use crate::upstreams::saml::tests::press;
use crate::upstreams::saml::tests::request;
use crate::upstreams::saml::tests::response;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;

const SLO: &str = "/_upstreams/saml/acme-saml/slo";

/// Two service providers that hear of logouts; the second one by POST.
fn agent() -> Agent {
    let known = |entity_id: &str, acs: &str, slo_by_post| ServiceProvider {
        entity_id: entity_id.to_owned(),
        acs: acs.to_owned(),
        slo: Some(format!("{}/slo", acs.split("/acs").next().unwrap())),
        slo_by_post,
        ..ServiceProvider::default()
    };
    agent_with(vec![known(SP, ACS, false), known("urn:two.example", "https://two.example/acs", true)])
}

/// Signs in at both; the name of the session.
async fn signed_in(agent: &mut Agent) -> String {
    let request = request(agent);
    let page = ask(agent, &request, "").await;
    let answer = press(agent, &page).await;
    let found = check(agent, &response(&answer)).await.unwrap();
    agent
        .get("/_upstreams/saml/acme-saml/start?sp=urn:two.example")
        .await
        .form("form[action=\"https://two.example/acs\"]");
    found.assertion.authn_statements[0].session_index.clone().unwrap()
}

fn logout(agent: &Agent, name: &str, index: &str) -> LogoutRequest {
    let header = Header {
        id: "_logout".to_owned(),
        issue_instant: agent.clock.now(),
        destination: None,
        issuer: Some(SP.to_owned()),
    };
    LogoutRequest {
        header,
        not_on_or_after: None,
        reason: None,
        name_id: NameId { value: name.to_owned(), ..NameId::default() },
        session_indexes: vec![index.to_owned()],
    }
}

async fn send(agent: &mut Agent, request: &LogoutRequest) -> Answer {
    let xml = request.to_xml();
    let message = Outgoing { kind: Kind::Request, xml: &xml, relay_state: Some("mine"), deflate: true };
    agent.get(&message.to_url(SLO, None).unwrap()).await
}

/// What a redirect carries.
#[track_caller]
fn carried(answer: &Answer, to: &str) -> Incoming {
    let url = answer.location();
    assert!(url.starts_with(to), "{url}");
    let incoming = Incoming::read(Url::parse(&url).unwrap().query().unwrap()).unwrap();
    assert!(incoming.is_signed());
    incoming
}

#[track_caller]
fn status(xml: &str) -> (bool, String) {
    let document = Document::parse(xml).unwrap();
    let response = StatusResponse::read_logout(document.root()).unwrap();
    assert_eq!(response.in_response_to.as_deref(), Some("_logout"));
    (response.status.is_success(), response.status.codes.last().unwrap().clone())
}

/// The second service provider's answer to what a page sends it.
async fn second_answers(agent: &mut Agent, page: &Answer, status: Status) -> Answer {
    let (action, fields) = page.form("form");
    assert_eq!(action, "https://two.example/slo");
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).unwrap().1.clone();
    let xml = binding::from_post(&field("SAMLRequest")).unwrap();
    let document = Document::parse(&xml).unwrap();
    let request = LogoutRequest::read(document.root()).unwrap();
    assert_eq!(request.name_id.value, "ana@corp.example");
    let header = Header {
        id: "_answer".to_owned(),
        issue_instant: agent.clock.now(),
        destination: None,
        issuer: Some("urn:two.example".to_owned()),
    };
    let xml = StatusResponse { header, in_response_to: Some(request.header.id), status }.to_logout_response();
    agent.post(SLO, &[("SAMLResponse", &binding::to_post(&xml)), ("RelayState", &field("RelayState"))]).await
}

#[tokio::test]
async fn who_asks_is_answered_when_the_others_have_heard() {
    for (done, expected) in [(true, (true, "Success")), (false, (false, "PartialLogout"))] {
        let mut agent = agent();
        let index = signed_in(&mut agent).await;
        // Another site's POST comes without the cookie: the session is known by its name.
        let asked = logout(&agent, "ana@corp.example", &index);
        let page = send(&mut agent.other_browser(), &asked).await;
        let second = if done { Status::success() } else { Status::failure("urn:x", None, None) };
        let answer = second_answers(&mut agent, &page, second).await;
        let answer = carried(&answer, "https://sp.example/slo?");
        assert_eq!((answer.kind, answer.relay_state.as_deref()), (Kind::Response, Some("mine")));
        let (success, code) = status(&answer.xml);
        assert_eq!((success, code.rsplit(':').next().unwrap()), expected);
        let request = request(&agent);
        assert!(ask(&mut agent, &request, "").await.body.contains("Choose an account"));
    }
}

#[tokio::test]
async fn a_logout_of_somebody_else_is_refused() {
    let mut agent = agent();
    let index = signed_in(&mut agent).await;
    let asked = logout(&agent, "bo@corp.example", &index);
    let answer = carried(&send(&mut agent, &asked).await, "https://sp.example/slo?");
    assert!(status(&answer.xml).1.ends_with("UnknownPrincipal"));
    let late = LogoutRequest { not_on_or_after: Some(agent.clock.now()), ..logout(&agent, "ana@corp.example", &index) };
    let answer = carried(&send(&mut agent, &late).await, "https://sp.example/slo?");
    assert!(status(&answer.xml).1.ends_with("RequestDenied"));
    let request = request(&agent);
    assert!(!ask(&mut agent, &request, "").await.body.contains("Choose an account"), "still signed in");
}

#[tokio::test]
async fn who_signs_out_here_is_signed_out_everywhere() {
    let mut agent = agent();
    signed_in(&mut agent).await;
    let page = agent.get("/_upstreams/saml/acme-saml/logout").await;
    let next = second_answers(&mut agent, &page, Status::success()).await;
    let asked = carried(&next, "https://sp.example/slo?");
    assert_eq!(asked.kind, Kind::Request);
    let header = Header {
        id: "_answer".to_owned(),
        issue_instant: agent.clock.now(),
        destination: None,
        issuer: Some(SP.to_owned()),
    };
    let xml = StatusResponse { header, in_response_to: None, status: Status::success() }.to_logout_response();
    let message =
        Outgoing { kind: Kind::Response, xml: &xml, relay_state: asked.relay_state.as_deref(), deflate: true };
    let url = message.to_url(SLO, None).unwrap();
    let done = agent.get(&url).await;
    assert!(done.body.contains("You are signed out, here and at the apps"), "{}", done.body);
    assert_eq!(agent.get(&url).await.status.as_u16(), 400, "it is answered once");
}
