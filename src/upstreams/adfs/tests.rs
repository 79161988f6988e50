//! AD FS as a browser and a relying party see it.

use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::verify::Trust;
use crate::protocols::wsfed::consume;
use crate::protocols::wsfed::consume::Consumed;
use crate::protocols::wsfed::metadata::TokenService;
use crate::protocols::wsfed::names::claim;
use crate::time::Rng;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::tests::password;
use crate::upstreams::active_directory::tests::set_up;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;

const REALM: &str = "urn:auth0:acme";
const LS: &str = "/_upstreams/adfs/adfs/ls/";
const ASK: &str = "/_upstreams/adfs/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3Aauth0%3Aacme&wreply=https%3A%2F%2Frp.example%2Fcallback%3Fa%3Db&wctx=a%20b%26c";

fn agent() -> Agent {
    let agent = Agent::new();
    let set = agent.upstreams.write(|draft| {
        let (now, mut rng) = (draft.now, Rng::new(Some(1)));
        set_up(&mut Editor { directory: &mut draft.directory, now, rng: &mut rng, writer: Writer::Setup })
    });
    set.unwrap();
    agent
}

/// Types name and password into the page of a request.
async fn sign_in(agent: &mut Agent, ask: &str, name: &str, password: &str) -> Answer {
    let page = agent.get(ask).await;
    assert_eq!(page.status, 200, "{}", page.body);
    agent.press(&page, "form[data-sign-in]", &[("UserName", name), ("Password", password)]).await
}

async fn metadata(agent: &mut Agent) -> TokenService {
    let answer = agent.get("/_upstreams/adfs/FederationMetadata/2007-06/FederationMetadata.xml").await;
    assert_eq!(answer.headers["content-type"], "application/samlmetadata+xml");
    TokenService::read(&answer.body).unwrap()
}

/// The token of an answer, checked as a relying party does that loaded the metadata.
async fn token(agent: &mut Agent, answer: &Answer) -> Consumed {
    let service = metadata(agent).await;
    let (action, fields) = answer.form("form");
    assert_eq!(action, "https://rp.example/callback?a=b");
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!((field("wa"), field("wctx")), (Some("wsignin1.0"), Some("a b&c")));
    let expected = Expectations {
        trust: Trust { certificates: &service.signing, sha1: Sha1::Refused },
        issuer: Some(&service.entity_id),
        audience: REALM,
        destinations: &[],
        recipients: &[],
        request: None,
        unsolicited: true,
        now: agent.clock.now(),
        skew_seconds: 0,
        decryption_keys: &[],
    };
    consume::consume(field("wresult").unwrap(), &expected).unwrap()
}

#[tokio::test]
async fn who_has_an_account_in_the_directory_gets_a_token() {
    let mut agent = agent();
    let answer = sign_in(&mut agent, ASK, "ACME\\ana", &password("ana")).await;
    let taken = token(&mut agent, &answer).await;
    let claims: Vec<(&str, Vec<&str>)> = taken
        .assertion
        .attributes
        .iter()
        .filter(|claim| claim.name != claim::PRIMARY_SID)
        .map(|claim| (&*claim.name, claim.values.iter().map(|value| &*value.text).collect()))
        .collect();
    let expected = [
        (claim::UPN, vec!["ana@acme.example"]),
        (claim::EMAIL, vec!["ana@acme.example"]),
        (claim::GIVEN_NAME, vec!["Ana"]),
        (claim::SURNAME, vec!["Ruiz"]),
        (claim::WINDOWS_ACCOUNT, vec!["ACME\\ana"]),
        (claim::GROUP, vec!["Domain Users", "House", "Team", "Users", "World"]),
    ];
    assert_eq!(claims, expected);
    assert_eq!(taken.assertion.name_id().unwrap().value, "ana@acme.example");
    assert_eq!(taken.replay_until, agent.clock.now().plus_seconds(3600));
    assert_eq!(metadata(&mut agent).await.passive, format!("{AT}{LS}"));
}

#[tokio::test]
async fn who_is_signed_in_is_not_asked_again_unless_it_is_wanted() {
    let mut agent = agent();
    sign_in(&mut agent, ASK, "ana@acme.example", &password("ana")).await;
    let answer = agent.get(ASK).await;
    token(&mut agent, &answer).await;
    let fresh = format!("{ASK}&wfresh=0&username=bo%40acme.example");
    let page = agent.get(&fresh).await;
    assert!(page.body.contains("value=\"bo@acme.example\""), "{}", page.body);
    agent.clock.advance(std::time::Duration::from_secs(601));
    assert!(agent.get(&format!("{ASK}&wfresh=11")).await.body.contains("wresult"));
    assert!(agent.get(&format!("{ASK}&wfresh=10")).await.body.contains("data-sign-in"));
    assert!(agent.other_browser().get(ASK).await.body.contains("data-sign-in"));
    agent.clock.advance(std::time::Duration::from_hours(8));
    assert!(agent.get(ASK).await.body.contains("data-sign-in"));
}

#[tokio::test]
async fn the_directory_decides_who_may_come_in() {
    let mut agent = agent();
    let wrong = "Incorrect user ID or password. Type the correct user ID and password, and try again.";
    for (name, typed, problem) in [
        ("ACME\\ana", "wrong".to_owned(), wrong),
        ("nobody@acme.example", "x".to_owned(), wrong),
        ("ACME\\ana", String::new(), wrong),
        ("ACME\\cenek", password("cenek"), "Your account can't be used."),
        ("ACME\\stale", password("stale"), "You must update your password because it has expired."),
    ] {
        let page = sign_in(&mut agent, ASK, name, &typed).await;
        assert!(page.body.replace("&#39;", "'").contains(problem), "{name}: {}", page.body);
        assert!(page.body.contains("data-sign-in"));
    }
    let failures = |agent: &Agent| {
        let state = agent.upstreams.read();
        state.directory.account("ACME\\ana").and_then(|entry| entry.number("badPwdCount"))
    };
    assert_eq!(failures(&agent), Some(2), "they count towards a lockout");

    sign_in(&mut agent, ASK, "ACME\\ana", &password("ana")).await;
    let disabled = agent.upstreams.write(|draft| {
        let (now, mut rng) = (draft.now, Rng::new(Some(2)));
        let mut editor = Editor { directory: &mut draft.directory, now, rng: &mut rng, writer: Writer::Setup };
        editor.delete("CN=Ana Ruiz,OU=Sales,DC=acme,DC=example", false)
    });
    disabled.unwrap();
    assert!(agent.get(ASK).await.body.contains("data-sign-in"), "a session is worth nothing without its account");
}

#[tokio::test]
async fn who_signs_out_is_asked_again() {
    let mut agent = agent();
    for (out, back) in [
        ("wa=wsignout1.0&wreply=https%3A%2F%2Frp.example%2Fbye", Some("https://rp.example/bye")),
        ("wa=wsignout1.0", None),
        ("wa=wsignout1.0&wreply=javascript%3Aalert(1)", None),
        ("wa=wsignoutcleanup1.0", None),
    ] {
        sign_in(&mut agent, &format!("{ASK}&wfresh=0"), "ACME\\ana", &password("ana")).await;
        let answer = agent.get(&format!("{LS}?{out}")).await;
        match back {
            Some(back) => assert_eq!(answer.location(), back),
            None => assert!(answer.body.contains("You have been signed out."), "{}", answer.body),
        }
        assert!(agent.get(ASK).await.body.contains("data-sign-in"));
    }
}

#[tokio::test]
async fn what_can_not_be_answered_is_told_on_a_page() {
    let mut agent = agent();
    for (query, code) in [
        ("", "MSIS7065"),
        ("wa=wattr1.0", "MSIS7065"),
        ("wa=wsignin1.0", "MSIS7007"),
        ("wa=wsignin1.0&wtrealm=urn:a", "MSIS3127"),
        ("wa=wsignin1.0&wtrealm=urn:a&wreply=javascript:x", "MSIS3127"),
        ("wa=wsignin1.0&wtrealm=urn:a&wreply=http://x&wfresh=soon", "MSIS7012"),
        ("wa=wsignin1.0&wa=wsignin1.0", "MSIS7012"),
    ] {
        let answer = agent.get(&format!("{LS}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body.contains(code), "{query}: {}", answer.body);
    }
    let answer = agent.post(&format!("{LS}?wa=wsignout1.0"), &[("UserName", "x")]).await;
    assert_eq!(answer.status, 400);
}
