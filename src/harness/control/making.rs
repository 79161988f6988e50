//! People made up: what is given stays, the rest is plausible, and from the seed.

use crate::domain::connection::Connection;
use crate::domain::password::Password;
use crate::domain::profile::database::NewUser;
use crate::domain::profile::database::is_email;
use crate::domain::user::User;
use crate::fixtures::generate;
use crate::fixtures::generate::Person;
use crate::harness::control::error::ControlError;
use crate::server::site::Site;
use crate::store::tx::Tx;
use crate::time::Rng;
use crate::upstreams::accounts::Account;
use crate::upstreams::provider::Provider;
use crate::upstreams::provider::Words;
use fake::Fake as _;
use fake::faker::name::en::FirstName;
use fake::faker::name::en::LastName;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// The database that people are made in when none is named.
const DATABASE: &str = "Username-Password-Authentication";

/// How many people are made by one call.
const MOST_AT_ONCE: usize = 10_000;

/// A person to be made.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonRequest {
    /// `database`, `ad` for the directory, the name of a SAML identity provider, or a fake: `google`, `facebook`, …
    pub(super) at: String,
    /// The database's name.
    pub(super) connection: Option<String>,
    pub(super) email: Option<String>,
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    pub(super) name: Option<String>,
    /// Raw attributes, in the words of whom the person is at; they beat everything else given. In the directory,
    /// `distinguishedName` says where, and `memberOf` lists groups; at a SAML identity provider, `NameID` is the name
    /// identifier.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(super) attributes: Map<String, Value>,
    /// Permissions that the person gives at a fake, if not told otherwise; all when not given.
    pub(super) grants: Option<Vec<String>>,
    #[schema(value_type = Option<Object>)]
    pub(super) user_metadata: Option<Map<String, Value>>,
    #[schema(value_type = Option<Object>)]
    pub(super) app_metadata: Option<Map<String, Value>>,
    pub(super) email_verified: Option<bool>,
    pub(super) blocked: Option<bool>,
    /// Whose names are made up: `en_US`, `de_DE`, `ja_JP`, …
    pub(super) locale: Option<String>,
    /// So many people at once, at most 10,000: the answer is `{"people": […]}`, and all are made or none.
    pub(super) count: Option<usize>,
}

/// What can be one person's alone is not given for many.
pub(super) fn check_count(request: &PersonRequest) -> Result<(), ControlError> {
    let Some(count) = request.count else { return Ok(()) };
    if count > MOST_AT_ONCE {
        return Err(ControlError::Invalid(format!("\"count\" must be at most {MOST_AT_ONCE}")));
    }
    let of_one = [("email", request.email.is_some()), ("username", request.username.is_some())];
    match of_one.into_iter().find(|(_, given)| *given) {
        Some((name, _)) => {
            Err(ControlError::Invalid(format!("\"{name}\" is one person's: leave it out with \"count\"")))
        }
        None => Ok(()),
    }
}

/// Names of the locale asked for, where none were given.
pub(super) fn of_locale(request: &PersonRequest, rng: &mut Rng) -> Result<Option<Person>, ControlError> {
    let Some(locale) = &request.locale else { return Ok(None) };
    let number = i64::try_from(rng.below(1_000_000)).unwrap_or_default();
    generate::one(locale, number, rng).map(Some).ok_or_else(|| {
        let known = generate::locales().collect::<Vec<_>>().join(", ");
        ControlError::Invalid(format!("\"locale\" must be one of {known}, not \"{locale}\""))
    })
}

pub(super) fn create_accounts(
    site: &Site,
    provider: Provider,
    request: PersonRequest,
) -> Result<Vec<Value>, ControlError> {
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
    let made = site.upstreams.write(|fakes| {
        let mut made = Vec::new();
        for _ in 0..request.count.unwrap_or(1) {
            let mut rng = Rng::from_key(fakes.rng().key());
            let mut attributes = Map::new();
            if let Some(person) = of_locale(&request, &mut rng)? {
                attributes.extend(named(words, &person));
            }
            let given = [(words.email, &request.email), (words.name, &request.name)];
            let given = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())));
            attributes.extend(given);
            attributes.extend(email_verified.map(|(name, verified)| (name.to_owned(), verified.into())));
            attributes.extend(request.attributes.clone());
            let added = fakes.add_account(provider, attributes, request.grants.clone(), &mut rng);
            made.push(added.map_err(|error| ControlError::of_account(error, String::new()))?);
        }
        Ok::<_, ControlError>(made)
    });
    Ok(made?.iter().map(|account| account_view(provider, account)).collect())
}

/// The names and the address of a made-up person, in a provider's words.
fn named(words: Words, person: &Person) -> Vec<(String, Value)> {
    let texts = [
        (Some(words.name), &person.name),
        (words.given_name, &person.given_name),
        (words.family_name, &person.family_name),
        (Some(words.email), &person.email),
    ];
    texts.into_iter().filter_map(|(word, text)| Some((word?.to_owned(), text.as_str().into()))).collect()
}

pub(super) async fn create_users(site: &Site, request: PersonRequest) -> Result<Vec<Value>, ControlError> {
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
    let made = site.tenant.write(|tx| {
        let people = (0..request.count.unwrap_or(1)).map(|_| add_user(tx, &connection, request.clone()));
        people.collect::<Result<Vec<_>, ControlError>>()
    });
    let view = |(user, password): &(User, String)| {
        json!({
            "at": "database",
            "id": user.user_id,
            "email": user.email,
            "name": user.attributes.parse().get("name"),
            "password": password,
            "profile": user.profile(),
        })
    };
    Ok(made.await?.iter().map(view).collect())
}

/// Adds the user under an id drawn for it; also the password, which the caller needs if it was made up.
fn add_user(tx: &mut Tx<'_>, connection: &Connection, request: PersonRequest) -> Result<(User, String), ControlError> {
    let mut made_up = MadeUp::draw(tx);
    let person = of_locale(&request, tx.rng())?;
    let id = tx.rng().hex(24);
    let email = request.email.unwrap_or(made_up.email);
    let password = request.password.unwrap_or(made_up.password);
    let username = request.username.or_else(|| connection.requires_username().then_some(made_up.username));
    let mut attributes = Map::new();
    if let Some(person) = person {
        attributes.insert("given_name".to_owned(), person.given_name.into());
        attributes.insert("family_name".to_owned(), person.family_name.into());
        (made_up.name, made_up.email) = (person.name, person.email);
    }
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

pub(super) fn account_view(provider: Provider, account: &Arc<Account>) -> Value {
    json!({
        "at": provider.as_str(),
        "id": account.id,
        "email": account.email(),
        "name": account.name(),
        "profile": account.attributes,
        "grants": account.grants,
    })
}
