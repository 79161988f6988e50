//! What ID tokens say of an organization's people, in both ages of the endpoints. Groups are told as if every app had
//! asked for them (`groupMembershipClaims`: `SecurityGroup`). Source: spec/upstreams.md §4.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::accounts::Account;
use crate::upstreams::grants::Grant;
use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::claims::LIFETIME_SECONDS;
use crate::upstreams::microsoft::claims::subject;
use crate::upstreams::microsoft::directory::Version;
use crate::upstreams::microsoft::organization::Organization;
use crate::upstreams::microsoft::organization::groups;
use crate::upstreams::microsoft::scopes;

/// How many groups a token names; with more of them it tells where they are to be asked for.
const MOST_GROUPS: usize = 200;

/// The claims of an ID token of somebody of the organization; `None` of a personal account.
pub(in crate::upstreams::microsoft) fn id_token(
    microsoft: &Microsoft,
    (account, grant): (&Account, &Grant),
    version: Version,
    nonce: Option<&str>,
) -> Option<Map<String, Value>> {
    let state = microsoft.upstreams.read();
    let organization = Organization::of(&state)?;
    organization.guid_of(&account.id)?;
    let now = microsoft.now();
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("aud", grant.client_id.as_str().into());
    put("iss", version.issuer(&microsoft.base, &organization.id).into());
    put("iat", now.seconds().into());
    put("nbf", now.seconds().into());
    put("exp", now.plus_seconds(LIFETIME_SECONDS).seconds().into());
    put("sub", subject(account, grant).into());
    put("tid", organization.id.as_str().into());
    put("ver", if version == Version::One { "1.0" } else { "2.0" }.into());
    if let Some(nonce) = nonce {
        put("nonce", nonce.into());
    }
    if grant.has(scopes::PROFILE) {
        put("oid", account.id.as_str().into());
        for (claim, attribute) in named(version) {
            account.text(attribute).map(|text| put(claim, text.into()));
        }
    }
    if version == Version::One {
        put("amr", json!(["pwd"]));
    } else if let Some(mail) = account.text("mail").filter(|_| grant.has(scopes::EMAIL)) {
        put("email", mail.into());
    }
    claims.extend(of_groups(microsoft, groups::ids(&state, &account.id), &account.id));
    Some(claims)
}

/// In the second age `given_name`, `family_name` and `upn` are told only to apps that are set up for them.
fn named(version: Version) -> &'static [(&'static str, &'static str)] {
    match version {
        Version::One => &[
            ("name", "displayName"),
            ("given_name", "givenName"),
            ("family_name", "surname"),
            ("unique_name", "userPrincipalName"),
            ("upn", "userPrincipalName"),
        ],
        Version::Two => &[("name", "displayName"), ("preferred_username", "userPrincipalName")],
    }
}

fn of_groups(microsoft: &Microsoft, groups: Vec<String>, id: &str) -> Map<String, Value> {
    let told = match groups.len() {
        0 => json!({}),
        1..=MOST_GROUPS => json!({ "groups": groups }),
        _ => {
            let path = format!("/v1.0/users/{id}/getMemberObjects");
            let endpoint = microsoft.base.url_at("graph.microsoft.com", &path);
            json!({ "_claim_names": { "groups": "src1" }, "_claim_sources": { "src1": { "endpoint": endpoint } } })
        }
    };
    let Value::Object(told) = told else { return Map::new() };
    told
}
