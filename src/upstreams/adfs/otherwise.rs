//! What a token is otherwise than it should be, because a fault asks for it.

use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::effect::Effect;
use crate::http::faults::scope::Who;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::adfs::site::Site;
use crate::upstreams::saml::wrong::Wrong;

/// What AD FS calls itself where faults are asked for.
pub(crate) const NAME: &str = "adfs";

/// The wrong forms that a token can have; the others are of messages that WS-Federation doesn't have.
pub(crate) const FORMS: [Wrong; 12] = [
    Wrong::Unsigned,
    Wrong::OtherKey,
    Wrong::Expired,
    Wrong::NotYetValid,
    Wrong::Audience,
    Wrong::Issuer,
    Wrong::Replayed,
    Wrong::CommentInNameId,
    Wrong::ExternalEntity,
    Wrong::Sha1,
    Wrong::NoAttributes,
    Wrong::NoNameId,
];

/// What one token is otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Otherwise {
    pub(super) wrong: Option<Wrong>,
    /// How many seconds the clock is ahead.
    pub(super) ahead: i64,
    pub(super) no_email: bool,
}

impl Otherwise {
    /// What is wanted for a person's token for a realm; `occasion` is the login.
    pub(super) fn of(site: &Site, realm: &str, entry: &Entry, occasion: &str) -> Self {
        let who = who(realm, entry);
        let fault = |behaviour| site.behaviours.ask(behaviour, &who, occasion);
        let form = |effect: Effect| match effect {
            Effect::WrongResponse { form } => Wrong::of(&form).filter(|form| FORMS.contains(form)),
            _ => None,
        };
        let key = || fault(Behaviour::WrongKey).map(|_| Wrong::OtherKey);
        Self {
            wrong: fault(Behaviour::WrongResponse).and_then(form).or_else(key),
            ahead: fault(Behaviour::ClockSkew).map(|effect| effect.skew_seconds()).unwrap_or_default(),
            no_email: fault(Behaviour::NoEmail).is_some(),
        }
    }
}

/// The relying party, and all that a person is called.
fn who(realm: &str, entry: &Entry) -> Who {
    let names = ["sAMAccountName", "userPrincipalName", "mail"].iter().filter_map(|name| entry.text(name));
    let people = names.flat_map(|name| [name.to_owned(), format!("{NAME}:{name}")]).collect();
    Who { client: Some(realm.to_owned()), people }
}
