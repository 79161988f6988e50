//! Requests as they go out, and tokens as they come back.

use serde_json::Value;
use serde_json::json;

use crate::connections::adfs::import;
use crate::connections::error::ConnectionError;
use crate::connections::redirect::Returned;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use crate::domain::profile::claim_uris::EMAIL;
use crate::domain::profile::claim_uris::NAME_ID;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::http::outgoing::Outgoing;
use crate::keys::hash::Hash;
use crate::keys::rsa_key::RsaKey;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Value as Text;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::testing;
use crate::protocols::wsfed::metadata::TokenService;
use crate::protocols::wsfed::response::Envelope;

const REALM: &str = "urn:auth0:acme";
const PASSIVE: &str = "https://adfs.example/adfs/ls/?farm=1";

fn metadata(keys: &[&RsaKey]) -> String {
    TokenService {
        entity_id: testing::IDP.to_owned(),
        signing: keys.iter().map(|key| key.certificate().clone()).collect(),
        passive: PASSIVE.to_owned(),
        claims: Vec::new(),
    }
    .to_xml()
}

fn party(options: Value) -> Party {
    Party::new("adfs", "http://localhost:1", options)
}

fn described() -> Party {
    party(json!({ "fedMetadataXml": metadata(&[&testing::KEY]) }))
}

/// A token for the tenant.
fn token() -> Assertion {
    let mut token = testing::assertion();
    token.conditions.as_mut().unwrap().audiences = vec![vec![REALM.to_owned()]];
    let attribute = |name: &str, values: &[&str]| Attribute {
        name: name.to_owned(),
        values: values.iter().map(|text| Text::string(text)).collect(),
        ..Attribute::default()
    };
    token.attributes = vec![
        attribute(EMAIL, &["ana@corp.example"]),
        attribute("http://schemas.xmlsoap.org/claims/Group", &["Staff", "Ops"]),
        attribute("issuer", &["forged"]),
    ];
    token
}

fn answer(token: &Assertion, signing: Signing<'_>) -> String {
    let signed = signing.sign(&token.to_xml_1_1(), &token.id).unwrap();
    let (created, expires) = (testing::now(), testing::now().plus_seconds(600));
    Envelope { realm: REALM, created, expires, token: &signed }.to_xml()
}

fn good() -> String {
    answer(&token(), Signing::with(&testing::KEY))
}

async fn visit(party: &Party) -> UpstreamVisit {
    party.depart(&request()).await.unwrap().visit
}

async fn back(party: &Party, wresult: &str) -> Result<Returned, ConnectionError> {
    party.arrive(&visit(party).await, &[("wa", "wsignin1.0"), ("wresult", wresult)]).await
}

#[track_caller]
fn doubted(result: Result<Returned, ConnectionError>, expected: &str) -> String {
    let Err(ConnectionError::Assertion(doubt)) = result else { panic!("{result:?}") };
    assert_eq!(doubt.check, expected);
    doubt.description
}

#[tokio::test]
async fn a_request_goes_out_as_ad_fs_wants_it() {
    let mut party = described();
    party.connection.options.insert("upstream_params".to_owned(), json!({ "whr": { "value": "urn:home" } }));
    let hinted = AuthorizationRequest {
        login_hint: Some("ana@corp.example".to_owned()),
        prompt: vec!["login".to_owned()],
        ..request()
    };
    let departure = party.depart(&hinted).await.unwrap();
    let start = "https://adfs.example/adfs/ls/?farm=1&wa=wsignin1.0&wreply=http%3A%2F%2Flocalhost%3A4480%2Flogin%2Fcallback&wtrealm=urn%3Aauth0%3Aacme&wctx=";
    assert!(departure.location.starts_with(start), "{}", departure.location);
    assert!(departure.location.ends_with("&wfresh=0&username=ana%40corp.example&whr=urn%3Ahome"));
    let sent = party.sent(&request()).await;
    assert_eq!(sent["wctx"], party.depart(&request()).await.unwrap().visit.state);
    assert_eq!((sent.get("wfresh"), sent.get("username")), (None, None));
    party.connection.options.insert("entityId".to_owned(), "urn:own".into());
    assert_eq!(party.sent(&request()).await["wtrealm"], "urn:own");
}

#[tokio::test]
async fn a_tokens_claims_become_the_profile() {
    let returned = back(&described(), &good()).await.unwrap();
    let expected = json!({
        EMAIL: "ana@corp.example", "http://schemas.xmlsoap.org/claims/Group": ["Staff", "Ops"],
        NAME_ID: "ana@corp.example", "issuer": testing::IDP,
    });
    assert_eq!(Value::Object(returned.raw.0), expected);
    assert_eq!(returned.once.unwrap().until, testing::now().plus_seconds(660));
    let mut named = token();
    named.attributes.push(Attribute {
        name: NAME_ID.to_owned(),
        values: vec![Text::string("claimed")],
        ..Attribute::default()
    });
    let returned = back(&described(), &answer(&named, Signing::with(&testing::KEY))).await.unwrap();
    assert_eq!(returned.raw.0[NAME_ID], "claimed");
}

#[tokio::test]
async fn a_certificate_may_be_known_by_its_thumbprint_alone() {
    let thumbprint = testing::KEY.certificate().thumbprint().to_ascii_uppercase();
    for name in ["thumbprints", "prev_thumbprints"] {
        let party = party(json!({ "signInEndpoint": PASSIVE, name: [thumbprint] }));
        assert!(back(&party, &good()).await.is_ok(), "{name}");
        let other = answer(&token(), Signing::with(&testing::OTHER));
        let description = doubted(back(&party, &other).await, "thumbprint");
        let (known, found) = (testing::KEY.certificate().thumbprint(), testing::OTHER.certificate().thumbprint());
        assert_eq!(description, format!("Invalid thumbprint (configured: {known}. calculated: {found})"));
    }
    let nobody = party(json!({ "signInEndpoint": PASSIVE, "thumbprints": [] }));
    let error = nobody.depart(&request()).await.unwrap_err();
    assert_eq!(error.to_string(), "use the connection: it has no thumbprints");
}

#[tokio::test]
async fn what_is_not_for_us_is_refused() {
    let with = |change: &dyn Fn(&mut Assertion)| {
        let mut token = token();
        change(&mut token);
        answer(&token, Signing::with(&testing::KEY))
    };
    let audience = with(&|token| token.conditions.as_mut().unwrap().audiences = vec![vec!["urn:other".to_owned()]]);
    doubted(back(&described(), &audience).await, "audience");
    doubted(back(&described(), &with(&|token| token.issuer = "urn:other".to_owned())).await, "issuer");
    let old =
        with(&|token| token.conditions.as_mut().unwrap().not_on_or_after = Some(testing::now().plus_seconds(-60)));
    assert_eq!(doubted(back(&described(), &old).await, "expiry"), "assertion has expired.");
    doubted(back(&described(), "nonsense").await, "xml");
    let sha1 = Signing { signature: Hash::Sha1, digest: Hash::Sha1, ..Signing::with(&testing::KEY) };
    doubted(back(&described(), &answer(&token(), sha1)).await, "algorithm");
    let mut trusting = described();
    trusting.connection.options.insert("signatureAlgorithm".to_owned(), "rsa-sha1".into());
    assert!(back(&trusting, &answer(&token(), sha1)).await.is_ok());
    let party = described();
    let visit = visit(&party).await;
    for callback in [&[("wa", "wsignout1.0"), ("wresult", "x")][..], &[("wa", "wsignin1.0")]] {
        assert!(matches!(party.arrive(&visit, callback).await, Err(ConnectionError::BadCallback(_))), "{callback:?}");
    }
}

#[tokio::test]
async fn metadata_is_imported_when_the_connection_is_saved() {
    let outgoing = Outgoing::new(axum::Router::new());
    let saved = async |options: Value| {
        let Value::Object(mut options) = options else { panic!("they are no object") };
        import::complete(&mut options, &outgoing).await.map(|()| Value::Object(options))
    };
    let (key, other) = (testing::KEY.certificate().thumbprint(), testing::OTHER.certificate().thumbprint());
    let xml = metadata(&[&testing::KEY, &testing::OTHER]);
    let filled = saved(json!({ "fedMetadataXml": xml })).await.unwrap();
    let expected = json!({ "fedMetadataXml": xml, "signInEndpoint": PASSIVE, "thumbprints": [key, other] });
    assert_eq!(filled, expected);

    let changed = json!({
        "fedMetadataXml": metadata(&[&testing::OTHER]), "thumbprints": [key, other], "signInEndpoint": "https://own.example/",
    });
    let filled = saved(changed).await.unwrap();
    assert_eq!((&filled["thumbprints"], &filled["prev_thumbprints"]), (&json!([other]), &json!([key])));
    assert_eq!(filled["signInEndpoint"], "https://own.example/");

    let keyless = json!({ "fedMetadataXml": metadata(&[]), "thumbprints": [key] });
    assert_eq!(saved(keyless).await.unwrap()["thumbprints"], json!([key]));
    let unreachable = json!({ "adfs_server": "http://127.0.0.1:1/" });
    assert_eq!(saved(unreachable.clone()).await, Ok(unreachable));
    let error = saved(json!({ "fedMetadataXml": "<r/>" })).await.unwrap_err();
    assert!(error.contains("it is no EntityDescriptor"), "{error}");
}

#[tokio::test]
async fn metadata_is_asked_for_where_it_is() {
    let provider = Provider::silent().await;
    let path = "/FederationMetadata/2007-06/FederationMetadata.xml";
    provider.says("GET", path, 200, &metadata(&[&testing::KEY])).await;
    let by_option = party(json!({ "adfs_server": provider.at("") }));
    assert!(back(&by_option, &good()).await.is_ok());
    let by_address = Party::new("adfs", &provider.at(""), json!({}));
    assert!(back(&by_address, &good()).await.is_ok());
    let nowhere = party(json!({ "adfs_server": provider.at("/elsewhere.xml") }));
    let error = nowhere.depart(&request()).await.unwrap_err().to_string();
    assert!(error.ends_with("the answer is 404 Not Found"), "{error}");
}
