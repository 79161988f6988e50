//! What of an upstream's profile is kept at the root of a user. Source: spec/caching.md §2 and §3.

use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::profile::Metadata;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::generated;
use crate::domain::profile::generated::Generated;
use crate::domain::profile::generated::Made;
use crate::domain::profile::generated::Seeds;
use crate::domain::profile::metadata;
use crate::domain::profile::trace::Fate;
use crate::domain::profile::trace::Trace;
use crate::domain::user::User;

/// Attributes that, when they must not be kept, aren't seen by the login that brought them either.
const NEVER_TRANSIENT: &[&str] = &["name", "nickname"];

/// What a login says of a person, on its way into the store.
#[derive(Debug)]
pub(super) struct Incoming<'a> {
    pub(super) attributes: Map<String, Value>,
    pub(super) defaults: Vec<(&'static str, String)>,
    pub(super) connection: &'a Connection,
    /// Whether this login writes the five.
    pub(super) writes_the_five: bool,
    pub(super) trace: &'a mut Trace,
}

impl Incoming<'_> {
    /// Takes out what must not be kept (`non_persistent_attrs`), and gives what of it this login may see.
    pub(super) fn take_transient(&mut self) -> Map<String, Value> {
        let mut transient = Map::new();
        for name in self.connection.non_persistent_attributes() {
            let Some(value) = self.attributes.remove(name) else { continue };
            if NEVER_TRANSIENT.contains(&name) {
                self.trace.turn(name, Fate::Dropped, "non_persistent_attrs names it, and it is in no token either");
            } else {
                self.trace.turn(name, Fate::Transient, "non_persistent_attrs names it: this login alone sees it");
                transient.insert(name.to_owned(), value);
            }
        }
        transient
    }

    /// The attributes, with those of the five that are stored where the upstream sent none or may not write them.
    pub(super) fn over(&mut self, stored: &Map<String, Value>) -> Map<String, Value> {
        let mut attributes = std::mem::take(&mut self.attributes);
        for name in THE_FIVE {
            let sent = attributes.remove(*name);
            let is_written = self.writes_the_five && sent.as_ref().is_some_and(|value| !value.is_null());
            let kept = if is_written { sent } else { self.keep(name, sent.as_ref(), stored.get(*name)) };
            if let Some(value) = kept {
                attributes.insert((*name).to_owned(), value);
            }
        }
        for name in stored.keys() {
            if !attributes.contains_key(name) && !THE_FIVE.contains(&name.as_str()) {
                // Its value isn't shown: it may be a token that a template put there.
                self.trace.noted(Fate::Removed, name, None, "is removed: this login didn't bring it");
            }
        }
        attributes
    }

    /// One of the five that this login doesn't write.
    fn keep(&mut self, name: &str, sent: Option<&Value>, stored: Option<&Value>) -> Option<Value> {
        match sent {
            Some(Value::Null) => self.trace.turn(name, Fate::Dropped, "null says nothing of it"),
            Some(_) => self.trace.turn(
                name,
                Fate::Withheld,
                "what is stored stays, as set_user_root_attributes lets only the first login write it",
            ),
            None => {}
        }
        if let (Some(_), None | Some(Value::Null)) = (stored, sent) {
            self.trace.noted(Fate::Kept, name, stored, "is kept from before: the upstream sent none");
        }
        stored.cloned()
    }

    /// Puts the upstream's attributes in the place of the stored ones.
    pub(super) fn store(mut self, user: &mut User) {
        let mut stored = user.attributes.parse();
        if self.writes_the_five {
            let made_up = std::mem::take(&mut user.generated);
            stored.retain(|name, _| !made_up.has(name));
        }
        for name in self.connection.non_persistent_attributes() {
            if stored.remove(name).is_some() {
                self.trace.noted(Fate::Removed, name, None, "is removed: non_persistent_attrs names it");
            }
        }
        self.store_typed(user);
        let mut attributes = self.over(&stored);
        let generated = self.generate(&mut attributes, Seeds::of(user));
        user.generated = user.generated.and(generated);
        user.attributes = attributes.into();
    }

    /// Makes up what is missing.
    fn generate(&mut self, attributes: &mut Map<String, Value>, seeds: Seeds<'_>) -> Generated {
        let mut made = generated::missing(attributes, seeds);
        let rule = "is empty: nothing was sent, nor anything that it is made of";
        for (name, value) in std::mem::take(&mut self.defaults) {
            if !attributes.contains_key(name) && made.iter().all(|made| made.name != name) {
                made.push(Made { name, value, rule });
            }
        }
        let denied: Vec<_> = self.connection.non_persistent_attributes().collect();
        made.retain(|made| {
            let is_denied = denied.contains(&made.name);
            if is_denied {
                let rule = "is neither kept nor made up: non_persistent_attrs names it";
                self.trace.noted(Fate::Dropped, made.name, None, rule);
            }
            !is_denied
        });
        for made in &made {
            self.trace.noted(Fate::Generated, made.name, Some(&made.value.as_str().into()), made.rule);
            attributes.insert(made.name.to_owned(), made.value.as_str().into());
        }
        Generated::of(made.iter().map(|made| made.name))
    }

    /// The attributes that a user has fields for.
    fn store_typed(&mut self, user: &mut User) {
        let was_verified = user.email_verified;
        user.email = self.take_text("email", user.email.take());
        user.email_verified = self.take_email_verified(user.email.is_some(), was_verified);
        user.username = self.take_text("username", user.username.take());
        user.phone_number = self.take_text("phone_number", user.phone_number.take());
        user.phone_verified = self.attributes.remove("phone_verified").map(|value| is_true(&value));
    }

    fn take_text(&mut self, name: &str, stored: Option<String>) -> Option<String> {
        match self.attributes.remove(name) {
            Some(Value::String(text)) => return Some(text),
            Some(_) => self.trace.turn(name, Fate::Dropped, "it isn't text"),
            None => {}
        }
        if let Some(stored) = stored {
            self.trace.noted(Fate::Removed, name, Some(&stored.into()), "is removed: this login didn't bring it");
        }
        None
    }

    /// Where the connection says whether addresses are to be trusted, logins that don't write the profile leave alone
    /// what is stored (spec/caching.md §8).
    fn take_email_verified(&mut self, has_email: bool, stored: Option<bool>) -> Option<bool> {
        const NAME: &str = "email_verified";
        let sent = self.attributes.remove(NAME);
        if !has_email {
            self.trace.turn(NAME, Fate::Dropped, "there is no address");
            return None;
        }
        let is_set_by_connection = self.connection.options.contains_key("should_trust_email_verified_connection");
        if let (Some(stored), true, false) = (stored, is_set_by_connection, self.writes_the_five) {
            self.trace.turn(NAME, Fate::Withheld, "what is stored stays, as only the first login writes the profile");
            return Some(stored);
        }
        if sent.is_none() {
            self.trace.noted(
                Fate::Set,
                NAME,
                Some(&Value::Bool(false)),
                "is false, as nobody says that it is verified",
            );
        }
        Some(sent.is_some_and(|value| is_true(&value)))
    }
}

/// Merges metadata that came with a profile into the user's, or none of it when a name in it isn't allowed.
pub(super) fn store_metadata(user: &mut User, incoming: &Metadata, trace: &mut Trace) {
    let places = [
        ("user_metadata", &incoming.user, &mut user.user_metadata),
        ("app_metadata", &incoming.app, &mut user.app_metadata),
    ];
    for (kind, changes, stored) in places {
        if changes.is_empty() {
            continue;
        }
        match metadata::merge(kind, stored.as_ref(), changes) {
            Ok(merged) => *stored = merged,
            Err(error) => trace.turn(kind, Fate::Dropped, &format!("not merged: {error}")),
        }
    }
}

/// Providers send booleans as such or as text.
fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true) || value.as_str() == Some("true")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(sent: Value, stored: Value, writes_the_five: bool, expected: Value) {
        let object = |value: Value| value.as_object().cloned().unwrap();
        let connection = json!({ "id": "con_1", "name": "c", "strategy": "github" });
        let connection: Connection = serde_json::from_value(connection).unwrap();
        let mut incoming = Incoming {
            attributes: object(sent),
            defaults: Vec::new(),
            connection: &connection,
            writes_the_five,
            trace: &mut Trace::default(),
        };
        assert_eq!(Value::from(incoming.over(&object(stored))), expected);
    }

    #[test]
    fn the_five_are_sent_or_stored() {
        let stored = || json!({ "name": "Old", "hd": "old" });
        check(json!({ "name": "New", "hd": "new" }), stored(), true, json!({ "name": "New", "hd": "new" }));
        check(json!({ "name": "New", "hd": "new" }), stored(), false, json!({ "name": "Old", "hd": "new" }));
        check(json!({ "name": null }), stored(), true, json!({ "name": "Old" }));
        check(json!({ "picture": "p" }), stored(), false, json!({ "name": "Old" }));
    }
}
