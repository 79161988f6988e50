//! Whether an account may be used: locked, disabled, expired, with a password that is too old.
//! Source: spec/enterprise.md §2.5, §2.9; MS-ADTS §3.1.1.4.5.17 (computed flags); MS-SAMR §3.1.1.7.1.

use crate::time::Timestamp;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::identifiers::NEVER;
use crate::upstreams::active_directory::identifiers::TICKS_A_MILLISECOND;
use crate::upstreams::active_directory::identifiers::filetime;

/// Bits of `userAccountControl`.
pub(crate) mod flag {
    pub(crate) const DISABLED: i64 = 0x2;
    pub(crate) const LOCKED: i64 = 0x10;
    pub(crate) const NO_PASSWORD_REQUIRED: i64 = 0x20;
    pub(crate) const NORMAL: i64 = 0x200;
    pub(crate) const WORKSTATION: i64 = 0x1000;
    pub(crate) const PASSWORD_NEVER_EXPIRES: i64 = 0x1_0000;
    pub(crate) const PASSWORD_EXPIRED: i64 = 0x80_0000;
}

/// Sub-codes of a failed bind.
pub(crate) mod sub_code {
    pub(crate) const BAD_CREDENTIALS: u32 = 0x52e;
    pub(crate) const PASSWORD_EXPIRED: u32 = 0x532;
    pub(crate) const DISABLED: u32 = 0x533;
    pub(crate) const ACCOUNT_EXPIRED: u32 = 0x701;
    pub(crate) const MUST_CHANGE: u32 = 0x773;
    pub(crate) const LOCKED: u32 = 0x775;
}

/// The rules of a domain about passwords, as its entry has them; times in 100-nanosecond steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Policy {
    /// How many wrong passwords lock an account; 0 is never.
    pub(crate) lockout_threshold: i64,
    /// `None`: until somebody unlocks it.
    pub(crate) lockout_duration: Option<i64>,
    /// After this long a wrong password is forgotten.
    pub(crate) observation_window: i64,
    /// `None`: passwords do not expire.
    pub(crate) maximum_age: Option<i64>,
    /// `None`: passwords may be changed again at once.
    pub(crate) minimum_age: Option<i64>,
    /// How many passwords, the present one among them, may not come again.
    pub(crate) history: usize,
    pub(crate) minimum_length: i64,
    pub(crate) complex: bool,
}

/// How many passwords a domain can remember. Source: MS-SAMR §3.1.1.5, `pwdHistoryLength`.
const LONGEST_HISTORY: usize = 1_024;

impl Policy {
    pub(crate) fn of(directory: &Directory) -> Self {
        let domain = directory.domain().and_then(|domain| directory.entry(domain.id));
        let number = |name| domain.and_then(|domain| domain.number(name)).unwrap_or_default();
        // Spans are negative; the longest one and none at all are without end.
        let span = |name| Some(number(name)).filter(|span| *span != i64::MIN && *span != 0).map(i64::abs);
        Self {
            lockout_threshold: number("lockoutThreshold"),
            lockout_duration: span("lockoutDuration"),
            observation_window: span("lockOutObservationWindow").unwrap_or(i64::MAX),
            maximum_age: span("maxPwdAge"),
            minimum_age: span("minPwdAge"),
            history: usize::try_from(number("pwdHistoryLength")).unwrap_or_default().min(LONGEST_HISTORY),
            minimum_length: number("minPwdLength"),
            complex: number("pwdProperties") & 1 != 0,
        }
    }

    /// Whether a password is good enough for an account. Source: MS-SAMR §3.1.1.7.2, "password complexity".
    pub(crate) fn allows(self, password: &str, account: &Entry) -> bool {
        let length = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
        if length < self.minimum_length || length == 0 {
            return false;
        }
        if !self.complex {
            return true;
        }
        let has = |kind: fn(char) -> bool| usize::from(password.chars().any(kind));
        let special = |letter: char| !letter.is_alphanumeric();
        let other = |letter: char| letter.is_alphabetic() && !letter.is_lowercase() && !letter.is_uppercase();
        let kinds =
            has(char::is_uppercase) + has(char::is_lowercase) + has(char::is_numeric) + has(special) + has(other);
        let lower = password.to_lowercase();
        let name = account.text("sAMAccountName").unwrap_or_default().to_lowercase();
        let holds_name = name.chars().count() > 2 && lower.contains(&name);
        let full = account.text("displayName").unwrap_or_default().to_lowercase();
        let parts = full.split(|letter: char| ",.-_ #\t".contains(letter)).filter(|part| part.chars().count() > 2);
        let holds_part = parts.into_iter().any(|part| lower.contains(part));
        kinds >= 3 && !holds_name && !holds_part
    }
}

/// Whether an account is locked out at the moment.
pub(crate) fn is_locked(account: &Entry, policy: Policy, now: Timestamp) -> bool {
    let locked = account.number("lockoutTime").unwrap_or_default();
    let over = policy.lockout_duration.is_some_and(|span| filetime(now) >= locked.saturating_add(span));
    locked > 0 && !over
}

/// When the password expires, as a FILETIME: 0 if it must be changed now, [`NEVER`] if it does not.
pub(crate) fn password_expires(account: &Entry, policy: Policy) -> i64 {
    let control = account.number("userAccountControl").unwrap_or(flag::NORMAL);
    let set = account.number("pwdLastSet").unwrap_or_default();
    match policy.maximum_age {
        _ if control & (flag::PASSWORD_NEVER_EXPIRES | flag::WORKSTATION) != 0 => NEVER,
        _ if set == 0 => 0,
        None => NEVER,
        Some(span) => set.saturating_add(span),
    }
}

/// What keeps somebody who knows the password from using the account, as the sub-code of the failed bind.
pub(crate) fn obstacle(account: &Entry, policy: Policy, now: Timestamp) -> Option<u32> {
    let control = account.number("userAccountControl").unwrap_or(flag::NORMAL);
    let expires = account.number("accountExpires").filter(|at| *at != 0 && *at != NEVER);
    let password = password_expires(account, policy);
    match () {
        () if control & flag::DISABLED != 0 => Some(sub_code::DISABLED),
        () if expires.is_some_and(|at| at <= filetime(now)) => Some(sub_code::ACCOUNT_EXPIRED),
        () if password == 0 => Some(sub_code::MUST_CHANGE),
        () if password <= filetime(now) => Some(sub_code::PASSWORD_EXPIRED),
        () => None,
    }
}

/// The flags that follow from times: locked, password expired.
pub(crate) fn computed_flags(account: &Entry, policy: Policy, now: Timestamp) -> i64 {
    let locked = if is_locked(account, policy, now) { flag::LOCKED } else { 0 };
    let expired = if password_expires(account, policy) <= filetime(now) { flag::PASSWORD_EXPIRED } else { 0 };
    locked | expired
}

/// Notes a wrong password, which may lock the account.
pub(crate) fn note_failure(account: &mut Entry, policy: Policy, now: Timestamp) {
    let at = filetime(now);
    let last = account.number("badPasswordTime").unwrap_or_default();
    let recent = at.saturating_sub(last) < policy.observation_window;
    let before = account.number("badPwdCount").filter(|_| recent).unwrap_or_default();
    account.put("badPwdCount", (before + 1).to_string());
    account.put("badPasswordTime", at.to_string());
    if policy.lockout_threshold > 0 && before + 1 >= policy.lockout_threshold {
        account.put("lockoutTime", at.to_string());
    }
}

/// Notes that somebody signed in.
pub(crate) fn note_success(account: &mut Entry, now: Timestamp) {
    /// 14 days: `lastLogonTimestamp` is only renewed that often.
    const SYNC: i64 = 14 * 24 * 3_600_000 * TICKS_A_MILLISECOND;
    let at = filetime(now);
    account.put("badPwdCount", "0");
    if account.number("lockoutTime").is_some_and(|locked| locked != 0) {
        account.put("lockoutTime", "0");
    }
    let count = account.number("logonCount").unwrap_or_default();
    account.put("logonCount", (count + 1).min(i32::MAX.into()).to_string());
    account.put("lastLogon", at.to_string());
    if account.number("lastLogonTimestamp").is_none_or(|before| at.saturating_sub(before) >= SYNC) {
        account.put("lastLogonTimestamp", at.to_string());
    }
}
