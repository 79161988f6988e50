//! Changes of entries' attributes. Source: RFC 4511 §4.6; RFC 4525; MS-ADTS §3.1.1.5.3.

use std::sync::Arc;

use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::upstreams::active_directory::account::flag;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::entry::Value;
use crate::upstreams::active_directory::identifiers::filetime;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::links::Link;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::passwords;
use crate::upstreams::active_directory::passwords::EARLIER;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::AttributeId;

impl Editor<'_> {
    /// Makes all of the changes to an entry. `permissive`: what is there already is added, what is not is deleted.
    ///
    /// # Errors
    /// A [`Refusal`]; then the directory is to be thrown away.
    pub(crate) fn modify(&mut self, id: EntryId, changes: &[Change], permissive: bool) -> Result<(), Refusal> {
        let mut entry = Entry::clone(&*self.own(id)?);
        let mut passwords = Vec::new();
        let mut links = Vec::new();
        for change in changes {
            let attribute = self.writable(&change.attribute.name)?;
            let values = change.attribute.values.clone();
            if matches!(attribute.name(), "unicodePwd" | "userPassword") {
                passwords.push((change.kind, attribute, values));
                continue;
            }
            if attribute.name() == EARLIER {
                entry.earlier = passwords::earlier(&values)?;
                continue;
            }
            self.check_rights()?;
            match Link::of(attribute) {
                Some((link, Side::From)) => links.push((change.kind, link, attribute, values)),
                Some(_) => return Err(Refusal::ReadOnly(attribute.name())),
                None => {
                    let values = Self::changed(&entry, (change.kind, attribute, values), permissive)?;
                    self.check_change(&entry, attribute, &values)?;
                    entry.set(attribute, values);
                }
            }
        }
        let put = changes.iter().filter(|change| change.kind != ChangeKind::Delete);
        let put = put.filter(|change| !change.attribute.values.is_empty());
        self.check_class(&entry, put.map(|change| &*change.attribute.name))?;
        self.modify_password(&mut entry, &passwords)?;
        self.settle(&mut entry);
        self.check_enabled(&entry)?;
        self.check_unique(&entry)?;
        self.put(entry);
        for (kind, link, attribute, values) in links {
            self.modify_links((id, link, attribute), kind, &values, permissive)?;
        }
        Ok(())
    }

    /// What an attribute's values are after a change.
    fn changed(
        entry: &Entry,
        (kind, attribute, values): (ChangeKind, AttributeId, Vec<Value>),
        permissive: bool,
    ) -> Result<Vec<Value>, Refusal> {
        let before = entry.values_of(attribute);
        let same = |one: &Value, other: &Value| key::of(attribute, one) == key::of(attribute, other);
        Self::check_values(attribute, if kind == ChangeKind::Delete { &[] } else { &values })?;
        let after = match kind {
            ChangeKind::Replace => values,
            ChangeKind::Add => {
                let (there, new): (Vec<_>, Vec<_>) =
                    values.into_iter().partition(|value| before.iter().any(|there| same(value, there)));
                if !there.is_empty() && !permissive {
                    return Err(Refusal::ValueExists(attribute.name()));
                }
                before.iter().cloned().chain(new).collect()
            }
            ChangeKind::Delete => {
                let is_there = |value: &Value| before.iter().any(|there| same(value, there));
                let is_known = if values.is_empty() { !before.is_empty() } else { values.iter().all(is_there) };
                if !is_known && !permissive {
                    return Err(Refusal::NoValue(attribute.name()));
                }
                let goes = |there: &&Value| values.is_empty() || values.iter().any(|value| same(value, there));
                before.iter().filter(|there| !goes(there)).cloned().collect()
            }
            ChangeKind::Increment => incremented(attribute, before, &values)?,
        };
        Self::check_values(attribute, &after)?;
        Ok(after)
    }

    /// Rules about single attributes.
    fn check_change(&self, entry: &Entry, attribute: AttributeId, values: &[Value]) -> Result<(), Refusal> {
        let name = attribute.name();
        let step = entry.last_step().split('=').next().unwrap_or_default();
        if step.eq_ignore_ascii_case(name) && entry.values_of(attribute) != values {
            return Err(Refusal::OnRdn);
        }
        let first = values.first().and_then(|value| std::str::from_utf8(value).ok());
        let is_fine = self.writer == Writer::Setup
            || match name {
                "objectClass" => false,
                "pwdLastSet" => matches!(first, Some("0" | "-1")),
                "lockoutTime" => matches!(first, Some("0")),
                "sAMAccountName" | "userAccountControl" | "primaryGroupID" | "groupType" => first.is_some(),
                _ => true,
            };
        if is_fine { Ok(()) } else { Err(Refusal::ReadOnly(name)) }
    }

    /// What follows from what was written.
    fn settle(&self, entry: &mut Entry) {
        if entry.text("pwdLastSet") == Some("-1") {
            entry.put("pwdLastSet", filetime(self.now).to_string());
        }
        if entry.text("lockoutTime") == Some("0") && self.writer != Writer::Setup {
            entry.put("badPwdCount", "0");
        }
        if let Some(control) = entry.number("userAccountControl") {
            let kept = control & !(flag::LOCKED | flag::PASSWORD_EXPIRED);
            if kept != control {
                entry.put("userAccountControl", kept.to_string());
            }
        }
    }

    fn modify_links(
        &mut self,
        (id, link, attribute): (EntryId, Link, AttributeId),
        kind: ChangeKind,
        values: &[Value],
        permissive: bool,
    ) -> Result<(), Refusal> {
        let is_member = link == Link::Member;
        let all_go = kind == ChangeKind::Replace || (kind == ChangeKind::Delete && values.is_empty());
        if all_go {
            let before: Vec<_> = self.directory.links.at(link, Side::From, id).collect();
            for to in before {
                self.directory.links.remove(link, id, to);
            }
        }
        for value in values {
            match kind {
                ChangeKind::Delete => {
                    let text = std::str::from_utf8(value).unwrap_or_default();
                    let to = self.directory.find(text)?.id;
                    if !self.directory.links.remove(link, id, to) && !permissive {
                        return Err(if is_member { Refusal::NoMember } else { Refusal::NoValue(attribute.name()) });
                    }
                }
                ChangeKind::Increment => return Err(Refusal::BadValue(attribute.name())),
                ChangeKind::Add | ChangeKind::Replace => {
                    if !self.link(link, id, value)? && !permissive {
                        return Err(if is_member { Refusal::IsMember } else { Refusal::ValueExists(attribute.name()) });
                    }
                }
            }
        }
        let several = attribute.is(crate::upstreams::active_directory::schema::Trait::Several);
        if !several && self.directory.links.at(link, Side::From, id).nth(1).is_some() {
            return Err(Refusal::OneValue(attribute.name()));
        }
        Ok(())
    }
}

fn incremented(attribute: AttributeId, before: &[Value], by: &[Value]) -> Result<Vec<Value>, Refusal> {
    let number = |value: &Value| std::str::from_utf8(value).ok()?.trim().parse::<i64>().ok();
    let [by] = by else { return Err(Refusal::BadValue(attribute.name())) };
    let by = number(by).ok_or(Refusal::BadValue(attribute.name()))?;
    if before.is_empty() {
        return Err(Refusal::NoValue(attribute.name()));
    }
    let sums = before.iter().map(|value| Some(Arc::from(number(value)?.checked_add(by)?.to_string().into_bytes())));
    sums.collect::<Option<_>>().ok_or(Refusal::BadValue(attribute.name()))
}
