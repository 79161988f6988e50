//! Lists of users. Source: spec/management-api.md §4 and §5.

use std::sync::Arc;

use axum::Json;
use serde_json::Value;

use crate::domain::user::User;
use crate::http::failure::Failure;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::paging::Page;
use crate::management::parameters::Query;
use crate::management::users::view;
use crate::store::search::sort::Sort;
use crate::store::search::sort::SortError;
use crate::store::search::users::UserFilter;
use crate::store::tenant::Tenant;
use crate::store::users::Users;

/// How many users a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /users`: users in the order of their creation, or as `sort` says.
pub(super) async fn list(tenant: Tenant, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    check_engine(&query)?;
    let page = Page::by_offset(&query, PER_PAGE)?;
    page.check_window()?;
    let fields = Fields::of(&query)?;
    let search = Search::of(&query)?;
    let state = tenant.read();
    // Looking at everybody takes its time; other requests go on meanwhile.
    let users = tokio::task::spawn_blocking(move || search.run(&state.users)).await.map_err(Failure::new)?;
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

/// Which users are asked for, and in which order.
struct Search {
    filter: UserFilter,
    connection: Option<String>,
    sort: Option<Sort>,
}

impl Search {
    fn of(query: &Query) -> Result<Self, ApiError> {
        let invalid = |property| move |problem: String| ApiError::InvalidQuery { problem, property };
        let filter = UserFilter::parse(query.text("q")?.unwrap_or_default());
        let sort = query.text("sort")?.map(Sort::parse).transpose().map_err(|error| match error {
            SortError::Malformed => r"String does not match pattern ^(([a-zA-Z0-9_\.]+)\:(1|-1))$".to_owned(),
            SortError::Metadata => "users can't be sorted by metadata".to_owned(),
        });
        Ok(Self {
            filter: filter.map_err(|error| invalid("q")(error.to_string()))?,
            connection: query.text("connection")?.map(str::to_owned),
            sort: sort.map_err(invalid("sort"))?,
        })
    }

    fn run(&self, users: &Users) -> Vec<Arc<User>> {
        let mut found = self.filter.find(users);
        if let Some(name) = &self.connection {
            found.retain(|user| user.identities.iter().any(|identity| identity.connection == *name));
        }
        if let Some(sort) = &self.sort {
            sort.apply(&mut found);
        }
        found
    }
}
