//! New entries, and what the server adds to them. Source: RFC 4511 §4.7; MS-ADTS §3.1.1.5.2.

use std::str::FromStr as _;

use crate::protocols::ldap::dn::Dn;
use crate::protocols::ldap::message::Attribute;
use crate::upstreams::active_directory::account::flag;
use crate::upstreams::active_directory::domain::relative;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::entry::Value;
use crate::upstreams::active_directory::identifiers::NEVER;
use crate::upstreams::active_directory::identifiers::Sid;
use crate::upstreams::active_directory::identifiers::filetime;
use crate::upstreams::active_directory::identifiers::generalized_time;
use crate::upstreams::active_directory::links::Link;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::passwords;
use crate::upstreams::active_directory::passwords::EARLIER;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::Class;

/// A global security group.
const GLOBAL_GROUP: &str = "-2147483646";

impl Editor<'_> {
    /// Adds an entry below one that exists.
    ///
    /// # Errors
    /// A [`Refusal`]; then the directory is to be thrown away.
    pub(crate) fn add(&mut self, dn: &str, attributes: &[Attribute]) -> Result<EntryId, Refusal> {
        self.check_rights()?;
        let name = Dn::from_str(dn).map_err(|_| Refusal::BadName(dn.to_owned()))?;
        if name.is_root() || self.directory.at(&name).is_some() {
            return Err(Refusal::Exists);
        }
        if name.parent().is_none_or(|parent| self.directory.at(&parent).is_none()) {
            return Err(Refusal::NoObject(self.directory.nearest(&name)));
        }
        self.add_at(&name, attributes)
    }

    /// As [`Editor::add`], wherever it is.
    pub(super) fn add_at(&mut self, name: &Dn, attributes: &[Attribute]) -> Result<EntryId, Refusal> {
        let id = self.directory.next_id();
        let mut entry =
            Entry { id, dn: "".into(), place: "".into(), attributes: Vec::new(), secret: None, earlier: None };
        let mut links = Vec::new();
        let mut password = None;
        for attribute in attributes {
            let known = self.writable(&attribute.name)?;
            if matches!(known.name(), "unicodePwd" | "userPassword") {
                password = Some(self.new_password(known, &attribute.values)?);
                continue;
            }
            if known.name() == EARLIER {
                entry.earlier = passwords::earlier(&attribute.values)?;
                continue;
            }
            Self::check_values(known, &attribute.values)?;
            match Link::of(known) {
                Some((link, Side::From)) => links.push((link, attribute.values.clone())),
                Some(_) => return Err(Refusal::ReadOnly(known.name())),
                None => entry.set(known, attribute.values.clone()),
            }
        }
        Self::rename(&mut entry, name);
        self.complete(&mut entry, password.is_some())?;
        self.check_class(&entry, attributes.iter().map(|attribute| &*attribute.name))?;
        if let Some(password) = password {
            self.set_password(&mut entry, &password)?;
        }
        self.check_enabled(&entry)?;
        self.check_unique(&entry)?;
        self.put(entry);
        for (link, values) in links {
            for value in values {
                self.link(link, id, &value)?;
            }
        }
        Ok(id)
    }

    /// Links an entry to the one that a value names.
    pub(crate) fn link(&mut self, link: Link, from: EntryId, value: &[u8]) -> Result<bool, Refusal> {
        let text = std::str::from_utf8(value).map_err(|_| Refusal::BadName(String::new()))?;
        let to = self.directory.find(text)?.id;
        Ok(self.directory.links.add(link, from, to))
    }

    /// Parts an entry from another one.
    pub(crate) fn unlink(&mut self, link: Link, from: EntryId, to: EntryId) {
        self.directory.links.remove(link, from, to);
    }

    /// What the server adds to a new entry.
    fn complete(&mut self, entry: &mut Entry, has_password: bool) -> Result<(), Refusal> {
        let classes: Vec<Option<&Class>> = entry.values("objectClass").iter().map(|value| class(value)).collect();
        let Some(classes) = classes.into_iter().collect::<Option<Vec<_>>>().filter(|classes| !classes.is_empty())
        else {
            return Err(Refusal::Class("objectClass names no class of the schema".to_owned()));
        };
        // The one that is a kind of all the others.
        let Some(class) = classes.into_iter().max_by_key(|class| class.chain().len()) else { return Ok(()) };
        let chain: Vec<Value> = class.chain().iter().map(|name| name.as_bytes().into()).collect();
        if let Some(attribute) = crate::upstreams::active_directory::schema::AttributeId::named("objectClass") {
            entry.set(attribute, chain);
        }
        if let Some(domain) = self.directory.domain() {
            entry.default("objectCategory", domain.category(class.category));
        }
        let mut guid: [u8; 16] = std::array::from_fn(|_| 0);
        guid.iter_mut().zip(self.rng.key()).for_each(|(place, byte)| *place = byte);
        // The version's place among the bytes of a GUID, whose third group is the other way round.
        if let Some(version) = guid.get_mut(7) {
            *version = (*version & 0x0f) | 0x40;
        }
        entry.default("objectGUID", guid);
        entry.default("instanceType", "4");
        entry.default("whenCreated", generalized_time(self.now));
        entry.default("uSNCreated", (self.directory.usn + 1).to_string());
        match () {
            () if entry.is_a("user") => self.complete_account(entry, has_password),
            () if entry.is_a("group") => self.complete_group(entry),
            () => {}
        }
        Ok(())
    }

    fn complete_account(&mut self, entry: &mut Entry, has_password: bool) {
        let is_computer = entry.is_a("computer");
        self.identify(entry, if is_computer { "$" } else { "" });
        let kind = if is_computer { flag::WORKSTATION } else { flag::NORMAL };
        // Without a password an account waits for one.
        let control = if has_password { kind } else { kind | flag::DISABLED | flag::NO_PASSWORD_REQUIRED };
        entry.default("userAccountControl", control.to_string());
        entry.default("sAMAccountType", if is_computer { "805306369" } else { "805306368" });
        let group = if is_computer { relative::DOMAIN_COMPUTERS } else { relative::DOMAIN_USERS };
        entry.default("primaryGroupID", group.to_string());
        entry.default("pwdLastSet", if has_password { filetime(self.now).to_string() } else { "0".to_owned() });
        entry.default("accountExpires", NEVER.to_string());
        for counter in ["badPwdCount", "badPasswordTime", "lastLogon", "logonCount", "codePage", "countryCode"] {
            entry.default(counter, "0");
        }
    }

    fn complete_group(&mut self, entry: &mut Entry) {
        self.identify(entry, "");
        entry.default("groupType", GLOBAL_GROUP);
        let kind = entry.number("groupType").unwrap_or_default();
        let is_security = kind < 0;
        let is_local = kind & 0x4 != 0;
        let number: u32 = if is_local { 0x2000_0000 } else { 0x1000_0000 } + u32::from(!is_security);
        entry.default("sAMAccountType", number.to_string());
    }

    /// Gives an entry an account name and a security identifier.
    fn identify(&mut self, entry: &mut Entry, ending: &str) {
        if entry.values("sAMAccountName").is_empty() {
            let name: String =
                entry.text("name").unwrap_or_default().chars().filter(|c| !"\"/\\[]:;|=,+*?<>@".contains(*c)).collect();
            // Accounts' names are short, groups' are not (MS-SAMR §3.1.1.6).
            let longest = if entry.is_a("group") { 256 } else { 20 };
            let short: String = name.trim().chars().take(longest - ending.len()).collect();
            entry.put("sAMAccountName", format!("{short}{ending}"));
        }
        if !entry.values("objectSid").is_empty() {
            let given = entry.values("objectSid").first().and_then(|sid| Sid::from_bytes(sid)?.relative());
            self.directory.last_relative = self.directory.last_relative.max(given.unwrap_or_default());
            return;
        }
        let Some(domain) = self.directory.domain() else { return };
        let sid = domain.sid.clone();
        let next = (self.directory.last_relative + 1).max(relative::FIRST_FREE);
        self.directory.last_relative = next;
        entry.put("objectSid", sid.child(next).to_bytes());
    }

    /// An account that may be used has a password, unless it needs none.
    pub(super) fn check_enabled(&self, entry: &Entry) -> Result<(), Refusal> {
        let control = entry.number("userAccountControl").unwrap_or(flag::DISABLED);
        let may_be_empty = control & (flag::DISABLED | flag::NO_PASSWORD_REQUIRED | flag::WORKSTATION) != 0;
        let is_fine = may_be_empty || entry.secret.is_some() || self.writer == Writer::Setup;
        if is_fine { Ok(()) } else { Err(Refusal::PasswordRules) }
    }
}

fn class(value: &[u8]) -> Option<&'static Class> {
    Class::named(std::str::from_utf8(value).ok()?)
}
