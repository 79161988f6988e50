//! The tenant as SAML identity provider, as apps and strangers ask it over real sockets.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use impostor::client::browser::Browser;
use impostor::client::service_provider::{ServiceProvider, Told};
use impostor::client::transport::Transport;

use crate::tenant::{Tenant, callback, page, start};

const ACS: &str = "http://localhost:8485/saml/acs";
const FORM: &str = "application/x-www-form-urlencoded";
const CLIENT: &str = "acme-saml-app";

async fn app(tenant: &Tenant) -> ServiceProvider {
    ServiceProvider::of_client(&tenant.transport, &tenant.issuer, CLIENT, ACS).await.unwrap()
}

/// Alice signs in to the app in a browser of her own: the response, and what the app reads in it.
async fn sign_in(app: &ServiceProvider) -> (String, Told) {
    let mut browser = Browser::new(Transport::new().unwrap()).returning_to(ACS);
    let form = page(browser.open(&app.login(false).unwrap()).await.unwrap()).form_with("username").unwrap();
    let form = form.fill("username", "alice@acme.example").unwrap().fill("password", "Passw0rd!alice").unwrap();
    let callback = callback(browser.submit(form).await.unwrap());
    let xml = STANDARD.decode(callback.get("SAMLResponse").unwrap()).unwrap();
    (String::from_utf8(xml).unwrap(), app.read(&callback).unwrap())
}

#[tokio::test]
async fn twenty_people_sign_in_at_once() {
    let (_impostor, tenant) = start().await;
    let app = app(&tenant).await;
    let (mut assertions, mut sessions) = (HashSet::new(), HashSet::new());
    for (xml, told) in join_all((0..20).map(|_| sign_in(&app))).await {
        let Told::SignedIn { session_index, attributes, .. } = told else { panic!("{told:?}") };
        let email = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
        assert_eq!(attributes[email], ["alice@acme.example"]);
        let assertion = xml.split("<saml:Assertion").nth(1).unwrap().split(" ID=\"").nth(1).unwrap();
        assertions.insert(assertion.split('"').next().unwrap().to_owned());
        sessions.insert(session_index.unwrap());
    }
    assert_eq!((assertions.len(), sessions.len()), (20, 20), "each has an assertion and a session of its own");
}

#[tokio::test]
async fn what_is_no_request_is_told_on_a_page() {
    let (_impostor, tenant) = start().await;
    for path in [format!("/samlp/{CLIENT}"), format!("/samlp/{CLIENT}/logout")] {
        for field in ["SAMLRequest", "SAMLResponse"] {
            // No base64; base64 of no XML; XML of nobody's.
            for message in ["%25%25", "AAAA", "bm9uc2Vuc2U%3D", "PHIvPg%3D%3D", ""] {
                let body = format!("{field}={message}&RelayState=%3Cscript%3Ealert(1)%3C%2Fscript%3E");
                for reply in [tenant.get(&format!("{path}?{body}")).await, tenant.post(&path, FORM, body.clone()).await]
                {
                    assert_eq!(reply.status, 400, "{path} {body}: {}", reply.body);
                    assert!(!reply.body.contains("<script>alert"), "{path} {body}: {}", reply.body);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_and_others_are_served() {
    let (_impostor, tenant) = start().await;
    let path = format!("/samlp/{CLIENT}");
    let huge = tenant.post(&path, FORM, format!("SAMLRequest={}", "A".repeat(8_000_000))).await;
    assert_eq!(huge.status, 400, "{}", huge.body);
    assert!(matches!(sign_in(&app(&tenant).await).await.1, Told::SignedIn { .. }));
}

#[tokio::test]
async fn clients_that_are_unknown_or_speak_no_saml_are_refused() {
    let (_impostor, tenant) = start().await;
    for (client, status) in [("nobody", 403), ("acme-web", 400), ("%00", 403), ("..%2F..", 403)] {
        for path in [format!("/samlp/{client}"), format!("/samlp/metadata/{client}")] {
            assert_eq!(tenant.get(&path).await.status, status, "{path}");
        }
        let logout = tenant.post(&format!("/samlp/{client}/logout"), FORM, "SAMLRequest=PHIvPg%3D%3D").await;
        assert_eq!(logout.status, status, "{client}: {}", logout.body);
    }
}
