//! Whoever writes to the directory: at which moment, with which randomness, and what they may.
//!
//! A write that is refused half way leaves a directory that must be thrown away: it happens to a private copy.

use std::sync::Arc;

use crate::protocols::ldap::dn::Dn;
use crate::time::Rng;
use crate::time::Timestamp;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::active_directory::domain::relative;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::entry::Value;
use crate::upstreams::active_directory::identifiers::Sid;
use crate::upstreams::active_directory::identifiers::generalized_time;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Class;
use crate::upstreams::active_directory::schema::Trait;
use crate::upstreams::active_directory::view::View;

/// Somebody who writes.
pub(crate) struct Editor<'a> {
    pub(crate) directory: &'a mut Directory,
    pub(crate) now: Timestamp,
    pub(crate) rng: &'a mut Rng,
    pub(crate) writer: Writer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writer {
    /// A fixture or the harness: also writes what only the server writes.
    Setup,
    /// Somebody who is bound, where nobody listens in if `secure`.
    Client { who: EntryId, secure: bool },
}

impl Editor<'_> {
    /// Whether entries may be changed: by those who administrate the domain.
    ///
    /// # Errors
    /// [`Refusal::NoRights`].
    pub(super) fn check_rights(&self) -> Result<(), Refusal> {
        let Writer::Client { who, .. } = self.writer else { return Ok(()) };
        let who = self.directory.entry(who).ok_or(Refusal::NoRights)?;
        let view = View { directory: self.directory, now: self.now };
        let groups = view.groups_of(who);
        let Some(domain) = self.directory.domain() else { return Err(Refusal::NoRights) };
        let mut mighty = vec![domain.sid.child(relative::DOMAIN_ADMINS)];
        mighty.extend([relative::ADMINISTRATORS, relative::ACCOUNT_OPERATORS].map(|group| Sid::builtin().child(group)));
        let mut mighty = mighty.iter().filter_map(|sid| self.directory.only("objectSid", &sid.to_bytes()));
        if mighty.any(|group| groups.contains(&group.id)) { Ok(()) } else { Err(Refusal::NoRights) }
    }

    /// An attribute by its name, if it may be written.
    pub(super) fn writable(&self, name: &str) -> Result<AttributeId, Refusal> {
        let attribute = AttributeId::named(name).ok_or_else(|| Refusal::UnknownAttribute(name.to_owned()))?;
        let is_own = attribute.is(Trait::System) && self.writer != Writer::Setup;
        if attribute.is(Trait::Computed) || is_own { Err(Refusal::ReadOnly(attribute.name())) } else { Ok(attribute) }
    }

    /// Values that an attribute may have, each once.
    pub(super) fn check_values(attribute: AttributeId, values: &[Value]) -> Result<(), Refusal> {
        let keys: Option<Vec<_>> = values.iter().map(|value| key::of(attribute, value)).collect();
        let Some(mut keys) = keys.filter(|_| values.iter().all(|value| !value.is_empty())) else {
            return Err(Refusal::BadValue(attribute.name()));
        };
        if values.len() > 1 && !attribute.is(Trait::Several) {
            return Err(Refusal::OneValue(attribute.name()));
        }
        keys.sort_unstable();
        let count = keys.len();
        keys.dedup();
        if keys.len() < count { Err(Refusal::ValueExists(attribute.name())) } else { Ok(()) }
    }

    /// What a client writes must be something that entries of the class have, and what they must have is there.
    pub(super) fn check_class<'n>(&self, entry: &Entry, put: impl Iterator<Item = &'n str>) -> Result<(), Refusal> {
        if self.writer == Writer::Setup {
            return Ok(());
        }
        // The last one is the one that is a kind of all the others.
        let name = entry.values("objectClass").last().map(|class| String::from_utf8_lossy(class).into_owned());
        let name = name.unwrap_or_default();
        let Some(class) = Class::named(&name) else { return Err(Refusal::Class(name)) };
        let put = put.filter_map(AttributeId::named);
        if let Some(strange) = put.into_iter().find(|attribute| !class.allows(*attribute)) {
            return Err(Refusal::Class(format!("entries of {name} have no {}", strange.name())));
        }
        let missing = class.needs().into_iter().find(|needed| entry.values(needed).is_empty());
        missing.map_or(Ok(()), |missing| Err(Refusal::Class(format!("entries of {name} must have {missing}"))))
    }

    /// Account names and addresses to sign in with belong to one entry only.
    pub(super) fn check_unique(&self, entry: &Entry) -> Result<(), Refusal> {
        for name in ["sAMAccountName", "userPrincipalName", "objectGUID", "objectSid"] {
            let Some(attribute) = AttributeId::named(name) else { continue };
            for value in entry.values_of(attribute) {
                let key = key::of(attribute, value).unwrap_or_default();
                if self.directory.with(attribute, &key).any(|other| other != entry.id) {
                    return Err(if name == "sAMAccountName" {
                        Refusal::Exists
                    } else {
                        Refusal::NotUnique(attribute.name())
                    });
                }
            }
        }
        Ok(())
    }

    /// Puts a changed entry in the place of what it was, with the time of the change.
    pub(super) fn put(&mut self, mut entry: Entry) {
        self.directory.usn += 1;
        entry.put("whenChanged", generalized_time(self.now));
        entry.put("uSNChanged", self.directory.usn.to_string());
        self.directory.put(entry);
    }

    /// A name of an entry and its place in the tree.
    pub(super) fn rename(entry: &mut Entry, name: &Dn) {
        entry.dn = name.to_string().into();
        entry.place = key::place(name).into();
        let Some(part) = name.rdn().and_then(|rdn| rdn.parts.first()) else { return };
        entry.put("name", &part.value);
        if let Some(attribute) = AttributeId::named(&part.attribute) {
            entry.set(attribute, vec![part.value.as_bytes().into()]);
        }
    }

    pub(super) fn own(&self, id: EntryId) -> Result<Arc<Entry>, Refusal> {
        self.directory.entry(id).cloned().ok_or_else(|| Refusal::NoObject(String::new()))
    }
}
