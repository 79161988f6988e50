//! What the harness needs to know to sign somebody in by itself: with which client, and by which way.

use std::sync::Arc;

use serde_json::Map;

use crate::client::journey::Journey;
use crate::client::people::Person;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::strategy::Kind;
use crate::domain::user::Identity;
use crate::domain::user::User;
use crate::harness::control::error::ControlError;
use crate::harness::person;
use crate::harness::person::Whom;
use crate::server::site::Site;
use crate::store::state::TenantState;
use crate::upstreams::accounts::Account;
use crate::upstreams::provider::Provider;

/// The client of that id or name; without one, the first by name that signs people in, a web application before others.
///
/// # Errors
/// [`ControlError`] when there is none.
pub(crate) fn client(state: &TenantState, named: Option<&str>) -> Result<Arc<Client>, ControlError> {
    let Some(named) = named else {
        let mut clients: Vec<_> = state.clients.rows().filter(|client| signs_in(client)).collect();
        let is_web = |client: &Client| client.app_type.as_deref() == Some("regular_web");
        // One with an add-on is there for another protocol.
        clients.sort_by_key(|client| (client.extra.contains_key("addons"), !is_web(client), client.name.clone()));
        let none = || ControlError::Invalid("no client has a callback: name one by \"client\"".to_owned());
        return clients.first().map(|client| Arc::clone(client)).ok_or_else(none);
    };
    let by_name = || state.clients.rows().find(|client| client.name == named && !client.global);
    let found = state.client(named).or_else(by_name).cloned();
    found.ok_or_else(|| ControlError::NotFound { what: "client", name: named.to_owned() })
}

fn signs_in(client: &Client) -> bool {
    client.may_use("authorization_code") && callback(client).is_some()
}

/// The client's first callback, wildcards filled in.
pub(crate) fn callback(client: &Client) -> Option<String> {
    let callbacks = client.callbacks.as_deref().filter(|_| !client.global)?;
    callbacks.first().map(|callback| callback.replace(":*/", ":3000/").replace("/*", "/callback"))
}

/// How the person signs in: by a password at a database, or by an account at a fake through a connection to it.
///
/// # Errors
/// [`ControlError`] when nobody is meant, or there is no such way.
pub(crate) fn way(site: &Site, who: &str, connection: Option<&str>) -> Result<Journey, ControlError> {
    let state = site.tenant.read();
    match person::find(site, who)? {
        Whom::Account(provider, account) => {
            let connection = connection_to(&state, provider, connection)?;
            Ok(Journey::by_provider(connection.name.clone(), of_account(provider, &account)))
        }
        Whom::User(user) => of_user(site, &state, &user, connection),
    }
}

/// The user whom a text means; of an account at a fake, the one that signed in with it.
///
/// # Errors
/// [`ControlError`] when nobody is meant, or nobody signed in with the account yet.
pub(crate) fn user(site: &Site, who: &str) -> Result<Arc<User>, ControlError> {
    let (provider, account) = match person::find(site, who)? {
        Whom::User(user) => return Ok(user),
        Whom::Account(provider, account) => (provider, account),
    };
    let state = site.tenant.read();
    let connections = state.connections.rows().filter(|connection| provider_of(connection) == Some(provider));
    let mut ids = connections.map(|connection| {
        let id = connection.strategy.identity_id(&connection.name, &account.id);
        UserId::new(connection.strategy.as_str(), &id)
    });
    let found = ids.find_map(|id| state.users.owner_of(&id)).cloned();
    found.ok_or_else(|| {
        let message =
            format!("\"{who}\" never signed in, so the tenant has no such user yet: POST /_impostor/logins first");
        ControlError::Conflict(message)
    })
}

fn of_user(site: &Site, state: &TenantState, user: &User, asked: Option<&str>) -> Result<Journey, ControlError> {
    let fits = |identity: &&Identity| asked.is_none_or(|asked| identity.connection == asked);
    let identity = user.identities.iter().find(fits).ok_or_else(|| {
        let message = format!("{} has no account of the connection \"{}\"", user.user_id, asked.unwrap_or_default());
        ControlError::Invalid(message)
    })?;
    let connection = state
        .connection_named(&identity.connection)
        .ok_or_else(|| ControlError::NotFound { what: "connection", name: identity.connection.clone() })?;
    if connection.strategy.is_database() {
        let is_primary = user.primary().is_some_and(|primary| primary == identity);
        let password = if is_primary { user.password.as_ref() } else { identity.password.as_ref() };
        return Ok(Journey::by_password(of_database(user, password)));
    }
    if connection.strategy.kind() == Kind::Passwordless {
        return Ok(Journey::by_provider(connection.name.clone(), of_database(user, None)));
    }
    let id = identity.user_id.to_string();
    let fakes = site.upstreams.read();
    let provider = provider_of(connection);
    let account = provider.and_then(|provider| {
        let fake = fakes.of(provider);
        // Some connections put their own name before the provider's id.
        let bare = id.rsplit_once('|').map_or(id.as_str(), |(_, bare)| bare);
        let by_email = || fake.account_called(user.email.as_deref()?);
        Some((provider, Arc::clone(fake.accounts.get(bare).or_else(by_email)?)))
    });
    let (provider, account) = account.ok_or_else(|| {
        let message =
            format!("{} is known by the connection {}, where no fake has the account", user.user_id, connection.name);
        ControlError::Invalid(message)
    })?;
    Ok(Journey::by_provider(connection.name.clone(), of_account(provider, &account)))
}

/// The connection named, else the tenant's first one to the provider.
fn connection_to(
    state: &TenantState,
    provider: Provider,
    named: Option<&str>,
) -> Result<Arc<Connection>, ControlError> {
    let mut fitting: Vec<_> = state.connections.rows().filter(|one| provider_of(one) == Some(provider)).collect();
    fitting.sort_by(|one, other| one.name.cmp(&other.name));
    let found = fitting.into_iter().find(|one| named.is_none_or(|named| one.name == named)).cloned();
    found.ok_or_else(|| {
        ControlError::Invalid(match named {
            Some(named) => format!("\"{named}\" is no connection to {}", provider.label()),
            None => format!("the tenant has no connection to {}", provider.label()),
        })
    })
}

/// The provider that a connection leads to.
pub(crate) fn provider_of(connection: &Connection) -> Option<Provider> {
    match connection.strategy.as_str() {
        "google-oauth2" => Some(Provider::Google),
        "windowslive" => Some(Provider::Microsoft),
        "oidc" | "okta" => Some(Provider::Oidc),
        other => Provider::of(other),
    }
}

fn of_account(provider: Provider, account: &Account) -> Person {
    Person {
        at: provider.as_str().to_owned(),
        id: account.id.clone(),
        email: account.email().map(str::to_owned),
        password: None,
        name: account.name().map(str::to_owned),
        profile: Map::new(),
        grants: None,
    }
}

/// With the password, if it is kept as it was given.
fn of_database(user: &User, password: Option<&Password>) -> Person {
    let plain = match password {
        Some(Password::Plain(plain)) => Some(plain.to_string()),
        Some(Password::Bcrypt(_)) | None => None,
    };
    Person {
        at: "database".to_owned(),
        id: user.user_id.to_string(),
        email: user.email.clone().or_else(|| user.username.clone()).or_else(|| user.phone_number.clone()),
        password: plain,
        name: None,
        profile: Map::new(),
        grants: None,
    }
}
