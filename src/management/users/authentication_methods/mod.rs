//! `/users/{id}/authentication-methods`. Source: spec/management-api.md §5.2, recorded answers.

mod add;
mod change;
mod list;
mod shape;

use std::sync::Arc;

use crate::domain::authentication_method::AuthenticationMethod;
use crate::domain::id::UserId;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::management::users::NO_SUCH_USER;
use crate::store::state::TenantState;

const READ: &[&str] = &["read:authentication_methods"];
const UPDATE: &[&str] = &["update:authentication_methods"];
const DELETE: &[&str] = &["delete:authentication_methods"];

const ALL: &str = "/users/{id}/authentication-methods";
const ONE: &str = "/users/{id}/authentication-methods/{authentication_method_id}";

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get(ALL, READ, list::list)
        .post(ALL, &["create:authentication_methods"], add::add)
        .put(ALL, UPDATE, add::replace)
        .delete(ALL, DELETE, change::remove_all)
        .get(ONE, READ, list::read)
        .patch(ONE, UPDATE, change::update)
        .delete(ONE, DELETE, change::remove)
        .get("/users/{id}/enrollments", &["read:users", "read:current_user"], list::enrollments)
        .delete("/users/{id}/authenticators", &["delete:guardian_enrollments"], change::remove_all)
        .delete("/users/{id}/multifactor/{provider}", &["update:users"], change::remove_provider)
}

/// The code is unverified.
const NO_SUCH_METHOD: ApiError = ApiError::NotFound {
    message: "The authentication method could not be found.",
    code: Some("inexistent_authentication_method"),
};

/// A user's methods, first created first.
fn of_user<'a>(state: &'a TenantState, user: &UserId) -> Result<Vec<&'a Arc<AuthenticationMethod>>, ApiError> {
    state.users.get(user.as_str()).ok_or(NO_SUCH_USER)?;
    let of_user = state.authentication_methods.rows().filter(|method| method.user_id == *user);
    let mut methods: Vec<_> = of_user.collect();
    methods.sort_by_key(|method| (method.created_at, method.id()));
    Ok(methods)
}

fn find<'a>(state: &'a TenantState, user: &UserId, id: &str) -> Result<&'a Arc<AuthenticationMethod>, ApiError> {
    of_user(state, user)?.into_iter().find(|method| method.id() == id).ok_or(NO_SUCH_METHOD)
}
