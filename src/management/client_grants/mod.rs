//! `/client-grants`. Source: spec/management-api.md §11.

mod create;
mod list;
mod remove;
mod shape;
mod update;

use serde_json::Map;
use serde_json::Value;

use crate::domain::grant::ClientGrant;
use crate::http::address::Address;
use crate::management::apis;
use crate::management::error::ApiError;
use crate::management::operations::Operations;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/client-grants", &["read:client_grants"], list::list)
        .post("/client-grants", &["create:client_grants"], create::create)
        .get("/client-grants/{id}", &["read:client_grants"], list::read)
        .patch("/client-grants/{id}", &["update:client_grants"], update::update)
        .delete("/client-grants/{id}", &["delete:client_grants"], remove::remove)
}

const NO_SUCH_GRANT: ApiError =
    ApiError::NotFound { message: "The grant does not exist.", code: Some("inexistent_client_grant") };

fn view(grant: &ClientGrant, address: &Address) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(grant) else { return Map::new() };
    view.insert("audience".to_owned(), apis::shown(&grant.audience, address).into());
    view.entry("subject_type").or_insert_with(|| "client".into());
    view
}
