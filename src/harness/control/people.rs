//! People on demand: at a fake, or in a database of the tenant. What isn't given is made up, from the seed.

use crate::domain::id::UserId;
use crate::harness::control::directory_people;
use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::harness::control::making;
use crate::harness::control::making::PersonRequest;
use crate::harness::control::saml_people;
use crate::server::site::Site;
use crate::store::error::StoreError;
use crate::upstreams::accounts::AccountError;
use crate::upstreams::provider::Provider;
use axum::Json;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use utoipa::ToSchema;

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
    let count = request.count;
    making::check_count(&request)?;
    let mut people = match Provider::of(&request.at) {
        Some(provider) => making::create_accounts(&site, provider, request)?,
        None if request.at == directory_people::PLACE => directory_people::create(&site, &request)?,
        None if saml_people::is_place(&site, &request.at) => saml_people::create(&site, &request)?,
        None if request.at == "database" => making::create_users(&site, request).await?,
        None => return Err(unknown_place(request.at)),
    };
    let answer = match (count, people.pop()) {
        (None, Some(person)) => person,
        (_, last) => {
            people.extend(last);
            json!({ "people": people })
        }
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Whom to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PeopleQuery {
    /// A fake: `google`, `facebook`, …, `ad` for the directory, or the name of a SAML identity provider; everybody at all of them, if not given.
    at: Option<String>,
}

/// The people at the fakes, in the order in which they came to be. Users of the tenant are the Management API's to list.
#[utoipa::path(get, path = "/people", tag = "people", params(PeopleQuery), responses((status = 200, description = "`{people: [{at, id, email, name, profile, grants}]}`"), ControlError))]
pub(super) async fn list(
    site: Site,
    query: Result<Query<PeopleQuery>, QueryRejection>,
) -> Result<Json<Value>, ControlError> {
    let Query(asked) = query.map_err(|error| ControlError::Invalid(error.body_text()))?;
    let providers = match asked.at {
        Some(at) if at == directory_people::PLACE => {
            return Ok(Json(json!({ "people": directory_people::list(&site) })));
        }
        Some(at) if saml_people::is_place(&site, &at) => {
            return Ok(Json(json!({ "people": saml_people::list(&site, Some(&at)) })));
        }
        Some(at) => vec![Provider::of(&at).ok_or_else(|| unknown_fake(&at))?],
        None => Provider::ALL.to_vec(),
    };
    let fakes = site.upstreams.read();
    let of = |provider: Provider| {
        let accounts = fakes.of(provider).accounts_in_order();
        accounts.into_iter().map(|account| making::account_view(provider, account)).collect::<Vec<_>>()
    };
    let is_everybody = providers.len() > 1;
    let mut people: Vec<_> = providers.into_iter().flat_map(of).collect();
    if is_everybody {
        people.extend(directory_people::list(&site));
        people.extend(saml_people::list(&site, None));
    }
    Ok(Json(json!({ "people": people })))
}

/// A person at a fake.
#[utoipa::path(get, path = "/people/{at}/{id}", tag = "people", params(("at" = String, Path, description = "The fake; `ad` for the directory, or the name of a SAML identity provider"), ("id" = String, Path, description = "The account's id there; in the directory its `sAMAccountName`")), responses((status = 200, description = "The person"), ControlError))]
pub(super) async fn read(site: Site, Path((at, id)): Path<(String, String)>) -> Result<Json<Value>, ControlError> {
    if at == directory_people::PLACE {
        return directory_people::read(&site, &id).map(Json);
    }
    if saml_people::is_place(&site, &at) {
        return saml_people::read(&site, &at, &id).map(Json);
    }
    let provider = Provider::of(&at).ok_or_else(|| unknown_fake(&at))?;
    let fakes = site.upstreams.read();
    let account = fakes.of(provider).accounts.get(&id);
    let account = account.ok_or(ControlError::NotFound { what: "person", name: id })?;
    Ok(Json(making::account_view(provider, account)))
}

/// Changes an account at a fake; `null` takes an attribute away. The tenant hears of it at the person's next login. Users
/// of a database are the Management API's to change.
#[utoipa::path(patch, path = "/people/{at}/{id}", tag = "people", params(("at" = String, Path, description = "The fake; `ad` for the directory, or the name of a SAML identity provider"), ("id" = String, Path, description = "The account's id there; in the directory its `sAMAccountName`")), request_body = ChangeRequest, responses((status = 200, description = "The person"), ControlError))]
pub(super) async fn update(
    site: Site,
    Path((at, id)): Path<(String, String)>,
    Body(request): Body<ChangeRequest>,
) -> Result<Json<Value>, ControlError> {
    let is_at_saml = saml_people::is_place(&site, &at);
    if at == directory_people::PLACE || is_at_saml {
        if request.grants.is_some() {
            return Err(ControlError::Invalid(format!("a person at {at} has no \"grants\"")));
        }
        if is_at_saml {
            return saml_people::update(&site, &at, &id, &request.attributes).map(Json);
        }
        return directory_people::update(&site, &id, &request.attributes).map(Json);
    }
    let provider = Provider::of(&at).ok_or_else(|| match at.as_str() {
        "database" => ControlError::Invalid("users of a database are changed by PATCH /api/v2/users/ID".to_owned()),
        _ => unknown_place(at),
    })?;
    let changed = site.upstreams.write(|fakes| fakes.change_account(provider, &id, request.attributes, request.grants));
    let account = changed.map_err(|error| ControlError::of_account(error, id))?;
    Ok(Json(making::account_view(provider, &account)))
}

/// Removes a person.
#[utoipa::path(delete, path = "/people/{at}/{id}", tag = "people", params(("at" = String, Path, description = "`database`, or a fake"), ("id" = String, Path, description = "The id there")), responses((status = 204, description = "Gone"), ControlError))]
pub(super) async fn delete(site: Site, Path((at, id)): Path<(String, String)>) -> Result<StatusCode, ControlError> {
    match Provider::of(&at) {
        Some(provider) => {
            let removed = site.upstreams.write(|fakes| fakes.remove_account(provider, &id));
            removed.map_err(|error| ControlError::of_account(error, id))?;
        }
        None if at == directory_people::PLACE => directory_people::delete(&site, &id)?,
        None if saml_people::is_place(&site, &at) => saml_people::delete(&site, &at, &id)?,
        None if at == "database" => {
            let user_id = UserId::from(id);
            let removed = site.tenant.write(|tx| Ok::<_, ControlError>(tx.remove_user(&user_id))).await?;
            removed.ok_or_else(|| ControlError::NotFound { what: "person", name: user_id.to_string() })?;
        }
        None => return Err(unknown_place(at)),
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Users are not listed here: they are the Management API's.
fn unknown_fake(at: &str) -> ControlError {
    let fakes: Vec<_> = Provider::ALL.iter().map(|provider| provider.as_str()).collect();
    let users = if at == "database" { ": users of the tenant are listed by GET /api/v2/users" } else { "" };
    ControlError::Invalid(format!("\"at\" must be one of {}, ad, not \"{at}\"{users}", fakes.join(", ")))
}

fn unknown_place(at: String) -> ControlError {
    let places: Vec<_> = Provider::ALL.iter().map(|provider| provider.as_str()).collect();
    ControlError::Invalid(format!("\"at\" must be one of database, {}, ad, not \"{at}\"", places.join(", ")))
}

impl ControlError {
    pub(super) fn of_account(error: AccountError, id: String) -> Self {
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
