//! Passwords: set by administrators, changed by those who know the old one.
//! Source: MS-ADTS §3.1.1.3.1.5; RFC 3062; spec/enterprise.md §2.7, §2.9.

use std::sync::Arc;

use crate::protocols::ldap::message::ChangeKind;
use crate::upstreams::active_directory::account;
use crate::upstreams::active_directory::account::Policy;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::entry::Value;
use crate::upstreams::active_directory::identifiers::filetime;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::secret;
use crate::upstreams::active_directory::secret::Secret;

/// The attribute that earlier passwords are written in. Nobody reads it over LDAP: it is not kept as one.
pub(super) const EARLIER: &str = "ntPwdHistory";

/// How long a password may be. Source: MS-SAMR §2.2.6.21.
const LONGEST: usize = 256;

impl Editor<'_> {
    /// The password in the values of `unicodePwd` or `userPassword`, where nobody listens in.
    pub(super) fn new_password(&self, attribute: AttributeId, values: &[Value]) -> Result<String, Refusal> {
        if matches!(self.writer, Writer::Client { secure: false, .. }) {
            return Err(Refusal::NotSecure);
        }
        let [value] = values else { return Err(Refusal::OneValue(attribute.name())) };
        let text = match attribute.name() {
            "unicodePwd" => secret::of_unicode_pwd(value),
            _ => String::from_utf8(value.to_vec()).ok(),
        };
        text.ok_or(Refusal::PasswordRules)
    }

    /// Sets a password that keeps the domain's rules (a fixture's need not).
    pub(super) fn set_password(&mut self, entry: &mut Entry, password: &str) -> Result<(), Refusal> {
        let is_allowed = self.writer == Writer::Setup || Policy::of(self.directory).allows(password, entry);
        if !is_allowed || password.chars().count() > LONGEST {
            return Err(Refusal::PasswordRules);
        }
        if self.writer == Writer::Setup
            && let Some(secret) = Secret::of_hash(password)
        {
            self.replace(entry, secret);
            return Ok(());
        }
        let mut salt = [0; 16];
        salt.iter_mut().zip(self.rng.key()).for_each(|(place, byte)| *place = byte);
        self.replace(entry, Secret::new(password, salt));
        if self.writer != Writer::Setup {
            entry.put("pwdLastSet", filetime(self.now).to_string());
        }
        Ok(())
    }

    /// A password in the place of the one before, which is remembered (MS-SAMR §3.1.1.8.7).
    fn replace(&self, entry: &mut Entry, secret: Secret) {
        let Some(before) = entry.secret.replace(secret) else { return };
        let most = Policy::of(self.directory).history.saturating_sub(1);
        let earlier = entry.earlier.as_deref().unwrap_or_default().iter().cloned();
        let earlier: Vec<Secret> = std::iter::once(before).chain(earlier).take(most).collect();
        entry.earlier = if earlier.is_empty() { None } else { Some(earlier.into()) };
    }

    /// The password's part of a modify: replaced by an administrator, or the old one deleted and the new one added.
    pub(super) fn modify_password(
        &mut self,
        entry: &mut Entry,
        changes: &[(ChangeKind, AttributeId, Vec<Value>)],
    ) -> Result<(), Refusal> {
        match changes {
            [] => Ok(()),
            [(ChangeKind::Replace, attribute, values)] => {
                self.check_rights()?;
                let password = self.new_password(*attribute, values)?;
                self.set_password(entry, &password)
            }
            [(ChangeKind::Delete, old, old_values), (ChangeKind::Add, new, new_values)] => {
                let old = self.new_password(*old, old_values)?;
                let new = self.new_password(*new, new_values)?;
                self.change_password(entry, &old, &new)
            }
            _ => Err(Refusal::Unwilling(
                "a password is replaced, or the old one deleted and the new one added".to_owned(),
            )),
        }
    }

    /// A change by who knows the old password. Trying one counts as it does at a bind (MS-SAMR §3.1.5.14.5).
    fn change_password(&mut self, entry: &mut Entry, old: &str, new: &str) -> Result<(), Refusal> {
        let policy = Policy::of(self.directory);
        if account::is_locked(entry, policy, self.now) {
            return Err(Refusal::Locked);
        }
        if !entry.secret.as_ref().is_some_and(|secret| secret.is(old.as_bytes())) {
            return Err(Refusal::OldPassword(entry.id));
        }
        let earlier = entry.earlier.as_deref().unwrap_or_default();
        let mut remembered = entry.secret.iter().chain(earlier).take(policy.history);
        let is_too_soon = policy
            .minimum_age
            .is_some_and(|age| filetime(self.now) < entry.number("pwdLastSet").unwrap_or_default().saturating_add(age));
        if is_too_soon || remembered.any(|secret| secret.is(new.as_bytes())) {
            return Err(Refusal::ChangeRules);
        }
        self.set_password(entry, new).map_err(|_| Refusal::ChangeRules)
    }

    /// The password modify operation: with the old password, or as an administrator. Gives back a password made up.
    ///
    /// # Errors
    /// A [`Refusal`]; then the directory is to be thrown away.
    pub(crate) fn password_modify(
        &mut self,
        whose: EntryId,
        old: Option<&[u8]>,
        new: Option<&[u8]>,
    ) -> Result<Option<String>, Refusal> {
        if matches!(self.writer, Writer::Client { secure: false, .. }) {
            return Err(Refusal::NotSecure);
        }
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::PasswordRules);
        let made_up = if new.is_none() { Some(format!("{}aA1!", self.rng.alphanumeric(16))) } else { None };
        let new = match (new, &made_up) {
            (Some(new), _) => text(new)?,
            (None, made_up) => made_up.clone().unwrap_or_default(),
        };
        let mut entry = Entry::clone(&*self.own(whose)?);
        if let Some(old) = old {
            self.change_password(&mut entry, &text(old)?, &new)?;
        } else {
            self.check_rights()?;
            self.set_password(&mut entry, &new)?;
        }
        self.put(entry);
        Ok(made_up)
    }
}

/// Earlier passwords as a fixture has them: hashed, the newest first.
///
/// # Errors
/// [`Refusal::BadValue`] when one is none.
pub(super) fn earlier(values: &[Value]) -> Result<Option<Arc<[Secret]>>, Refusal> {
    let secret = |value: &Value| std::str::from_utf8(value).ok().and_then(Secret::of_hash);
    let secrets: Option<Vec<Secret>> = values.iter().map(secret).collect();
    let secrets = secrets.ok_or(Refusal::BadValue(EARLIER))?;
    Ok(if secrets.is_empty() { None } else { Some(secrets.into()) })
}
