//! Microsoft Graph: the person who gave the token. Source: spec/upstreams.md §4, spec/profile.md §6.4.

use axum::Json;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::microsoft::claims;
use crate::upstreams::microsoft::error::GraphError;
use crate::upstreams::microsoft::scopes;
use crate::upstreams::microsoft::session::Session;

/// The scopes of which one opens `/me`.
const READS_ME: [&str; 3] = [scopes::USER_READ, "User.ReadWrite", "User.Read.All"];

/// How many properties may be named.
const MOST_SELECTED: usize = 100;

/// What everybody has, `null` where nothing is said.
const ALWAYS: [&str; 10] = [
    "userPrincipalName",
    "id",
    "displayName",
    "surname",
    "givenName",
    "preferredLanguage",
    "mail",
    "mobilePhone",
    "jobTitle",
    "officeLocation",
];

/// What more Graph knows of people: told to who names it (`$select`).
const SELECTABLE: [&str; 25] = [
    "businessPhones",
    "city",
    "companyName",
    "country",
    "department",
    "employeeId",
    "faxNumber",
    "mailNickname",
    "accountEnabled",
    "assignedLicenses",
    "assignedPlans",
    "provisionedPlans",
    "onPremisesDistinguishedName",
    "onPremisesDomainName",
    "onPremisesImmutableId",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "postalCode",
    "proxyAddresses",
    "state",
    "streetAddress",
    "usageLocation",
    "userType",
    "otherMails",
];

/// `GET /v1.0/me`. A personal account says all that it has.
pub(super) async fn me(session: Session) -> Result<Response, GraphError> {
    session.require(&READS_ME)?;
    let own = &session.account.attributes;
    let context = session.microsoft.base.url_at("graph.microsoft.com", "/v1.0/$metadata#users/$entity");
    let mut me = Map::from_iter([("@odata.context".to_owned(), context.into())]);
    let mut tell = |name: &str| {
        let nothing = if name == "businessPhones" { json!([]) } else { Value::Null };
        me.insert(name.to_owned(), own.get(name).cloned().unwrap_or(nothing));
    };
    if let Some(selected) = session.parameters.get("$select") {
        for name in selected.split(',').map(str::trim).take(MOST_SELECTED) {
            let is_known = ALWAYS.contains(&name) || SELECTABLE.contains(&name) || own.contains_key(name);
            if !is_known {
                return Err(GraphError::NoProperty(name.to_owned()));
            }
            tell(name);
        }
        return Ok(Json(me).into_response());
    }
    ALWAYS.iter().chain(&["businessPhones"]).for_each(|name| tell(name));
    if session.is_personal() {
        own.keys().for_each(|name| tell(name));
    }
    Ok(Json(me).into_response())
}

/// `GET|POST /oidc/userinfo`: with `openid`.
pub(super) async fn userinfo(session: Session) -> Result<Response, GraphError> {
    session.require(&[scopes::OPENID])?;
    let person = claims::userinfo(&session.microsoft.base, &session.account, &session.token.grant);
    Ok(Json(person).into_response())
}

/// `GET /v1.0/me/photo/$value`: personal accounts have none there.
pub(super) async fn photo(session: Session) -> Result<Response, GraphError> {
    session.require(&READS_ME)?;
    Err(GraphError::NoPhoto)
}
