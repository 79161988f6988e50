//! Entra ID as apps and browsers see it, over the people of an Active Directory.

use super::*;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::time::Rng;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::tests::password;
use crate::upstreams::active_directory::tests::set_up;

pub(super) const ANA: &str = "CN=Ana Ruiz,OU=Sales,DC=acme,DC=example";
pub(super) const AUTHORIZE: &str = "/acme.example/oauth2/v2.0/authorize";
pub(super) const TOKEN: &str = "/acme.example/oauth2/v2.0/token";
const SCOPE: &str = "openid profile email User.Read Directory.Read.All offline_access";

pub(super) fn edit(agent: &Agent, edit: impl FnOnce(&mut Editor<'_>) -> Result<(), Refusal>) {
    let edited = agent.upstreams.write(|draft| {
        let (now, mut rng) = (draft.now, Rng::from_key(draft.rng().key()));
        edit(&mut Editor { directory: &mut draft.directory, now, rng: &mut rng, writer: Writer::Setup })
    });
    edited.unwrap();
}

/// With Bob, whose account is personal, and the directory of `acme.example`.
pub(super) fn company() -> Agent {
    let agent = agent();
    edit(&agent, set_up);
    agent
}

pub(super) fn one(name: &str, value: &str) -> Attribute {
    Attribute { name: name.into(), values: vec![value.as_bytes().into()] }
}

/// Ana's account is disabled.
fn disable(agent: &Agent) {
    edit(agent, |editor| {
        let ana = editor.directory.find(ANA)?.id;
        let attribute = one("userAccountControl", "514");
        editor.modify(ana, &[Change { kind: ChangeKind::Replace, attribute }], false)
    });
}

pub(super) fn work(path: &str, extra: &[(&str, &str)]) -> String {
    let mut all = vec![("scope", SCOPE), ("nonce", "n1")];
    all.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    all.extend(extra);
    authorize_at(path, &all)
}

async fn type_in(agent: &mut Agent, page: &Answer, name: &str, password: &str) -> Answer {
    agent.press(page, "form[data-password]", &[("loginfmt", name), ("passwd", password)]).await
}

pub(super) async fn sign_in_at(agent: &mut Agent, url: &str, account: &str) -> Url {
    let page = agent.get(url).await;
    let form = page.form("form[data-password]");
    let fields: Vec<_> = form.1.iter().filter(|(name, _)| name == "flow").collect();
    let name = format!("{account}@acme.example");
    let typed = [("flow", fields[0].1.as_str()), ("loginfmt", &name), ("passwd", &password(account))];
    let answer = agent.post(&form.0, &typed).await;
    Url::parse(&answer.location()).unwrap()
}

async fn tokens_at(agent: &mut Agent, (authorize, token): (&str, &str), account: &str) -> Value {
    let callback = sign_in_at(agent, &work(authorize, &[]), account).await;
    redeem_at(agent, token, &callback, &[]).await.json()
}

pub(super) async fn tokens(agent: &mut Agent, account: &str) -> Value {
    tokens_at(agent, (AUTHORIZE, TOKEN), account).await
}

pub(super) async fn graph(agent: &mut Agent, tokens: &Value, path: &str) -> Value {
    agent.get_as(&format!("{BASE}/v1.0{path}"), tokens["access_token"].as_str().unwrap()).await.json()
}

pub(super) fn claims(tokens: &Value) -> Value {
    let jws = Jws::parse(tokens["id_token"].as_str().unwrap()).unwrap();
    let names = ["iss", "tid", "oid", "sub", "ver", "name", "preferred_username", "upn", "unique_name", "given_name"];
    let more = ["email", "email_verified", "nonce", "aud", "amr", "groups", "_claim_names", "_claim_sources"];
    let told = names.iter().chain(&more).filter_map(|name| Some(((*name).to_owned(), jws.unverified(name)?.clone())));
    Value::Object(told.collect())
}

#[tokio::test]
async fn an_id_token_says_what_the_directory_does() {
    let mut agent = company();
    let told = claims(&tokens(&mut agent, "ana").await);
    let tid = told["tid"].as_str().unwrap();
    assert_eq!(told["iss"], format!("{AT}{BASE}/{tid}/v2.0"));
    assert_eq!((&told["ver"], &told["nonce"], &told["aud"]), (&json!("2.0"), &json!("n1"), &json!("app")));
    assert_eq!((&told["email"], told.get("email_verified")), (&json!("ana@acme.example"), None));
    assert_eq!(told["preferred_username"], "ana@acme.example");
    assert_eq!((told.get("upn"), told.get("given_name"), told.get("amr")), (None, None, None));
    assert_eq!(told["groups"].as_array().unwrap().len(), 3);
    let again = claims(&tokens(&mut agent.other_browser(), "ana").await);
    assert_eq!((&again["oid"], &again["sub"]), (&told["oid"], &told["sub"]));
    assert_ne!(claims(&tokens(&mut agent.other_browser(), "bo").await)["oid"], told["oid"]);
}

#[tokio::test]
async fn the_first_age_has_its_own_paths_claims_and_answers() {
    let mut agent = company();
    let places = ("/acme.example/oauth2/authorize", "/acme.example/oauth2/token");
    let callback = sign_in_at(&mut agent, &work(places.0, &[("scope", ""), ("resource", "r")]), "ana").await;
    let tokens = redeem_at(&mut agent, places.1, &callback, &[]).await.json();
    assert_eq!((&tokens["expires_in"], &tokens["expires_on"]), (&json!("3600"), &json!("1900003600")));
    assert!(tokens["refresh_token"].is_string());
    let told = claims(&tokens);
    let tid = told["tid"].as_str().unwrap();
    assert_eq!(told["iss"], format!("{AT}{BASE}/{tid}/"));
    assert_eq!((&told["ver"], &told["amr"]), (&json!("1.0"), &json!(["pwd"])));
    assert_eq!((&told["upn"], &told["unique_name"]), (&json!("ana@acme.example"), &json!("ana@acme.example")));
    assert_eq!((&told["given_name"], told.get("preferred_username")), (&json!("Ana"), None));
    let discovery = format!("{BASE}/acme.example/.well-known/openid-configuration");
    let document = agent.get(&discovery).await.json();
    assert_eq!(
        (&document["issuer"], &document["token_endpoint"]),
        (&told["iss"], &json!(format!("{AT}{BASE}/{tid}/oauth2/token")))
    );
    assert!(agent.get(document["jwks_uri"].as_str().unwrap()).await.json()["keys"][0]["n"].is_string());
    let consumers = agent.get(&format!("{BASE}/consumers/.well-known/openid-configuration")).await;
    refused(&consumers, 400, "invalid_tenant", 90002);
}

#[tokio::test]
async fn a_directory_goes_by_several_names_and_there_is_none_without_domain() {
    let mut agent = company();
    let document = |name: &str| format!("{BASE}/{name}/v2.0/.well-known/openid-configuration");
    let issuer = agent.get(&document("acme.example")).await.json()["issuer"].clone();
    for name in ["ACME.example", "corp.acme.example", "acme.onmicrosoft.com"] {
        assert_eq!(agent.get(&document(name)).await.json()["issuer"], issuer, "{name}");
    }
    let several = format!("{AT}{BASE}/{{tenantid}}/v2.0");
    for name in ["organizations", "common"] {
        assert_eq!(agent.get(&document(name)).await.json()["issuer"], several);
    }
    refused(&agent.get(&document("other.example")).await, 400, "invalid_tenant", 90002);
    let mut without = super::agent();
    for name in ["acme.example", "organizations"] {
        refused(&without.get(&document(name)).await, 400, "invalid_tenant", 90002);
    }
}

#[tokio::test]
async fn who_may_not_come_in_is_told_the_number() {
    let mut agent = company();
    let page = agent.get(&work(AUTHORIZE, &[])).await;
    let check = async |agent: &mut Agent, name: &str, password: &str, number: u32| {
        let (action, fields) = page.form("form[data-password]");
        let flow = &fields.iter().find(|(name, _)| name == "flow").unwrap().1;
        let answer = agent.post(&action, &[("flow", flow), ("loginfmt", name), ("passwd", password)]).await;
        assert!(answer.body.contains(&format!("data-error=\"{number}\"")), "{name}: {}", answer.body);
    };
    for (name, password, number) in [
        ("ana@acme.example", "wrong", 50126),
        ("ana@acme.example", "", 50126),
        ("nobody@acme.example", "wrong", 50034),
        (BOB, "wrong", 50034),
        ("ACME\\ana", "Passw0rd!ana", 50034),
        ("CN=Ana Ruiz,OU=Sales,DC=acme,DC=example", "Passw0rd!ana", 50034),
        ("cenek@acme.example", "Passw0rd!cenek", 50057),
        ("cenek@acme.example", "wrong", 50126),
        ("expired@acme.example", "Passw0rd!expired", 50057),
        ("stale@acme.example", "Passw0rd!stale", 50055),
        ("new@acme.example", "Passw0rd!new", 50055),
    ] {
        check(&mut agent, name, password, number).await;
    }
    for _ in 0..10 {
        check(&mut agent, "bo@acme.example", "wrong", 50126).await;
    }
    check(&mut agent, "bo@acme.example", "Passw0rd!bo", 50053).await;
}

#[tokio::test]
async fn who_is_signed_in_is_not_asked_again_until_the_directory_says_no() {
    let mut agent = company();
    sign_in_at(&mut agent, &work(AUTHORIZE, &[]), "ana").await;
    for extra in [vec![], vec![("prompt", "none")], vec![("login_hint", "ana@acme.example")]] {
        let answer = agent.get(&work(AUTHORIZE, &extra)).await;
        assert!(parameter(&Url::parse(&answer.location()).unwrap(), "code").is_some());
    }
    assert_eq!(agent.get(&work(AUTHORIZE, &[("prompt", "login")])).await.status, StatusCode::OK);
    assert_eq!(agent.get(&work(AUTHORIZE, &[("login_hint", "bo@acme.example")])).await.status, StatusCode::OK);
    let silent = agent.other_browser().get(&work(AUTHORIZE, &[("prompt", "none")])).await;
    assert!(silent.location().contains("error=login_required"));
    disable(&agent);
    let silent = agent.get(&work(AUTHORIZE, &[("prompt", "none")])).await;
    assert!(silent.location().contains("error=login_required"));
}

#[tokio::test]
async fn who_is_disabled_gets_no_more_tokens() {
    let mut agent = company();
    let refresh = tokens(&mut agent, "ana").await["refresh_token"].as_str().unwrap().to_owned();
    let form =
        [("grant_type", "refresh_token"), ("refresh_token", &*refresh), ("client_id", "app"), ("client_secret", "s")];
    let answer = agent.post(&format!("{BASE}{TOKEN}"), &form).await;
    assert_eq!(claims(&answer.json())["preferred_username"], "ana@acme.example");
    disable(&agent);
    refused(&agent.post(&format!("{BASE}{TOKEN}"), &form).await, 400, "invalid_grant", 50057);
}

#[tokio::test]
async fn at_common_both_kinds_of_accounts_sign_in_and_at_consumers_one() {
    let mut agent = company();
    let personal = agent.sign_in(&authorize(&[]), BOB, &[]).await;
    assert!(parameter(&personal, "code").is_some());
    let mut agent = agent.other_browser();
    let common = work("/common/oauth2/v2.0/authorize", &[]);
    let chooser = agent.get(&common).await;
    let named = [("identifier", "ana@acme.example")];
    let page = agent.press(&chooser, "form[data-account-other]", &named).await;
    assert!(page.body.contains("data-password"), "{}", page.body);
    let hinted = agent.get(&work("/common/oauth2/v2.0/authorize", &[("login_hint", "ana@acme.example")])).await;
    let answer = type_in(&mut agent, &hinted, "ana@acme.example", "Passw0rd!ana").await;
    let callback = Url::parse(&answer.location()).unwrap();
    assert_eq!(claims(&redeem(&mut agent, &callback, &[]).await.json())["preferred_username"], "ana@acme.example");

    let consumers = agent.get(&work("/consumers/oauth2/v2.0/authorize", &[("prompt", "login")])).await;
    let stays = agent.press(&consumers, "form[data-account-other]", &named).await;
    assert!(stays.body.contains("That Microsoft account doesn"), "{}", stays.body);
    let (_, fields) = consumers.form("form[data-account-other]");
    let flow = &fields.iter().find(|(name, _)| name == "flow").unwrap().1;
    let form = [("flow", flow.as_str()), ("loginfmt", "ana@acme.example"), ("passwd", "Passw0rd!ana")];
    let forced = agent.post(&format!("{BASE}/signin/password"), &form).await;
    assert!(forced.body.contains("AADSTS50034"), "{}", forced.body);
    let chosen = agent.get(&work(AUTHORIZE, &[("prompt", "login")])).await;
    assert!(!chosen.body.contains("Bob Doe"));
}

#[tokio::test]
async fn graph_tells_what_is_asked_for() {
    let mut agent = company();
    let tokens = tokens(&mut agent, "bo").await;
    let me = graph(&mut agent, &tokens, "/me").await;
    assert_eq!((&me["displayName"], &me["mail"], me.get("employeeId")), (&json!("Bo Lind"), &Value::Null, None));
    assert_eq!(me["id"], claims(&tokens)["oid"]);
    let me = graph(&mut agent, &tokens, "/me?$select=id,department,accountEnabled,businessPhones").await;
    assert_eq!((&me["department"], &me["accountEnabled"]), (&Value::Null, &json!(true)));
    assert_eq!((&me["businessPhones"], me.get("displayName")), (&json!([]), None));
    let wrong = graph(&mut agent, &tokens, "/me?$select=nothing").await;
    assert_eq!(wrong["error"]["code"], "BadRequest");
}
