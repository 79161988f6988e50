//! `POST /dbconnections/signup` and `change_password`, for apps that show a form of their own. Source: spec/authentication-api.md §8.

use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::authentication::cors::Answers;
use crate::authentication::database_error::DatabaseError;
use crate::authentication::reset;
use crate::authentication::signup;
use crate::authentication::signup::Signup;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::user::User;
use crate::http::body;
use crate::http::body::BodyError;
use crate::http::body::MOST_BYTES;
use crate::http::body::Media;
use crate::http::parameters::Parameters;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The body of a call: an object, whose `user_metadata` is one too; or a form without any.
pub(super) struct CallBody(Map<String, Value>);

impl<S: Sync> FromRequest<S> for CallBody {
    type Rejection = DatabaseError;

    async fn from_request(request: Request, _: &S) -> Result<Self, DatabaseError> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(body, MOST_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge => DatabaseError::Plain(StatusCode::PAYLOAD_TOO_LARGE, error.to_string()),
            BodyError::BrokeOff => DatabaseError::plain(error.to_string()),
        })?;
        match Media::of(&parts.headers) {
            Media::Json => serde_json::from_slice(&bytes).map(Self).map_err(|_| DatabaseError::plain("invalid JSON")),
            Media::Form => {
                let form = Parameters::of_form(&bytes).map_err(|error| DatabaseError::plain(error.to_string()))?;
                Ok(Self(form.pairs().map(|(name, value)| (name.to_owned(), value.into())).collect()))
            }
            Media::Other => Ok(Self(Map::new())),
        }
    }
}

impl CallBody {
    /// A text; `None` when it is missing, `null` or empty.
    fn text(&self, name: &'static str) -> Result<Option<String>, DatabaseError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(DatabaseError::plain(format!("{name} must be a string"))),
        }
    }

    fn required(&self, name: &'static str) -> Result<String, DatabaseError> {
        self.text(name)?.ok_or_else(|| DatabaseError::plain(format!("{name} is required")))
    }

    fn signup(&self) -> Result<Signup, DatabaseError> {
        let user_metadata = match self.0.get("user_metadata") {
            None | Some(Value::Null) => None,
            Some(Value::Object(metadata)) => Some(metadata.clone()),
            Some(_) => return Err(DatabaseError::plain("user_metadata must be an object")),
        };
        let mut attributes = Map::new();
        for name in THE_FIVE {
            attributes.extend(self.text(name)?.map(|text| ((*name).to_owned(), text.into())));
        }
        Ok(Signup {
            email: self.text("email")?,
            username: self.text("username")?,
            phone_number: self.text("phone_number")?,
            password: self.text("password")?.unwrap_or_default(),
            user_metadata,
            attributes,
        })
    }
}

impl CallBody {
    /// The database that the call names.
    fn database<'a>(&self, state: &'a TenantState) -> Result<&'a Arc<Connection>, DatabaseError> {
        let name = self.required("connection")?;
        let connection = state.connection_named(&name).filter(|connection| connection.strategy.is_database());
        connection.ok_or_else(|| DatabaseError::plain("connection not found"))
    }

    fn client<'a>(&self, state: &'a TenantState) -> Result<&'a Arc<Client>, DatabaseError> {
        let client_id = self.required("client_id")?;
        state.client(&client_id).ok_or_else(|| DatabaseError::plain("client not found"))
    }
}

/// `POST /dbconnections/signup`: 200 with the identifiers that were given.
pub(super) async fn sign_up(tenant: Tenant, visitor: Visitor, body: CallBody) -> Result<Response, DatabaseError> {
    let state = tenant.read();
    let client = body.client(&state)?;
    let connection = body.database(&state)?;
    if !connection.is_enabled_for(&client.client_id) {
        return Err(DatabaseError::plain("connection is disabled"));
    }
    let tells_existing = state.settings.flag("enable_public_signup_user_exists_error");
    let created = signup::sign_up(&tenant, &visitor, &client.client_id, connection, body.signup()?).await;
    let user_id = created.map_err(|error| DatabaseError::Signup { error, tells_existing })?;
    let mut response = Json(view(&tenant.read(), &user_id)).into_response();
    response.extensions_mut().insert(Answers(client.client_id.clone()));
    Ok(response)
}

/// `POST /dbconnections/change_password`: 200 with a sentence, whether or not there is such a user. `username` does where
/// `email` is missing.
pub(super) async fn change_password(
    tenant: Tenant,
    visitor: Visitor,
    body: CallBody,
) -> Result<Response, DatabaseError> {
    let state = tenant.read();
    let client = body.client(&state)?;
    let known_by = match body.text("email")? {
        Some(email) => email,
        None => body.text("username")?.ok_or_else(|| DatabaseError::plain("email is required"))?,
    };
    let connection = body.database(&state)?;
    if !connection.is_enabled_for(&client.client_id) {
        return Err(DatabaseError::plain("connection is disabled"));
    }
    reset::request(&tenant, &visitor, Some(&client.client_id), connection, &known_by).await?;
    let mut response = Html(reset::SENT).into_response();
    response.extensions_mut().insert(Answers(client.client_id.clone()));
    Ok(response)
}

/// `_id` without its provider, and the identifiers. Absent is absent.
fn view(state: &TenantState, user_id: &UserId) -> Map<String, Value> {
    let mut view = Map::new();
    let (_, id) = user_id.split().unwrap_or_default();
    view.insert("_id".to_owned(), id.into());
    let Some(user) = state.users.get(user_id.as_str()) else { return view };
    let User { email, email_verified, username, phone_number, phone_verified, .. } = &**user;
    let mut put = |name: &str, value: Option<Value>| view.extend(value.map(|value| (name.to_owned(), value)));
    put("email", email.as_deref().map(Value::from));
    put("username", username.as_deref().map(Value::from));
    put("email_verified", email_verified.map(Value::from));
    put("phone_number", phone_number.as_deref().map(Value::from));
    put("phone_verified", phone_verified.map(Value::from));
    view
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::authentication::testing::Host;

    async fn ask(host: &Host, changes: Value) -> (u16, Value) {
        let mut body = json!({
            "client_id": "web", "connection": "db", "email": "Ines@people.example", "password": "Passw0rd!ines"
        });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let request = axum::http::Request::post("/dbconnections/signup").header("content-type", "application/json");
        let answer = host.send(request.body(body.to_string().into()).unwrap()).await;
        (answer.status.as_u16(), answer.json())
    }

    #[tokio::test]
    async fn who_signs_up_is_told_by_what_they_are_known() {
        let host = Host::new();
        let metadata = json!({ "user_metadata": { "colour": "green" }, "given_name": "Inês" });
        let (status, body) = ask(&host, metadata).await;
        let id = body["_id"].as_str().unwrap().to_owned();
        let expected = json!({ "_id": id, "email": "ines@people.example", "email_verified": false });
        assert_eq!((status, body), (200, expected));
        let profile = host.tenant.read().users.get(&format!("auth0|{id}")).unwrap().profile();
        assert_eq!((&profile["given_name"], &profile["user_metadata"]["colour"]), (&json!("Inês"), &json!("green")));
    }

    #[tokio::test]
    async fn somebody_existing_is_told_only_where_the_tenant_says_so() {
        let host = Host::new();
        let again = json!({ "email": "ANA@people.example" });
        let (status, body) = ask(&host, again.clone()).await;
        assert_eq!(
            (status, &body["code"], &body["description"]),
            (400, &json!("invalid_signup"), &json!("Invalid sign up"))
        );
        let changed: Result<(), ()> = host
            .tenant
            .write(|tx| {
                let mut settings = (*tx.settings).clone();
                settings.flags.insert("enable_public_signup_user_exists_error".to_owned(), true.into());
                tx.settings = settings.into();
                Ok(())
            })
            .await;
        changed.unwrap();
        assert_eq!(ask(&host, again).await.1["code"], "user_exists");
    }

    #[tokio::test]
    async fn a_weak_password_is_told_rule_by_rule() {
        let (status, body) = ask(&Host::new(), json!({ "password": "abc" })).await;
        assert_eq!(
            (status, &body["name"], &body["code"]),
            (400, &json!("PasswordStrengthError"), &json!("invalid_password"))
        );
        assert_eq!(body["description"]["rules"][0]["code"], "lengthAtLeast");
        assert!(body["policy"].as_str().unwrap().starts_with("* At least 8 characters in length"));
    }

    #[tokio::test]
    async fn what_is_missing_or_wrong_is_named() {
        let host = Host::new();
        let cases = [
            (json!({ "email": null }), json!({ "error": "email is required" })),
            (json!({ "password": "" }), json!({ "error": "password is required" })),
            (json!({ "connection": "nowhere" }), json!({ "error": "connection not found" })),
            (json!({ "connection": "google-oauth2" }), json!({ "error": "connection not found" })),
            (json!({ "client_id": 5 }), json!({ "error": "client_id must be a string" })),
        ];
        for (changes, expected) in cases {
            assert_eq!(ask(&host, changes).await, (400, expected));
        }
        for wrong in [json!({ "email": "no address" }), json!({ "user_metadata": { "a": 1 } })] {
            assert_eq!(ask(&host, wrong).await.1["code"], "invalid_signup");
        }
        assert_eq!(host.tenant.read().users.len(), 1);
    }
}
