//! People of the SAML identity providers, on demand: at a provider's name, in its dialect's words. What isn't given is made
//! up.

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::fixtures::generate;
use crate::harness::control::error::ControlError;
use crate::harness::control::making;
use crate::harness::control::making::PersonRequest;
use crate::server::site::Site;
use crate::time::Rng;
use crate::upstreams::saml::dialect::Plain;
use crate::upstreams::saml::provider::IdentityProvider;
use crate::upstreams::saml::provider::Person;

/// The attribute that stands for the name identifier.
const NAME_ID: &str = "NameID";

/// Whether this is the name of a provider here.
pub(super) fn is_place(site: &Site, at: &str) -> bool {
    site.upstreams.read().saml.providers.get(at).is_some()
}

/// Makes people, all or none.
///
/// # Errors
/// [`ControlError`] when something is asked for that nobody has here, or a name is taken.
pub(super) fn create(site: &Site, request: &PersonRequest) -> Result<Vec<Value>, ControlError> {
    let of_others = [
        ("connection", request.connection.is_some()),
        ("username", request.username.is_some()),
        ("password", request.password.is_some()),
        ("grants", request.grants.is_some()),
        ("user_metadata", request.user_metadata.is_some()),
        ("app_metadata", request.app_metadata.is_some()),
        ("blocked", request.blocked.is_some()),
        ("email_verified", request.email_verified.is_some()),
    ];
    if let Some((name, _)) = of_others.into_iter().find(|(_, given)| *given) {
        return Err(ControlError::Invalid(format!("a person at a SAML identity provider has no \"{name}\"")));
    }
    change(site, &request.at, |provider, rng| {
        let mut made = Vec::new();
        for _ in 0..request.count.unwrap_or(1) {
            let person = drawn(provider, request, rng)?;
            if provider.account(&person.id).is_some() {
                let message = format!("\"{}\" is the NameID of somebody at {} already", person.id, provider.name);
                return Err(ControlError::Conflict(message));
            }
            made.push(shown(provider, &person));
            provider.accounts.push(Arc::new(person));
        }
        Ok(made)
    })
}

/// Everybody at a provider, or at all of them.
pub(super) fn list(site: &Site, at: Option<&str>) -> Vec<Value> {
    let fakes = site.upstreams.read();
    let meant = fakes.saml.providers.rows().filter(|provider| at.is_none_or(|at| provider.name == at));
    meant.flat_map(|provider| provider.accounts.iter().map(|person| shown(provider, person))).collect()
}

/// One of them, by name identifier.
///
/// # Errors
/// [`ControlError::NotFound`]
pub(super) fn read(site: &Site, at: &str, id: &str) -> Result<Value, ControlError> {
    let fakes = site.upstreams.read();
    let provider = fakes.saml.providers.get(at).ok_or_else(|| not_found(id))?;
    provider.account(id).map(|person| shown(provider, person)).ok_or_else(|| not_found(id))
}

/// Changes attributes; `null` takes one away.
///
/// # Errors
/// [`ControlError`]; then nothing changed.
pub(super) fn update(site: &Site, at: &str, id: &str, attributes: &Map<String, Value>) -> Result<Value, ControlError> {
    change(site, at, |provider, _| {
        let position = provider.accounts.iter().position(|person| person.id == id).ok_or_else(|| not_found(id))?;
        let mut person = provider.account(id).map(|person| Person::clone(person)).ok_or_else(|| not_found(id))?;
        put(&mut person, attributes)?;
        if person.id != id && provider.account(&person.id).is_some() {
            return Err(ControlError::Conflict(format!("\"{}\" is the NameID of somebody else", person.id)));
        }
        let told = shown(provider, &person);
        if let Some(place) = provider.accounts.get_mut(position) {
            *place = Arc::new(person);
        }
        Ok(told)
    })
}

/// Takes somebody out.
///
/// # Errors
/// [`ControlError::NotFound`]
pub(super) fn delete(site: &Site, at: &str, id: &str) -> Result<(), ControlError> {
    change(site, at, |provider, _| {
        let before = provider.accounts.len();
        provider.accounts.retain(|person| person.id != id);
        if provider.accounts.len() < before { Ok(()) } else { Err(not_found(id)) }
    })
}

fn change<T>(
    site: &Site,
    at: &str,
    change: impl FnOnce(&mut IdentityProvider, &mut Rng) -> Result<T, ControlError>,
) -> Result<T, ControlError> {
    site.upstreams.write(|draft| {
        let mut rng = Rng::from_key(draft.rng().key());
        let mut provider =
            draft.saml.providers.get(at).map(|found| IdentityProvider::clone(found)).ok_or_else(|| not_found(at))?;
        let changed = change(&mut provider, &mut rng)?;
        draft.saml.providers.put(at.to_owned(), provider);
        Ok(changed)
    })
}

fn drawn(provider: &IdentityProvider, request: &PersonRequest, rng: &mut Rng) -> Result<Person, ControlError> {
    let number = i64::try_from(rng.below(1_000_000)).unwrap_or_default();
    let made_up = making::of_locale(request, rng)?.or_else(|| generate::one("en_US", number, rng));
    let mut words = made_up.map(Plain::from).unwrap_or_default();
    if let Some(name) = &request.name {
        let (given, family) = name.rsplit_once(' ').unwrap_or((name.as_str(), ""));
        let (given_name, family_name) = (given.to_owned(), family.to_owned());
        words = Plain { given_name, family_name, name: name.clone(), ..words };
    }
    words.email = request.email.clone().unwrap_or(words.email);
    let mut person = provider.dialect.person(&words);
    put(&mut person, &request.attributes)?;
    Ok(person)
}

/// Puts attributes in the place of those with their names.
fn put(person: &mut Person, attributes: &Map<String, Value>) -> Result<(), ControlError> {
    for (name, value) in attributes {
        let values = texts(name, value)?;
        if name == NAME_ID {
            let [id] = &*values else {
                return Err(ControlError::Invalid(format!("\"{NAME_ID}\" is one text that isn't empty")));
            };
            person.id.clone_from(id);
            continue;
        }
        match person.attributes.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = values,
            None => person.attributes.push((name.clone(), values)),
        }
        if value.is_null() {
            person.attributes.retain(|(known, _)| known != name);
        }
    }
    Ok(())
}

fn texts(name: &str, value: &Value) -> Result<Vec<String>, ControlError> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err(ControlError::Invalid(format!("\"{name}\" is a text or a list of texts"))),
    };
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => values.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

fn shown(provider: &IdentityProvider, person: &Person) -> Value {
    let value = |values: &Vec<String>| match &**values {
        [one] => json!(one),
        many => json!(many),
    };
    let profile: Map<_, _> = person.attributes.iter().map(|(name, values)| (name.clone(), value(values))).collect();
    json!({
        "at": provider.name,
        "id": person.id,
        "email": person.email(),
        "name": person.label(),
        "profile": profile,
    })
}

fn not_found(id: &str) -> ControlError {
    ControlError::NotFound { what: "person", name: id.to_owned() }
}
