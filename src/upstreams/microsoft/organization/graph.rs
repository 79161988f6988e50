//! Microsoft Graph: the groups that somebody is in. Personal accounts are in none. Source: spec/upstreams.md §4.

use axum::Json;
use axum::extract::FromRequest as _;
use axum::extract::Path;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::microsoft::error::GraphError;
use crate::upstreams::microsoft::organization::groups;
use crate::upstreams::microsoft::organization::groups::Reach;
use crate::upstreams::microsoft::scopes;
use crate::upstreams::microsoft::session::Session;

/// The scopes of which one opens the list of somebody's own groups.
const READS_GROUPS: [&str; 5] =
    [scopes::USER_READ, scopes::DIRECTORY_READ, "Directory.ReadWrite.All", "GroupMember.Read.All", "Group.Read.All"];

/// The scopes of which one tells more of a group than its id.
const READS_NAMES: [&str; 4] =
    [scopes::DIRECTORY_READ, "Directory.ReadWrite.All", "GroupMember.Read.All", "Group.Read.All"];

/// How many groups a page has unless it is asked for otherwise, and how many it can have.
const PAGE: usize = 100;
const MOST: usize = 999;

/// `GET /v1.0/me/memberOf`
pub(in crate::upstreams::microsoft) async fn member_of(session: Session) -> Result<Response, GraphError> {
    listed(&session, Reach::Direct, "/v1.0/me/memberOf")
}

/// `GET /v1.0/me/transitiveMemberOf`
pub(in crate::upstreams::microsoft) async fn transitive_member_of(session: Session) -> Result<Response, GraphError> {
    listed(&session, Reach::Nested, "/v1.0/me/transitiveMemberOf")
}

/// `POST /v1.0/me/getMemberGroups` and `/getMemberObjects`: the ids of all of them, nested ones too.
pub(in crate::upstreams::microsoft) async fn own_ids(session: Session) -> Result<Response, GraphError> {
    ids(&session)
}

/// The same at `/v1.0/users/{id}`: a person's token tells of nobody else.
pub(in crate::upstreams::microsoft) async fn ids_of(Path(id): Path<String>, request: Request) -> Response {
    let answer = match Session::from_request(request, &()).await {
        Ok(session) if session.account.is_called(&id) => ids(&session),
        Ok(_) => Err(GraphError::Forbidden),
        Err(error) => Err(error),
    };
    answer.unwrap_or_else(IntoResponse::into_response)
}

fn ids(session: &Session) -> Result<Response, GraphError> {
    session.require(&READS_GROUPS)?;
    let context = session.microsoft.base.url_at("graph.microsoft.com", "/v1.0/$metadata#Collection(Edm.String)");
    let value = groups::ids(&session.microsoft.upstreams.read(), &session.account.id);
    Ok(Json(json!({ "@odata.context": context, "value": value })).into_response())
}

/// A page of groups, with the address of the next one if there is more.
fn listed(session: &Session, reach: Reach, path: &str) -> Result<Response, GraphError> {
    session.require(&READS_GROUPS)?;
    let number = |name: &str, usual: usize| match session.parameters.get(name).map(str::parse) {
        None => Ok(usual),
        Some(number) => number.map_err(|_| GraphError::BadQuery(name.to_owned())),
    };
    let (size, first) = (number("$top", PAGE)?, number("$skiptoken", 0)?);
    if !(1..=MOST).contains(&size) {
        return Err(GraphError::BadQuery("$top".to_owned()));
    }
    let groups = groups::of(&session.microsoft.upstreams.read(), &session.account.id, reach);
    let last = first.saturating_add(size);
    let more = groups.len() > last;
    let names = READS_NAMES.iter().any(|scope| session.token.grant.has(scope));
    let page: Vec<Value> = groups.into_iter().skip(first).take(size).map(|group| shown(group, names)).collect();
    let at = |path: &str| session.microsoft.base.url_at("graph.microsoft.com", path);
    let mut answer = json!({ "@odata.context": at("/v1.0/$metadata#directoryObjects"), "value": page });
    if let Some(members) = answer.as_object_mut().filter(|_| more) {
        let next = at(&format!("{path}?$top={size}&$skiptoken={last}"));
        members.insert("@odata.nextLink".to_owned(), next.into());
    }
    Ok(Json(answer).into_response())
}

/// Who may not read groups is told that they are there, and no more.
fn shown(mut group: Value, names: bool) -> Value {
    let hidden = group.as_object_mut().filter(|_| !names);
    for (name, value) in hidden.into_iter().flatten() {
        if name != "id" && name != "@odata.type" {
            *value = Value::Null;
        }
    }
    group
}
