//! `POST /passwordless/start`: has a code or a link sent. Source: spec/authentication-api.md §7.

use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::authentication::cors::Answers;
use crate::authentication::passwordless::error::PasswordlessError;
use crate::authentication::passwordless::passcodes;
use crate::authentication::passwordless::passcodes::Recipient;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::strategy::Kind;
use crate::http::body;
use crate::http::body::MOST_BYTES;
use crate::http::body::Media;
use crate::http::parameters::Parameters;
use crate::keys::digest;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// All that a call may hold.
const KNOWN: &[&str] =
    &["client_id", "client_secret", "connection", "email", "phone_number", "send", "authParams", "captcha", "lang"];

/// The body of a call: JSON, or a form without `authParams`.
pub(crate) struct StartBody(Map<String, Value>);

impl<S: Sync> FromRequest<S> for StartBody {
    type Rejection = PasswordlessError;

    async fn from_request(request: Request, _: &S) -> Result<Self, PasswordlessError> {
        let (parts, body) = request.into_parts();
        let bad = |text: String| PasswordlessError::bad("request", text);
        let bytes = body::read(body, MOST_BYTES).await.map_err(|error| bad(error.to_string()))?;
        if Media::of(&parts.headers) == Media::Form {
            let form = Parameters::of_form(&bytes).map_err(|error| bad(error.to_string()))?;
            return Ok(Self(form.pairs().map(|(name, value)| (name.to_owned(), value.into())).collect()));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|_| bad("the body must be a JSON object".to_owned()))
    }
}

impl StartBody {
    /// A text; `None` when it is missing or empty.
    fn text(&self, name: &'static str) -> Result<Option<&str>, PasswordlessError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(PasswordlessError::bad(name, format!("{name} must be a string"))),
        }
    }

    fn client<'a>(&self, state: &'a TenantState) -> Result<&'a Arc<Client>, PasswordlessError> {
        let id = self.text("client_id")?.ok_or_else(|| PasswordlessError::missing("client_id"))?;
        let client = state.client(id).ok_or_else(|| PasswordlessError::bad("client_id", "Unknown client"))?;
        let must_show = state.settings.flag("enforce_client_authentication_on_passwordless_start");
        let own = client.client_secret.as_deref().unwrap_or_default();
        match self.text("client_secret")? {
            _ if client.is_public() => Ok(client),
            Some(secret) if digest::constant_time_eq(secret.as_bytes(), own.as_bytes()) => Ok(client),
            None if !must_show => Ok(client),
            _ => Err(PasswordlessError::Unauthenticated),
        }
    }

    fn connection(&self, state: &TenantState, client: &Client) -> Result<Arc<Connection>, PasswordlessError> {
        let bad = |text: &str| PasswordlessError::bad("connection", text);
        let name = self.text("connection")?.ok_or_else(|| PasswordlessError::missing("connection"))?;
        let connection = state.connection_named(name).ok_or_else(|| bad("Connection does not exist"))?;
        if connection.strategy.kind() != Kind::Passwordless {
            return Err(bad("Invalid connection strategy. It must either be a passwordless connection"));
        }
        if !connection.is_enabled_for(&client.client_id) {
            return Err(bad("Connection is disabled"));
        }
        Ok(Arc::clone(connection))
    }

    fn address(&self, connection: &Connection) -> Result<&str, PasswordlessError> {
        let attribute = passcodes::attribute(connection);
        let address = self.text(attribute)?.ok_or_else(|| PasswordlessError::missing(attribute))?;
        if passcodes::fits(connection, address) {
            return Ok(address);
        }
        let text = match attribute {
            "email" => "Object didn't pass validation for format email".to_owned(),
            _ => r"String does not match pattern: ^\+[0-9]{1,15}$".to_owned(),
        };
        Err(PasswordlessError::bad(attribute, text))
    }

    /// What a link is to come back with; none when a code is asked for.
    fn parameters(&self, connection: &Connection) -> Result<Option<Vec<(String, String)>>, PasswordlessError> {
        let given = match self.0.get("authParams") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(given)) => given.clone(),
            Some(other) => {
                let text = format!("error in authParams - invalid type: {} (expected object)", type_name(other));
                return Err(PasswordlessError::bad("authParams", text));
            }
        };
        let is_link = match self.text("send")? {
            Some("code") => false,
            // A link doesn't go by SMS, whatever was asked for.
            None | Some("link") => passcodes::attribute(connection) == "email",
            Some(_) => return Err(PasswordlessError::bad("send", "send must be link or code")),
        };
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        Ok(is_link.then(|| given.into_iter().filter_map(|(key, value)| Some((key, text(value)?))).collect()))
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) => "boolean",
        Value::Array(_) => "array",
        Value::Null | Value::Object(_) => "object",
    }
}

/// `POST /passwordless/start`: 200 with the address and the id of who has it, or is going to.
pub(crate) async fn start(tenant: Tenant, visitor: Visitor, body: StartBody) -> Result<Response, PasswordlessError> {
    if let Some(unknown) = body.0.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        let text = format!("the following properties are not allowed: {unknown}");
        return Err(PasswordlessError::bad("request", text));
    }
    let state = tenant.read();
    let client = body.client(&state)?;
    let connection = body.connection(&state, client)?;
    let address = body.address(&connection)?;
    let parameters = body.parameters(&connection)?;
    let recipient = Recipient { client_id: &client.client_id, connection: &connection, address };
    let started = passcodes::send(&tenant, &visitor, recipient, parameters.as_deref()).await?;
    // Recorded so: what is going to be proved is said to be.
    let answer = match passcodes::attribute(&connection) {
        "email" => json!({ "_id": started.id, "email": address, "email_verified": true }),
        _ => json!({ "_id": started.id, "phone_number": address, "phone_verified": true }),
    };
    let mut response = Json(answer).into_response();
    response.extensions_mut().insert(Answers(client.client_id.clone()));
    Ok(response)
}
