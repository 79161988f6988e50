//! Entries that are renamed, moved and deleted. Source: RFC 4511 §4.8, §4.9; MS-ADTS §3.1.1.5.4, §3.1.1.5.5.

use std::str::FromStr as _;

use crate::protocols::ldap::dn::Dn;
use crate::protocols::ldap::dn::Rdn;
use crate::protocols::ldap::message::ModifyDn;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::refusal::Refusal;

impl Editor<'_> {
    /// Deletes an entry; with what is below it if `tree`.
    ///
    /// # Errors
    /// A [`Refusal`]; then the directory is to be thrown away.
    pub(crate) fn delete(&mut self, dn: &str, tree: bool) -> Result<(), Refusal> {
        self.check_rights()?;
        let entry = self.directory.find(dn)?.clone();
        let below: Vec<_> = self.directory.within(&entry).cloned().collect();
        if below.len() > 1 && !tree {
            return Err(Refusal::NotLeaf);
        }
        let is_writer = |id| matches!(self.writer, Writer::Client { who, .. } if who == id);
        if below.iter().any(|entry| entry.is_standard() || is_writer(entry.id)) {
            return Err(Refusal::Unwilling("the directory needs the entry".to_owned()));
        }
        self.directory.usn += 1;
        for entry in &below {
            self.directory.remove(entry.id);
        }
        Ok(())
    }

    /// Renames or moves an entry, and what is below it.
    ///
    /// # Errors
    /// A [`Refusal`]; then the directory is to be thrown away.
    pub(crate) fn modify_dn(&mut self, asked: &ModifyDn) -> Result<(), Refusal> {
        self.check_rights()?;
        let entry = self.directory.find(&asked.dn)?.clone();
        if entry.is_standard() {
            return Err(Refusal::Unwilling("the directory needs the entry".to_owned()));
        }
        if !asked.delete_old_rdn {
            return Err(Refusal::Unwilling("an entry has one name only: deleteoldrdn must be true".to_owned()));
        }
        let new = Rdn::from_str(&asked.new_rdn).map_err(|_| Refusal::BadName(asked.new_rdn.clone()))?;
        let old = parsed(&entry.dn)?;
        let attribute = |rdn: &Rdn| rdn.parts.first().map(|part| part.attribute.to_lowercase());
        if new.parts.len() != 1 || attribute(&new) != old.rdn().and_then(attribute) {
            return Err(Refusal::BadName(asked.new_rdn.clone()));
        }
        let above = match &asked.new_superior {
            Some(superior) => parsed(&self.directory.find(superior)?.dn.clone())?,
            None => old.parent().unwrap_or_default(),
        };
        if above.is_within(&old) {
            return Err(Refusal::Unwilling("an entry can't be moved below itself".to_owned()));
        }
        let name = above.child(new);
        if self.directory.at(&name).is_some_and(|there| there.id != entry.id) {
            return Err(Refusal::Exists);
        }
        self.move_tree(entry.id, &entry, &name)
    }

    fn move_tree(&mut self, root: EntryId, old: &Entry, name: &Dn) -> Result<(), Refusal> {
        let depth = parsed(&old.dn)?.rdns().len();
        let below: Vec<_> = self.directory.within(old).cloned().collect();
        for entry in below {
            let mut next = Entry::clone(&entry);
            if entry.id == root {
                Self::rename(&mut next, name);
            } else {
                let own = parsed(&entry.dn)?;
                let steps = own.rdns().iter().take(own.rdns().len() - depth).rev();
                let renamed = steps.fold(name.clone(), |above, step| above.child(step.clone()));
                next.dn = renamed.to_string().into();
                next.place = key::place(&renamed).into();
            }
            self.put(next);
        }
        Ok(())
    }
}

fn parsed(dn: &str) -> Result<Dn, Refusal> {
    Dn::from_str(dn).map_err(|_| Refusal::BadName(dn.to_owned()))
}
