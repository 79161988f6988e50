//! Service providers that are registered: where answers go, whose requests are taken, for whom assertions are encrypted.

use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::testing::KEY;
use crate::protocols::saml::testing::OTHER;
use crate::upstreams::saml::provider::ServiceProvider;
use crate::upstreams::saml::tests::ACS;
use crate::upstreams::saml::tests::SP;
use crate::upstreams::saml::tests::agent_with;
use crate::upstreams::saml::tests::ask;
use crate::upstreams::saml::tests::check;
use crate::upstreams::saml::tests::check_with;
use crate::upstreams::saml::tests::press;
use crate::upstreams::saml::tests::request;
use crate::upstreams::saml::tests::response;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;

fn known() -> ServiceProvider {
    ServiceProvider {
        entity_id: SP.to_owned(),
        acs: ACS.to_owned(),
        certificate: Some(KEY.certificate().clone()),
        ..ServiceProvider::default()
    }
}

const SSO: &str = "/_upstreams/saml/acme-saml/sso";

async fn by_redirect(agent: &mut Agent, signing: Option<&Signing<'_>>) -> Answer {
    let xml = request(agent).to_xml();
    let message = Outgoing { kind: Kind::Request, xml: &xml, relay_state: Some("state"), deflate: true };
    agent.get(&message.to_url(SSO, signing).unwrap()).await
}

async fn by_post(agent: &mut Agent, signing: Option<&Signing<'_>>) -> Answer {
    let xml = request(agent).to_xml();
    let xml = signing.map_or(xml.clone(), |signing| signing.sign(&xml, "_request").unwrap());
    agent.post(SSO, &[("SAMLRequest", &binding::to_post(&xml)), ("RelayState", "state")]).await
}

#[tokio::test]
async fn requests_are_signed_by_whose_they_are() {
    let (own, other) = (Signing::with(&KEY), Signing::with(&OTHER));
    for (signing, is_good) in [(Some(&own), true), (Some(&other), false), (None, false)] {
        for posted in [false, true] {
            let mut agent = agent_with(vec![known()]);
            let page = if posted { by_post(&mut agent, signing).await } else { by_redirect(&mut agent, signing).await };
            if is_good {
                let answer = press(&mut agent, &page).await;
                assert!(check(&agent, &response(&answer)).await.is_ok());
            } else {
                let xml = response(&page);
                assert!(xml.contains("status:Requester") && xml.contains("The request was refused"), "{xml}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_else_is_answered_and_nowhere_else() {
    let others = [
        ServiceProvider { acs: "https://sp.example/other".to_owned(), ..known() },
        ServiceProvider { entity_id: "urn:other.example".to_owned(), ..known() },
    ];
    for other in others {
        let mut agent = agent_with(vec![other]);
        let request = request(&agent);
        let refused = ask(&mut agent, &request, "").await;
        assert_eq!(refused.status.as_u16(), 400);
        assert!(refused.body.contains("is not registered"), "{}", refused.body);
    }
}

#[tokio::test]
async fn assertions_are_encrypted_for_who_wants_it() {
    let mut agent = agent_with(vec![ServiceProvider { encrypt: true, ..known() }]);
    let page = by_redirect(&mut agent, Some(&Signing::with(&KEY))).await;
    let xml = response(&press(&mut agent, &page).await);
    assert!(xml.contains("EncryptedAssertion") && !xml.contains("ana@corp.example"), "{xml}");
    let found = check_with(&agent, &xml, &[&KEY]).await.unwrap();
    assert!(found.encrypted && found.assertion_signed);
    assert_eq!(found.assertion.name_id().unwrap().value, "ana@corp.example");
}
