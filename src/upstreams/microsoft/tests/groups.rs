//! Groups of an organization's people: in tokens and over Graph.

use super::organization::ANA;
use super::organization::AUTHORIZE;
use super::organization::TOKEN;
use super::organization::claims;
use super::organization::company;
use super::organization::edit;
use super::organization::graph;
use super::organization::one;
use super::organization::sign_in_at;
use super::organization::tokens;
use super::organization::work;
use super::*;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::refusal::Refusal;

/// A group that Ana is in.
fn add_group(editor: &mut Editor<'_>, name: &str) -> Result<(), Refusal> {
    let attributes = [one("objectClass", "group"), one("member", ANA)];
    editor.add(&format!("CN={name},DC=acme,DC=example"), &attributes).map(|_| ())
}

fn names(groups: &Value) -> Vec<&str> {
    groups["value"].as_array().unwrap().iter().map(|group| group["displayName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn groups_come_direct_or_nested_page_by_page() {
    let mut agent = company();
    let tokens = tokens(&mut agent, "ana").await;
    assert_eq!(names(&graph(&mut agent, &tokens, "/me/memberOf").await), ["Team"]);
    assert_eq!(names(&graph(&mut agent, &tokens, "/me/transitiveMemberOf").await), ["Team", "House", "World"]);
    let first = graph(&mut agent, &tokens, "/me/transitiveMemberOf?$top=2").await;
    assert_eq!(names(&first), ["Team", "House"]);
    let next = first["@odata.nextLink"].as_str().unwrap().to_owned();
    let last = agent.get_as(&next, tokens["access_token"].as_str().unwrap()).await.json();
    assert_eq!((names(&last), last.get("@odata.nextLink")), (vec!["World"], None));
    for wrong in ["?$top=0", "?$top=1000", "?$top=x", "?$skiptoken=-1"] {
        let answer = graph(&mut agent, &tokens, &format!("/me/memberOf{wrong}")).await;
        assert_eq!(answer["error"]["code"], "BadRequest", "{wrong}");
    }
    let callback =
        sign_in_at(&mut agent.other_browser(), &work(AUTHORIZE, &[("scope", "openid User.Read")]), "ana").await;
    let narrow = redeem_at(&mut agent, TOKEN, &callback, &[]).await.json();
    let hidden = graph(&mut agent, &narrow, "/me/memberOf").await;
    assert_eq!(hidden["value"][0]["displayName"], Value::Null);
    assert!(hidden["value"][0]["id"].is_string());
}

#[tokio::test]
async fn a_token_names_two_hundred_groups_and_then_tells_where_to_ask() {
    let mut agent = company();
    // Three are there already.
    edit(&agent, |editor| (0..197).try_for_each(|number| add_group(editor, &format!("Group {number}"))));
    let told = claims(&tokens(&mut agent, "ana").await);
    assert_eq!((told["groups"].as_array().unwrap().len(), told.get("_claim_names")), (200, None));
    edit(&agent, |editor| add_group(editor, "One more"));
    let tokens = tokens(&mut agent.other_browser(), "ana").await;
    let told = claims(&tokens);
    assert_eq!((told.get("groups"), &told["_claim_names"]), (None, &json!({ "groups": "src1" })));
    let endpoint = told["_claim_sources"]["src1"]["endpoint"].as_str().unwrap();
    let ask = |bearer: &str| {
        let url = endpoint.strip_prefix(AT).unwrap();
        let request = axum::http::Request::post(url).header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        request.header(header::CONTENT_TYPE, "application/json")
    };
    let body = json!({ "securityEnabledOnly": true }).to_string();
    let own = agent.send(ask(tokens["access_token"].as_str().unwrap()), body.clone()).await;
    assert_eq!(own.json()["value"].as_array().unwrap().len(), 201);
    let bo = organization::tokens(&mut agent.other_browser(), "bo").await;
    let others = agent.send(ask(bo["access_token"].as_str().unwrap()), body).await;
    assert_eq!(others.status, StatusCode::FORBIDDEN);
}
