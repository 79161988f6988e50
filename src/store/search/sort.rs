//! The order of what a search finds. Source: spec/management-api.md §4 and §5.1.

use std::cmp::Ordering;
use std::cmp::Reverse;
use std::sync::Arc;

use crate::domain::user::User;
use crate::store::search::test::Scalar;
use crate::store::search::user_field::Field;

/// A field to sort by, and which way.
#[derive(Debug, PartialEq)]
pub(crate) struct Sort {
    field: Field,
    descends: bool,
}

/// `sort` is no order of users.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SortError {
    /// It is not like `field:1`.
    Malformed,
    /// Metadata gives no order.
    Metadata,
}

impl Sort {
    /// Reads `field:1`, or `field:-1` for the reverse.
    ///
    /// # Errors
    /// [`SortError`].
    pub(crate) fn parse(text: &str) -> Result<Self, SortError> {
        let (name, descends) = match text.rsplit_once(':') {
            Some((name, "1")) => (name, false),
            Some((name, "-1")) => (name, true),
            _ => return Err(SortError::Malformed),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(SortError::Malformed);
        }
        let field = Field::named(&name.split('.').map(str::to_owned).collect());
        if matches!(field, Field::UserMetadata(_) | Field::AppMetadata(_)) {
            return Err(SortError::Metadata);
        }
        Ok(Self { field, descends })
    }

    /// Sorts users; among equals the order stays.
    pub(crate) fn apply(&self, users: &mut [Arc<User>]) {
        if self.descends {
            users.sort_by_cached_key(|user| Reverse(self.key(user)));
        } else {
            users.sort_by_cached_key(|user| self.key(user));
        }
    }

    fn key(&self, user: &User) -> Key {
        let mut key = Key::Absent;
        self.field.any(user, |value| {
            key = match value {
                Scalar::Bool(flag) => Key::Number(f64::from(u8::from(*flag))),
                Scalar::Number(number) => Key::Number(*number),
                Scalar::Time(time) => Key::Time(*time),
                Scalar::Text(text) => Key::Text((*text).to_owned()),
            };
            true
        });
        key
    }
}

/// An attribute to sort by. Users without it come first.
enum Key {
    Absent,
    Number(f64),
    Time(i64),
    Text(String),
}

impl Key {
    fn rank(&self) -> u8 {
        match self {
            Self::Absent => 0,
            Self::Number(_) => 1,
            Self::Time(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Time(one), Self::Time(other)) => one.cmp(other),
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}
