//! `GET /user`: the person who gave the token. Source: spec/upstreams.md §6, spec/profile.md §6.6.

use axum::extract::OriginalUri;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::keys::digest;
use crate::upstreams::accounts::Account;
use crate::upstreams::github::Github;
use crate::upstreams::github::error::ApiError;
use crate::upstreams::github::scopes;
use crate::upstreams::github::session::Session;
use crate::upstreams::handle::Base;
use crate::upstreams::pictures;

/// What is shown only with `user` or `read:user`, as it is of who has nothing there.
fn private() -> Value {
    json!({
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": false,
        "plan": { "name": "free", "space": 976_562_499, "collaborators": 0, "private_repos": 10_000 },
    })
}

/// What an account has that `/user` doesn't show.
const ELSEWHERE: [&str; 2] = ["emails", "organizations"];

/// `GET /user`.
pub(super) async fn user(session: Session) -> Response {
    let sees_private = scopes::allows(&session.token.grant, scopes::READ_USER);
    session.answer("", view(&session.github.base, &session.account, sees_private))
}

/// `GET /user/orgs`: with `read:org` or `user`.
pub(super) async fn organizations(session: Session) -> Response {
    let names = session.account.attributes.get("organizations").and_then(Value::as_array);
    let sees = ["read:org", scopes::READ_USER].iter().any(|scope| scopes::allows(&session.token.grant, scope));
    let names = names.into_iter().flatten().filter_map(Value::as_str).filter(|_| sees);
    let base = &session.github.base;
    let shown =
        names.map(|login| json!({ "login": login, "url": api(base, &format!("/orgs/{login}")), "description": "" }));
    session.answer("admin:org, read:org, repo, user, write:org", shown.collect::<Vec<_>>())
}

/// `GET /u/ID`: the picture of an account that has no other.
pub(super) async fn avatar(github: Github, OriginalUri(uri): OriginalUri) -> Result<Response, ApiError> {
    let id = uri.path().rsplit('/').next().unwrap_or_default();
    let account = github.read().accounts.get(id).cloned().ok_or(ApiError::NotFound(""))?;
    Ok(pictures::picture(&account, 460))
}

/// The person as `/user` shows them: `null` where they said nothing.
pub(super) fn view(base: &Base, account: &Account, sees_private: bool) -> Map<String, Value> {
    let mut view = public(base, account);
    let mut private = match private() {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (name, value) in &account.attributes {
        if let Some(known) = private.get_mut(name) {
            known.clone_from(value);
        } else if !ELSEWHERE.contains(&name.as_str()) {
            view.insert(name.clone(), value.clone());
        }
    }
    if sees_private {
        view.extend(private);
    }
    view
}

/// What everybody has, in GitHub's order. Accounts that don't say when they were made are as old as GitHub.
fn public(base: &Base, account: &Account) -> Map<String, Value> {
    let login = account.text("login").unwrap_or_default();
    let node_id = digest::base64(format!("04:User{}", account.id).as_bytes());
    let of = |rest: &str| api(base, &format!("/users/{login}{rest}"));
    let view = json!({
        "login": login,
        "id": account.attributes.get("id"),
        "node_id": node_id,
        "avatar_url": base.url_at("avatars.githubusercontent.com", &format!("/u/{}?v=4", account.id)),
        "gravatar_id": "",
        "url": of(""),
        "html_url": base.url(&format!("/{login}")),
        "followers_url": of("/followers"),
        "following_url": of("/following{/other_user}"),
        "gists_url": of("/gists{/gist_id}"),
        "starred_url": of("/starred{/owner}{/repo}"),
        "subscriptions_url": of("/subscriptions"),
        "organizations_url": of("/orgs"),
        "repos_url": of("/repos"),
        "events_url": of("/events{/privacy}"),
        "received_events_url": of("/received_events"),
        "type": "User",
        "site_admin": false,
        "name": null,
        "company": null,
        "blog": "",
        "location": null,
        "email": null,
        "hireable": null,
        "bio": null,
        "twitter_username": null,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": "2008-01-14T04:33:35Z",
        "updated_at": "2008-01-14T04:33:35Z",
    });
    match view {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn api(base: &Base, path: &str) -> String {
    base.url_at("api.github.com", path)
}
