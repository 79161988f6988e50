//! Lists of users. Source: spec/management-api.md §4 and §5.

use std::sync::Arc;

use axum::Json;
use serde_json::Value;

use crate::domain::user::User;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::paging::Page;
use crate::management::parameters::Query;
use crate::management::users::view;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How many users a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /users`: users in the order of their creation, or as `sort` says.
pub(super) async fn list(tenant: Tenant, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    check_engine(&query)?;
    let page = Page::of(&query, PER_PAGE)?;
    page.check_window()?;
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let found = found(&state, &query)?;
    let total = found.len();
    let users = page.cut(found.into_iter()).iter().map(|user| fields.choose(view::user(user, &caller))).collect();
    let mut answer = page.answer("users", users, total);
    // Users alone have the length of the page beside its limit.
    if let (Page::Offset { totals: true, .. }, Some(envelope)) = (&page, answer.as_object_mut()) {
        let length = envelope.get("users").and_then(Value::as_array).map_or(0, Vec::len);
        envelope.insert("length".to_owned(), length.into());
    }
    Ok(Json(answer))
}

/// `GET /users-by-email?email=`: the match is exact, and case-sensitive.
pub(super) async fn by_email(tenant: Tenant, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    let email = query.text("email").ok_or_else(|| ApiError::Refused {
        message: "Query validation error: 'Missing required property: email'.".to_owned(),
        code: "invalid_query_string",
    })?;
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let users = state.users.with_email(email).filter(|user| user.email.as_deref() == Some(email));
    let users = users.map(|user| Value::Object(fields.choose(view::user(user, &caller))));
    Ok(Json(users.collect()))
}

fn check_engine(query: &Query) -> Result<(), ApiError> {
    match query.text("search_engine") {
        None | Some("v3") => Ok(()),
        Some(engine @ ("v1" | "v2")) => Err(ApiError::Refused {
            message: format!("You are not allowed to use search_engine={engine}. Use search_engine=v3 instead."),
            code: "operation_not_supported",
        }),
        Some(other) => {
            Err(ApiError::InvalidQuery { problem: format!("No enum match for: {other}"), property: "search_engine" })
        }
    }
}

/// The users that the query finds, in its order.
fn found(state: &TenantState, query: &Query) -> Result<Vec<Arc<User>>, ApiError> {
    let term = query.text("q").map(Term::parse).transpose()?;
    let connection = query.text("connection");
    let in_connection =
        |user: &User| connection.is_none_or(|name| user.identities.iter().any(|identity| identity.connection == name));
    let fits = |user: &User| in_connection(user) && term.as_ref().is_none_or(|term| term.fits(user));
    let mut users: Vec<_> = state.users.in_order().filter(|user| fits(user)).cloned().collect();
    if let Some(sort) = query.text("sort") {
        sort_by(&mut users, sort)?;
    }
    Ok(users)
}

/// `field:1` or `field:-1`.
fn sort_by(users: &mut [Arc<User>], sort: &str) -> Result<(), ApiError> {
    let wrong = || ApiError::InvalidQuery {
        problem: format!("String does not match pattern ^(([a-zA-Z0-9_\\.]+)\\:(1|-1))$: {sort}"),
        property: "sort",
    };
    let (field, direction) = sort.split_once(':').ok_or_else(wrong)?;
    if !matches!(direction, "1" | "-1") {
        return Err(wrong());
    }
    let key = |user: &Arc<User>| user.profile().get(field).map(Value::to_string).unwrap_or_default();
    let number = |user: &Arc<User>| user.profile().get(field).and_then(Value::as_f64);
    users.sort_by(|one, other| match (number(one), number(other)) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => key(one).cmp(&key(other)),
    });
    if direction == "-1" {
        users.reverse();
    }
    Ok(())
}

/// One `field:value`: all of the search's language that is built.
struct Term {
    field: String,
    value: String,
}

impl Term {
    fn parse(query: &str) -> Result<Self, ApiError> {
        let not_built = || ApiError::NotBuilt("searching for anything but one field:\"value\"".to_owned());
        let (field, value) = query.trim().split_once(':').ok_or_else(not_built)?;
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let value = quoted.unwrap_or(value);
        let plain = |c: char| c.is_alphanumeric() || "@.|_-+".contains(c);
        let is_phrase = quoted.is_some() && !value.contains(['"', '\\', '*']);
        let is_word = !value.is_empty() && value.chars().all(plain);
        let is_field = field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        if is_field && !field.is_empty() && (is_phrase || is_word) {
            return Ok(Self { field: field.to_owned(), value: value.to_owned() });
        }
        Err(not_built())
    }

    /// Case counts, except in addresses and names (spec/management-api.md §5.1).
    fn fits(&self, user: &User) -> bool {
        let caseless = matches!(self.field.as_str(), "email" | "name" | "given_name" | "family_name" | "nickname");
        let equal =
            |text: &str| if caseless { text.to_lowercase() == self.value.to_lowercase() } else { text == self.value };
        let profile = Value::Object(user.profile());
        values(&profile, &self.field)
            .iter()
            .any(|value| value.as_str().map_or_else(|| equal(&value.to_string()), equal))
    }
}

/// The values at a dotted path; the level of an array is skipped.
fn values<'a>(tree: &'a Value, path: &str) -> Vec<&'a Value> {
    let step = |found: Vec<&'a Value>, name: &str| -> Vec<&'a Value> {
        found.into_iter().filter_map(|value| value.get(name)).flat_map(flatten).collect()
    };
    path.split('.').fold(vec![tree], step)
}

fn flatten(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}
