//! People on demand: at a fake, or in a database of the tenant. What isn't given is made up, from the seed.

use std::sync::Arc;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use fake::Fake as _;
use fake::faker::name::en::FirstName;
use fake::faker::name::en::LastName;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::profile::database::NewUser;
use crate::domain::profile::database::is_email;
use crate::domain::user::User;
use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::server::site::Site;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::upstreams::accounts::Account;
use crate::upstreams::accounts::AccountError;
use crate::upstreams::provider::Provider;

/// The database that people are made in when none is named.
const DATABASE: &str = "Username-Password-Authentication";

/// A person to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonRequest {
    /// `database`, or a fake: `google`, `facebook`, `github`, …
    at: String,
    /// The database's name.
    connection: Option<String>,
    email: Option<String>,
    username: Option<String>,
    password: Option<String>,
    name: Option<String>,
    /// Raw attributes, in the words of whom the person is at; they beat everything else given.
    #[serde(default)]
    #[schema(value_type = Object)]
    attributes: Map<String, Value>,
    /// Permissions that the person gives at a fake, if not told otherwise; all when not given.
    grants: Option<Vec<String>>,
    #[schema(value_type = Option<Object>)]
    user_metadata: Option<Map<String, Value>>,
    #[schema(value_type = Option<Object>)]
    app_metadata: Option<Map<String, Value>>,
    email_verified: Option<bool>,
    blocked: Option<bool>,
}

/// What changes about a person at a fake.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeRequest {
    #[serde(default)]
    #[schema(value_type = Object)]
    attributes: Map<String, Value>,
    grants: Option<Vec<String>>,
}

/// Makes a person with what is given and the rest plausible. With a seed, the same calls make the same people.
#[utoipa::path(post, path = "/people", tag = "people", request_body = PersonRequest, responses((status = 201, description = "`{at, id, email, name, password?, profile}`"), ControlError))]
pub(super) async fn create(
    site: Site,
    Body(request): Body<PersonRequest>,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let person = match Provider::of(&request.at) {
        Some(provider) => create_account(&site, provider, request)?,
        None if request.at == "database" => create_user(&site, request).await?,
        None => return Err(unknown_place(request.at)),
    };
    Ok((StatusCode::CREATED, Json(person)))
}

/// Changes an account at a fake; `null` takes an attribute away. The tenant hears of it at the person's next login. Users
/// of a database are the Management API's to change.
#[utoipa::path(patch, path = "/people/{at}/{id}", tag = "people", params(("at" = String, Path, description = "The fake"), ("id" = String, Path, description = "The account's id there")), request_body = ChangeRequest, responses((status = 200, description = "The person"), ControlError))]
pub(super) async fn update(
    site: Site,
    Path((at, id)): Path<(String, String)>,
    Body(request): Body<ChangeRequest>,
) -> Result<Json<Value>, ControlError> {
    let provider = Provider::of(&at).ok_or_else(|| match at.as_str() {
        "database" => ControlError::Invalid("users of a database are changed by PATCH /api/v2/users/ID".to_owned()),
        _ => unknown_place(at),
    })?;
    let changed = site.upstreams.write(|fakes| fakes.change_account(provider, &id, request.attributes, request.grants));
    let account = changed.map_err(|error| ControlError::of_account(error, id))?;
    Ok(Json(account_view(provider, &account)))
}

/// Removes a person.
#[utoipa::path(delete, path = "/people/{at}/{id}", tag = "people", params(("at" = String, Path, description = "`database`, or a fake"), ("id" = String, Path, description = "The id there")), responses((status = 204, description = "Gone"), ControlError))]
pub(super) async fn delete(site: Site, Path((at, id)): Path<(String, String)>) -> Result<StatusCode, ControlError> {
    match Provider::of(&at) {
        Some(provider) => {
            let removed = site.upstreams.write(|fakes| fakes.remove_account(provider, &id));
            removed.map_err(|error| ControlError::of_account(error, id))?;
        }
        None if at == "database" => {
            let user_id = UserId::from(id);
            let removed = site.tenant.write(|tx| Ok::<_, ControlError>(tx.remove_user(&user_id))).await?;
            removed.ok_or_else(|| ControlError::NotFound { what: "person", name: user_id.to_string() })?;
        }
        None => return Err(unknown_place(at)),
    }
    Ok(StatusCode::NO_CONTENT)
}

fn create_account(site: &Site, provider: Provider, request: PersonRequest) -> Result<Value, ControlError> {
    let only_in_databases = [
        ("connection", request.connection.is_some()),
        ("username", request.username.is_some()),
        ("password", request.password.is_some()),
        ("user_metadata", request.user_metadata.is_some()),
        ("app_metadata", request.app_metadata.is_some()),
        ("blocked", request.blocked.is_some()),
    ];
    if let Some((name, _)) = only_in_databases.into_iter().find(|(_, given)| *given) {
        return Err(ControlError::Invalid(format!("a person at {} has no \"{name}\"", provider.as_str())));
    }
    let words = provider.words();
    let email_verified = match (words.email_verified, request.email_verified) {
        (None, Some(_)) => {
            return Err(ControlError::Invalid(format!("a person at {} has no \"email_verified\"", provider.as_str())));
        }
        (name, value) => name.zip(value),
    };
    let mut attributes = Map::new();
    let given = [(words.email, request.email), (words.name, request.name)];
    attributes.extend(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?)))));
    attributes.extend(email_verified.map(|(name, verified)| (name.to_owned(), verified.into())));
    attributes.extend(request.attributes);
    let added = site.upstreams.add_account(provider, attributes, request.grants);
    let account = added.map_err(|error| ControlError::of_account(error, String::new()))?;
    Ok(account_view(provider, &account))
}

async fn create_user(site: &Site, request: PersonRequest) -> Result<Value, ControlError> {
    if request.grants.is_some() {
        return Err(ControlError::Invalid("a person in a database has no \"grants\"".to_owned()));
    }
    if let Some(email) = request.email.as_ref().filter(|email| !is_email(email)) {
        return Err(ControlError::Invalid(format!("\"{email}\" is not an e-mail address")));
    }
    let name = request.connection.as_deref().unwrap_or(DATABASE);
    let connection = site.tenant.read().connection_named(name).cloned();
    let connection = connection.filter(|connection| connection.strategy.is_database());
    let connection = connection.ok_or_else(|| ControlError::NotFound { what: "database", name: name.to_owned() })?;
    let (user, password) = site.tenant.write(|tx| add_user(tx, &connection, request)).await?;
    Ok(json!({
        "at": "database",
        "id": user.user_id,
        "email": user.email,
        "name": user.attributes.parse().get("name"),
        "password": password,
        "profile": user.profile(),
    }))
}

/// Adds the user under an id drawn for it; also the password, which the caller needs if it was made up.
fn add_user(tx: &mut Tx<'_>, connection: &Connection, request: PersonRequest) -> Result<(User, String), ControlError> {
    let made_up = MadeUp::draw(tx);
    let id = tx.rng().hex(24);
    let email = request.email.unwrap_or(made_up.email);
    let password = request.password.unwrap_or(made_up.password);
    let username = request.username.or_else(|| connection.requires_username().then_some(made_up.username));
    let mut attributes = Map::new();
    attributes.insert("name".to_owned(), request.name.unwrap_or(made_up.name).into());
    attributes.extend(request.attributes);
    attributes.retain(|_, value| !value.is_null());
    let new = NewUser {
        email: Some(email),
        email_verified: Some(request.email_verified.unwrap_or(true)),
        username,
        blocked: request.blocked,
        password: Some(Password::Plain(password.as_str().into())),
        user_metadata: request.user_metadata,
        app_metadata: request.app_metadata,
        attributes,
        ..NewUser::default()
    };
    let user = new.into_user(connection, &id, tx.now);
    tx.put_user(user.clone())?;
    Ok((user, password))
}

/// A plausible person.
struct MadeUp {
    name: String,
    email: String,
    username: String,
    password: String,
}

impl MadeUp {
    fn draw(tx: &mut Tx<'_>) -> Self {
        let rng = tx.rng();
        let (given, family): (String, String) =
            (FirstName().fake_with_rng(rng.source()), LastName().fake_with_rng(rng.source()));
        let letters = |text: &str| text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let number = rng.digits(6);
        Self {
            email: format!("{}.{}.{number}@people.example", letters(&given), letters(&family)),
            username: format!("{}{number}", letters(&given).chars().take(8).collect::<String>()),
            password: format!("Passw0rd!{}", rng.alphanumeric(8)),
            name: format!("{given} {family}"),
        }
    }
}

fn account_view(provider: Provider, account: &Arc<Account>) -> Value {
    json!({
        "at": provider.as_str(),
        "id": account.id,
        "email": account.email(),
        "name": account.name(),
        "profile": account.attributes,
        "grants": account.grants,
    })
}

fn unknown_place(at: String) -> ControlError {
    let places: Vec<_> = Provider::ALL.iter().map(|provider| provider.as_str()).collect();
    ControlError::Invalid(format!("\"at\" must be one of database, {}, not \"{at}\"", places.join(", ")))
}

impl ControlError {
    fn of_account(error: AccountError, id: String) -> Self {
        match error {
            AccountError::Unknown => Self::NotFound { what: "person", name: id },
            AccountError::Conflict(_) => Self::Conflict(error.to_string()),
            AccountError::Invalid { .. } | AccountError::IdIsFixed => Self::Invalid(error.to_string()),
        }
    }
}

impl From<StoreError> for ControlError {
    fn from(error: StoreError) -> Self {
        Self::Conflict(error.to_string())
    }
}
