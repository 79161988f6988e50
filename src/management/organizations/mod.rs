//! `/organizations`: themselves, their members and the roles of members. Source: spec/management-api.md §12.

mod create;
mod enabled_connections;
mod list;
mod member_roles;
mod members;
mod remove;
mod shape;
mod update;
pub(super) mod view;

use crate::management::error::ApiError;
use crate::management::operations::Operations;

const READ: &[&str] = &["read:organizations", "read:organizations_summary"];

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/organizations", READ, list::list)
        .post("/organizations", &["create:organizations", "create:organization_connections"], create::create)
        .get("/organizations/name/{name}", &["read:organizations"], list::by_name)
        .get("/organizations/{id}", READ, list::read)
        .patch("/organizations/{id}", &["update:organizations"], update::update)
        .delete("/organizations/{id}", &["delete:organizations"], remove::remove)
        .get("/organizations/{id}/members", &["read:organization_members"], members::list)
        .post("/organizations/{id}/members", &["create:organization_members"], members::add)
        .delete("/organizations/{id}/members", &["delete:organization_members"], members::remove)
        .get(MEMBER_ROLES, &["read:organization_member_roles"], member_roles::list)
        .post(MEMBER_ROLES, &["create:organization_member_roles"], member_roles::add)
        .get(CONNECTIONS, &["read:organization_connections"], enabled_connections::list)
        .post(CONNECTIONS, &["create:organization_connections"], enabled_connections::add)
        .get(CONNECTION, &["read:organization_connections"], enabled_connections::read)
        .patch(CONNECTION, &["update:organization_connections"], enabled_connections::update)
        .delete(CONNECTION, &["delete:organization_connections"], enabled_connections::remove)
        .delete(MEMBER_ROLES, &["delete:organization_member_roles"], member_roles::remove)
}

const CONNECTIONS: &str = "/organizations/{id}/enabled_connections";

const CONNECTION: &str = "/organizations/{id}/enabled_connections/{connectionId}";

const MEMBER_ROLES: &str = "/organizations/{id}/members/{user_id}/roles";

/// As recorded.
const NO_SUCH_ORGANIZATION: ApiError =
    ApiError::NotFound { message: "No organization found by that id or name", code: None };

const NAME_TAKEN: ApiError =
    ApiError::Conflict { message: "An organization with this name already exists.", code: Some("conflict") };
