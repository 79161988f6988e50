//! What an answer does otherwise than it should, because somebody asked for it: on the page, in the fixture, by faults.

use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::effect::Effect;
use crate::http::faults::scope::Who;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::wrong::Wrong;

/// Number of the key that takes the first one's place when keys change.
pub(super) const CHANGED: u32 = 2;
/// Number of a key that is in no metadata.
pub(super) const UNPUBLISHED: u32 = 1;

/// What one answer does otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Otherwise {
    pub(super) wrong: Option<Wrong>,
    /// How many seconds the provider's clock is ahead.
    pub(super) ahead: i64,
    pub(super) no_email: bool,
    pub(super) declines: bool,
}

impl Otherwise {
    /// What is wanted for a person's answer; `occasion` is the login. What was asked for at this very login beats faults.
    pub(super) fn of(at: &At, asked: &Asked, person: &Person, occasion: &str) -> Self {
        let who = who(&at.provider.name, &asked.audience, Some(person));
        let fault = |behaviour| at.behaviours.ask(behaviour, &who, occasion);
        let form = |effect: Effect| match effect {
            Effect::WrongResponse { form } => Wrong::of(&form),
            _ => None,
        };
        let by_fault = || {
            let key = || fault(Behaviour::WrongKey).map(|_| Wrong::OtherKey);
            fault(Behaviour::WrongResponse).and_then(form).or_else(key)
        };
        Self {
            wrong: asked.wrong.or_else(by_fault),
            ahead: fault(Behaviour::ClockSkew).map(|effect| effect.skew_seconds()).unwrap_or_default(),
            no_email: fault(Behaviour::NoEmail).is_some(),
            declines: fault(Behaviour::Declines).is_some(),
        }
    }
}

/// A service provider, and all that a person is called at a provider.
pub(crate) fn who(provider: &str, audience: &str, person: Option<&Person>) -> Who {
    let people = person.map(|person| {
        let names = [Some(&*person.id), person.email()].into_iter().flatten().map(str::to_owned);
        names.chain([format!("saml:{}", person.id), format!("{provider}:{}", person.id)]).collect()
    });
    Who { client: Some(audience.to_owned()).filter(|name| !name.is_empty()), people: people.unwrap_or_default() }
}
