//! Lists of users. Source: spec/management-api.md §4 and §5.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::Json;
use serde_json::Value;

use crate::domain::user::User;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::paging::Page;
use crate::management::parameters::Query;
use crate::management::users::search::Search;
use crate::management::users::view;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How many users a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /users`: users in the order of their creation, or as `sort` says.
pub(super) async fn list(tenant: Tenant, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    check_engine(&query)?;
    let page = Page::by_offset(&query, PER_PAGE)?;
    page.check_window()?;
    let fields = Fields::of(&query)?;
    let users = found(&tenant.read(), &query)?;
    let part = page.cut(users, |user| user.user_id.as_str());
    let mut answer = page.answer("users", part, |user| fields.choose(view::user(&user, &caller)));
    // Users alone have the length of the page beside its limit.
    if let Some(envelope) = answer.as_object_mut() {
        let length = envelope.get("users").and_then(Value::as_array).map_or(0, Vec::len);
        envelope.insert("length".to_owned(), length.into());
    }
    Ok(Json(answer))
}

/// `GET /users-by-email?email=`: the match is exact, and case-sensitive.
pub(super) async fn by_email(tenant: Tenant, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    let email = query.text("email")?.ok_or(ApiError::MissingParameter("email"))?;
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let users = state.users.with_email(email).filter(|user| user.email.as_deref() == Some(email));
    let users = users.map(|user| Value::Object(fields.choose(view::user(user, &caller))));
    Ok(Json(users.collect()))
}

fn check_engine(query: &Query) -> Result<(), ApiError> {
    match query.text("search_engine")? {
        None | Some("v3") => Ok(()),
        Some("v1") => Err(ApiError::refused("operation_not_supported", "You are not allowed to use search_engine=v1.")),
        Some("v2") => Err(ApiError::refused(
            "operation_not_supported",
            "You are not allowed to use search_engine=v2. Use search_engine=v3 instead.",
        )),
        Some(other) => {
            Err(ApiError::InvalidQuery { problem: format!("No enum match for: {other}"), property: "search_engine" })
        }
    }
}

/// The users that the query finds, in its order.
fn found(state: &TenantState, query: &Query) -> Result<Vec<Arc<User>>, ApiError> {
    let search = query.text("q")?.map(Search::parse).transpose()?;
    let connection = query.text("connection")?;
    let is_of = |user: &User, name: &str| user.identities.iter().any(|identity| identity.connection == name);
    let fits = |user: &User| {
        connection.is_none_or(|name| is_of(user, name)) && search.as_ref().is_none_or(|search| search.fits(user))
    };
    let mut users: Vec<_> = state.users.in_order().filter(|user| fits(user)).cloned().collect();
    if let Some(sort) = query.text("sort")? {
        let (field, descends) = parse_sort(sort)?;
        users.sort_by_cached_key(|user| SortKey(user.profile().remove(field)));
        if descends {
            users.reverse();
        }
    }
    Ok(users)
}

/// `field:1`, or `field:-1` for the reverse.
fn parse_sort(sort: &str) -> Result<(&str, bool), ApiError> {
    match sort.split_once(':') {
        Some((field, "1")) => Ok((field, false)),
        Some((field, "-1")) => Ok((field, true)),
        _ => Err(ApiError::InvalidQuery {
            problem: format!(r"String does not match pattern ^(([a-zA-Z0-9_\.]+)\:(1|-1))$: {sort}"),
            property: "sort",
        }),
    }
}

/// An attribute to sort by: users without it come first, then numbers, then all else as it is written.
struct SortKey(Option<Value>);

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match (&self.0, &other.0) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) => match (one.as_f64(), other.as_f64()) {
                (Some(one), Some(other)) => one.total_cmp(&other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => text(one).cmp(&text(other)),
            },
        }
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for SortKey {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn users_without_the_attribute_come_first_and_numbers_are_no_texts() {
        let values = [Some(json!("b")), Some(json!(10)), None, Some(json!(9)), Some(json!("a"))];
        let mut keys = values.map(SortKey);
        keys.sort();
        let sorted: Vec<_> = keys.into_iter().map(|key| key.0.unwrap_or_default()).collect();
        assert_eq!(sorted, [Value::Null, json!(9), json!(10), json!("a"), json!("b")]);
    }

    #[test]
    fn the_order_is_a_field_and_a_direction() {
        assert_eq!(parse_sort("created_at:-1").unwrap(), ("created_at", true));
        assert_eq!(parse_sort("email:1").unwrap(), ("email", false));
        assert!(parse_sort("email").is_err() && parse_sort("email:2").is_err());
    }
}
