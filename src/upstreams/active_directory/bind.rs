//! Who somebody is: names of accounts, passwords, and what is noted of them.
//! Source: spec/enterprise.md §2.5, §2.9; MS-ADTS §5.1.1.1.1 (forms of names); RFC 4513 §5, RFC 4616 (PLAIN).

use std::sync::Arc;

use crate::protocols::ldap::dn::prepared;
use crate::time::Timestamp;
use crate::upstreams::active_directory::account;
use crate::upstreams::active_directory::account::Policy;
use crate::upstreams::active_directory::account::sub_code;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::AttributeId;

impl Directory {
    /// Checks a password and notes the outcome in the account.
    ///
    /// Unknown names and wrong passwords look the same, as they do in Active Directory.
    ///
    /// # Errors
    /// [`Refusal::Credentials`] with the sub-code; what was noted of the failure is to be kept.
    pub(crate) fn authenticate(&mut self, name: &str, password: &[u8], now: Timestamp) -> Result<EntryId, Refusal> {
        let Some(found) = self.account(name).cloned() else {
            return Err(Refusal::Credentials(sub_code::BAD_CREDENTIALS));
        };
        let policy = Policy::of(self);
        if account::is_locked(&found, policy, now) {
            return Err(Refusal::Credentials(sub_code::LOCKED));
        }
        if !found.secret.as_ref().is_some_and(|secret| secret.is(password)) {
            self.note_failure(found.id, now);
            return Err(Refusal::Credentials(sub_code::BAD_CREDENTIALS));
        }
        if let Some(obstacle) = account::obstacle(&found, policy, now) {
            return Err(Refusal::Credentials(obstacle));
        }
        let mut noted = Entry::clone(&found);
        account::note_success(&mut noted, now);
        self.put(noted);
        Ok(found.id)
    }

    /// What keeps an account from being used though nobody asks for its password, as the sub-code of a failed bind: one
    /// that is locked may go on with what it has.
    pub(crate) fn obstacle(&self, account: &Entry, now: Timestamp) -> Option<u32> {
        account::obstacle(account, Policy::of(self), now)
    }

    /// Notes a wrong password in an account, which may lock it.
    pub(super) fn note_failure(&mut self, id: EntryId, now: Timestamp) {
        let Some(mut noted) = self.entry(id).map(|account| Entry::clone(account)) else { return };
        account::note_failure(&mut noted, Policy::of(self), now);
        self.put(noted);
    }

    /// The account of a name: `CN=…`, `jdoe@acme.example`, `ACME\jdoe`, a GUID or SID in angle brackets.
    pub(crate) fn account(&self, name: &str) -> Option<&Arc<Entry>> {
        // Neither domains nor accounts may have a `=` in them, and names of entries may have backslashes.
        let found = if name.starts_with('<') || name.contains('=') {
            self.find(name).ok()
        } else if let Some((domain, account)) = name.split_once('\\') {
            self.is_own(domain).then(|| self.named("sAMAccountName", account))?
        } else {
            self.named("userPrincipalName", name).or_else(|| {
                let (account, domain) = name.rsplit_once('@')?;
                self.is_own(domain).then(|| self.named("sAMAccountName", account))?
            })
        };
        found.filter(|entry| entry.is_a("user"))
    }

    /// As [`Directory::account`], and `jdoe` alone: how SASL names people.
    pub(crate) fn account_or_short(&self, name: &str) -> Option<&Arc<Entry>> {
        self.account(name).or_else(|| self.named("sAMAccountName", name).filter(|entry| entry.is_a("user")))
    }

    fn is_own(&self, domain: &str) -> bool {
        let own = self.domain();
        own.is_some_and(|own| own.netbios.eq_ignore_ascii_case(domain) || own.dns.eq_ignore_ascii_case(domain))
    }

    /// The one entry with a value of an indexed attribute; none if there are several.
    pub(crate) fn named(&self, attribute: &str, value: &str) -> Option<&Arc<Entry>> {
        let key = prepared(value);
        let mut found = self.with(AttributeId::named(attribute)?, key.as_bytes());
        let first = found.next()?;
        if found.next().is_some() { None } else { self.entry(first) }
    }
}

/// Name and password in the message of PLAIN. Whom somebody wants to act for must be themselves.
///
/// # Errors
/// [`Refusal::Credentials`] when it is not in the RFC's form, or names two people.
pub(crate) fn of_plain(message: &[u8]) -> Result<(String, Vec<u8>), Refusal> {
    let wrong = || Refusal::Credentials(sub_code::BAD_CREDENTIALS);
    let mut parts = message.splitn(3, |byte| *byte == 0);
    let (Some(acting), Some(name), Some(password)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let name = std::str::from_utf8(name).map_err(|_| wrong())?;
    let acting = acting.strip_prefix(b"u:").or(acting.strip_prefix(b"dn:")).unwrap_or(acting);
    if name.is_empty() || password.is_empty() || !(acting.is_empty() || acting == name.as_bytes()) {
        return Err(wrong());
    }
    Ok((name.to_owned(), password.to_owned()))
}
