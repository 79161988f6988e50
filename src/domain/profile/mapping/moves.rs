//! The steps of a mapping: each moves, makes or takes away something and leaves a line in the trace.

use serde_json::Map;
use serde_json::Value;

use crate::domain::profile::ProviderTokens;
use crate::domain::profile::mapping::Mapping;
use crate::domain::profile::trace::Fate;

impl Mapping {
    /// Gives an attribute the tenant's name; the upstream's is gone. An attribute that isn't there is passed over.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        self.convert(from, to, "is renamed", Value::clone);
    }

    /// Gives the first of these attributes that has a value the tenant's name; the others are dropped. Whether one had.
    pub(crate) fn rename_first(&mut self, names: &[&str], to: &str) -> bool {
        let Some(first) = names.iter().find(|name| self.has_value(name)) else {
            return false;
        };
        self.rename(first, to);
        for other in names.iter().filter(|name| *name != first) {
            self.drop(other, &format!("\"{first}\" gave the {to}"));
        }
        true
    }

    /// Gives the first of these attributes that has a value the tenant's name; the others are left as they are.
    pub(crate) fn rename_one(&mut self, names: &[&str], to: &str) {
        if let Some(first) = names.iter().find(|name| self.has_value(name)) {
            self.rename(first, to);
        }
    }

    fn has_value(&self, name: &str) -> bool {
        self.said(name).is_some_and(|value| value != "")
    }

    /// As [`Self::rename`], with the value made into another.
    pub(crate) fn convert(&mut self, from: &str, to: &str, rule: &str, value: impl FnOnce(&Value) -> Value) {
        if let Some(said) = self.said.get(from) {
            let value = value(said);
            self.left.remove(from);
            self.profile.trace.mapped(from, to, &value, rule);
            self.profile.attributes.insert(to.to_owned(), value);
        }
    }

    /// Takes a value out of the depth of an attribute (a JSON pointer, RFC 6901), which is gone then.
    pub(crate) fn pluck(&mut self, pointer: &str, to: &str) {
        let Some((root, rest)) = split(pointer) else { return };
        let Some(tree) = self.said.get(root) else { return };
        self.left.remove(root);
        match tree.pointer(&rest) {
            Some(value) => {
                self.profile.trace.mapped(root, to, value, &format!("gives its {rest}; the rest is dropped"));
                self.profile.attributes.insert(to.to_owned(), value.clone());
            }
            None => self.profile.trace.dropped(root, tree, &format!("it has no {rest}")),
        }
    }

    /// What a JSON pointer finds, if it says something.
    fn at(&self, pointer: &str) -> Option<&Value> {
        let (root, rest) = split(pointer)?;
        self.said.get(root)?.pointer(&rest).filter(|value| !value.is_null())
    }

    /// Copies a value out of the depth of an attribute, which stays as it is.
    pub(crate) fn copy(&mut self, pointer: &str, to: &str, rule: &str) {
        if let Some(value) = self.at(pointer).cloned() {
            self.profile.trace.mapped(pointer, to, &value, rule);
            self.profile.attributes.insert(to.to_owned(), value);
        }
    }

    /// Takes the first of these places that holds a value: an attribute (`/upn`), which is used up, or one in the depth of
    /// an attribute that stays.
    pub(crate) fn copy_first(&mut self, pointers: &[&str], to: &str) {
        let holds = |pointer: &&&str| self.at(pointer).is_some_and(|value| value != "");
        let Some(pointer) = pointers.iter().find(holds).copied() else { return };
        match split(pointer) {
            Some((root, rest)) if rest.is_empty() => self.rename(root, to),
            _ => self.copy(pointer, to, "is taken out of it"),
        }
    }

    /// Makes a list of one member of each object in a list.
    pub(crate) fn collect(&mut self, list: &str, member: &str, to: &str) {
        self.convert(list, to, &format!("gives the {member} of each"), |list| {
            list.as_array().into_iter().flatten().filter_map(|item| item.get(member)).cloned().collect()
        });
    }

    /// Sets an attribute that the upstream didn't send; `why` is the rule in the trace.
    pub(crate) fn set(&mut self, to: &str, value: impl Into<Value>, why: &str) {
        let value = value.into();
        self.profile.trace.noted(Fate::Set, to, Some(&value), why);
        self.profile.attributes.insert(to.to_owned(), value);
    }

    /// Sets an attribute that was made out of `sources`, which are used up.
    pub(crate) fn make(&mut self, to: &str, value: Value, sources: &[String], rule: &str) {
        let mut is_traced = false;
        for source in sources {
            if let Some(said) = self.said.get(source) {
                self.left.remove(source);
                self.profile.trace.mapped(source, to, said, rule);
                is_traced = true;
            }
        }
        if !is_traced {
            self.profile.trace.noted(Fate::Set, to, Some(&value), rule);
        }
        self.profile.attributes.insert(to.to_owned(), value);
    }

    /// Notes that an attribute was to be set and can't be; `why` follows "is not set: ".
    pub(crate) fn refuse(&mut self, to: &str, why: &str) {
        self.profile.trace.noted(Fate::Dropped, to, None, &format!("is not set: {why}"));
    }

    /// What an attribute is where neither the upstream nor the stored profile has it and nothing can be made up for it.
    pub(crate) fn default_to(&mut self, to: &'static str, value: &str) {
        self.profile.defaults.push((to, value.to_owned()));
    }

    /// Takes an attribute away; `why` follows "is dropped: ".
    pub(crate) fn drop(&mut self, name: &str, why: &str) {
        if let Some(value) = self.left.remove(name) {
            self.profile.trace.dropped(name, &value, why);
        }
    }

    /// Metadata that the upstream's answer sets, where the strategy lets it (custom databases, custom social).
    pub(crate) fn take_metadata(&mut self) {
        for name in ["user_metadata", "metadata"] {
            let members = self.take_object(name, "user_metadata");
            self.profile.metadata.user.extend(members);
        }
        let members = self.take_object("app_metadata", "app_metadata");
        self.profile.metadata.app.extend(members);
    }

    fn take_object(&mut self, name: &str, to: &str) -> Map<String, Value> {
        let Some(Value::Object(members)) = self.left.get(name).cloned() else { return Map::new() };
        self.left.remove(name);
        self.profile.trace.mapped(name, to, &members.clone().into(), "is merged into the user's metadata");
        members
    }

    /// Sets a key of the user's `app_metadata` from the depth of an attribute, which stays as it is.
    pub(crate) fn copy_to_app_metadata(&mut self, pointer: &str, key: &str) {
        if let Some(value) = self.at(pointer).cloned() {
            self.profile.trace.mapped(pointer, &format!("app_metadata.{key}"), &value, "is kept as metadata");
            self.profile.metadata.app.insert(key.to_owned(), value);
        }
    }

    /// Tokens among the attributes: they belong in the identity (spec/caching.md §4).
    pub(crate) fn take_tokens(&mut self) {
        let mut take = |name: &str| {
            let value = self.left.remove(name)?;
            self.profile.trace.dropped(name, &value, "a token is kept in the identity alone");
            value.as_str().map(str::to_owned)
        };
        let (access_token, refresh_token) = (take("access_token"), take("refresh_token"));
        self.profile.tokens = ProviderTokens { access_token, refresh_token, expires_in: None };
    }
}

/// The attribute that a JSON pointer begins in, and the pointer from there.
fn split(pointer: &str) -> Option<(&str, String)> {
    let path = pointer.strip_prefix('/')?;
    Some(path.split_once('/').map_or((path, String::new()), |(root, rest)| (root, format!("/{rest}"))))
}
