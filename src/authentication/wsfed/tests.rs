//! The endpoint, as relying parties and browsers meet it.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

use crate::authentication::testing::Answer;
use crate::authentication::testing::Browser;
use crate::authentication::testing::Host;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::verify::Trust;
use crate::protocols::wsfed::consume;
use crate::protocols::wsfed::metadata::TokenService;

const REPLY: &str = "https://app.example/cb";

/// A tenant whose client `web` has these properties besides its own.
async fn host(more: Value) -> Host {
    let host = Host::new();
    let put: Result<(), std::convert::Infallible> = host
        .tenant
        .write(|tx| {
            let mut client = (**tx.client("web").unwrap()).clone();
            client.extra.extend(more.as_object().unwrap().clone());
            tx.clients.put("web".into(), client);
            Ok(())
        })
        .await;
    put.unwrap();
    host
}

async fn with_addon() -> Host {
    host(json!({ "addons": { "wsfed": {} }, "client_aliases": ["https://rp.example/", "urn:second"] })).await
}

/// The answer, and the fields that the browser posts with it.
fn posted(answer: &Answer) -> BTreeMap<String, String> {
    let page = answer.text();
    assert_eq!(answer.status, 200, "{page}");
    assert!(page.contains(&format!("action=\"{REPLY}\"")), "{page}");
    let document = scraper::Html::parse_document(&page);
    let inputs = scraper::Selector::parse("input").unwrap();
    let field = |input: scraper::ElementRef<'_>| {
        Some((input.value().attr("name")?.to_owned(), input.value().attr("value")?.to_owned()))
    };
    document.select(&inputs).filter_map(field).collect()
}

async fn metadata(host: &Host, path: &str) -> TokenService {
    let answer = host.get(path).await;
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    TokenService::read(&answer.text()).unwrap()
}

/// The token of an answer, checked as a relying party does that loaded the metadata.
async fn token(host: &Host, answer: &Answer, realm: &str) -> Assertion {
    let service = metadata(host, "/wsfed/FederationMetadata/2007-06/FederationMetadata.xml").await;
    let fields = posted(answer);
    assert_eq!(fields["wa"], "wsignin1.0");
    let expected = Expectations {
        trust: Trust { certificates: &service.signing, sha1: Sha1::Refused },
        issuer: Some(&service.entity_id),
        audience: realm,
        destinations: &[],
        recipients: &[],
        request: None,
        unsolicited: true,
        now: host.tenant.now(),
        skew_seconds: 0,
        decryption_keys: &[],
    };
    consume::consume(&fields["wresult"], &expected).unwrap().assertion
}

/// Signs Ana in on the page that a request leads to.
async fn signed_in(browser: &mut Browser<'_>, path: &str) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, 302, "{}", page.text());
    let resume = browser.post(page.header("location"), &[]).await;
    browser.get(resume.header("location")).await
}

#[tokio::test]
async fn who_signs_in_brings_a_token() {
    let host = with_addon().await;
    let mut browser = Browser::new(&host);
    let answer = signed_in(&mut browser, "/wsfed/web?wctx=a%20b%26c").await;
    assert_eq!(posted(&answer)["wctx"], "a b&c");
    let token = token(&host, &answer, "urn:web").await;
    assert_eq!(token.issuer, "urn:localhost:4480");
    assert_eq!(token.name_id().unwrap().value, "auth0|ana");
    let claims: BTreeMap<&str, &str> =
        token.attributes.iter().map(|claim| (&*claim.name, &*claim.values[0].text)).collect();
    assert_eq!(claims["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"], "ana@people.example");
    assert_eq!(claims["http://schemas.auth0.com/email_verified"], "false");
}

#[tokio::test]
async fn a_realm_is_the_clients_id_or_an_alias() {
    let host = with_addon().await;
    let mut browser = Browser::new(&host);
    signed_in(&mut browser, "/wsfed?wtrealm=urn:web").await;
    for (asked, realm) in [
        ("wtrealm=urn%3Aweb", "urn:web"),
        ("wa=wsignin1.0&wtrealm=https%3A%2F%2Frp.example%2F", "https://rp.example/"),
        ("wtrealm=urn:second&wreply=https%3A%2F%2Fapp.example%2Fcb", "urn:second"),
    ] {
        let answer = browser.get(&format!("/wsfed?{asked}")).await;
        token(&host, &answer, realm).await;
    }
    token(&host, &browser.get("/wsfed/web?wtrealm=urn:anything").await, "urn:anything").await;
}

#[tokio::test]
async fn what_can_not_be_trusted_ends_on_our_page() {
    let host = with_addon().await;
    for (path, status, text) in [
        ("/wsfed", 400, "Missing required parameter: wtrealm"),
        ("/wsfed?wtrealm=urn:nobody", 403, "Unknown client: urn:nobody"),
        ("/wsfed?wtrealm=web", 403, "Unknown client: web"),
        ("/wsfed/nobody?wtrealm=urn:web", 403, "Unknown client: nobody"),
        ("/wsfed/web?wreply=https://evil.example/", 403, "Callback URL mismatch."),
        ("/wsfed/web?wa=wattr1.0", 400, "wa is none that is known here: wattr1.0"),
        ("/wsfed/web?wfresh=soon", 400, "wfresh is not a number of minutes"),
        ("/wsfed/web?wctx=a&wctx=b", 400, "wctx"),
    ] {
        let answer = host.get(path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        assert!(answer.text().contains(text), "{path}: {}", answer.text());
    }
    let answer = host.get("/wsfed/web?whr=nowhere&wctx=c").await;
    let fields = posted(&answer);
    assert!(fields["wresult"].contains(">wst:InvalidRequest<"), "{fields:?}");
    assert!(fields["wresult"].contains(">the connection is not enabled<") && fields["wctx"] == "c");
    let long = format!("/wsfed/web?wctx={}", "x".repeat(8193));
    assert!(host.get(&long).await.text().contains("a part of the request is too long"));
    let without = host_without_addon().await;
    for path in ["/wsfed/web", "/wsfed/web/FederationMetadata/2007-06/FederationMetadata.xml"] {
        let answer = without.get(path).await;
        assert!(answer.text().contains("WS-Federation is not enabled for the client"), "{}", answer.text());
    }
}

async fn host_without_addon() -> Host {
    host(json!({ "addons": { "wsfed": null, "samlp": {} } })).await
}

#[tokio::test]
async fn freshness_and_home_realm_are_followed() {
    let host = with_addon().await;
    let mut browser = Browser::new(&host);
    signed_in(&mut browser, "/wsfed/web").await;
    let asked_again = |answer: Answer| answer.status == 302 && answer.header("location").starts_with("/u/login");
    assert!(asked_again(browser.get("/wsfed/web?wfresh=0").await));
    assert!(!asked_again(browser.get("/wsfed/web?wfresh=10").await));
    for home in ["db", "urn:db"] {
        let answer = host.get(&format!("/wsfed/web?whr={home}")).await;
        assert!(asked_again(answer), "{home}");
    }
}

#[tokio::test]
async fn who_signs_out_goes_where_the_client_says() {
    let host = with_addon().await;
    let mut browser = Browser::new(&host);
    signed_in(&mut browser, "/wsfed/web").await;
    let answer = browser.get("/wsfed/web?wa=wsignout1.0&wreply=https%3A%2F%2Fevil.example%2F").await;
    assert_eq!(answer.status, 400);
    assert_eq!(host.tenant.read().sessions.len(), 1);
    let bye = "https://app.example/bye?a=b";
    let answer =
        browser.get("/wsfed?wa=wsignout1.0&wtrealm=urn:web&wreply=https%3A%2F%2Fapp.example%2Fbye%3Fa%3Db").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, bye));
    assert_eq!(host.tenant.read().sessions.len(), 0);
    signed_in(&mut browser, "/wsfed/web").await;
    let answer = browser.get("/wsfed?wa=wsignoutcleanup1.0").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "OK"));
    assert_eq!(host.tenant.read().sessions.len(), 0);
}

#[tokio::test]
async fn metadata_names_the_endpoint() {
    let host = with_addon().await;
    let own = metadata(&host, "/wsfed/FederationMetadata/2007-06/FederationMetadata.xml").await;
    assert_eq!((&*own.entity_id, &*own.passive), ("urn:localhost:4480", "http://localhost:4480/wsfed"));
    for path in ["/wsfed/web/FederationMetadata", "/web/wsfed/FederationMetadata"] {
        let of_client = metadata(&host, &format!("{path}/2007-06/FederationMetadata.xml")).await;
        assert_eq!(of_client, TokenService { passive: "http://localhost:4480/wsfed/web".to_owned(), ..own.clone() });
    }
}
