//! Who keeps the users of a connection, and which of their root attributes each lets be changed.
//! Source: spec/caching.md §5.

use crate::domain::connection::Connection;
use crate::domain::strategy::Kind;

/// Who may change a root attribute other than the five.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeper {
    /// This tenant: databases, also those that it fills from another one (import mode).
    Store,
    /// A database outside, of which the tenant keeps a copy alone.
    CustomDatabase,
    Email,
    Sms,
    Social,
    Enterprise,
}

/// Root attributes that depend on the keeper, and the keepers who let them be changed.
pub(super) const BY_KEEPER: &[(&str, &[Keeper])] = &[
    ("email", &[Keeper::Store, Keeper::Email]),
    ("email_verified", &[Keeper::Store, Keeper::Email, Keeper::Social]),
    ("username", &[Keeper::Store]),
    ("password", &[Keeper::Store]),
    // At a database only where it is an identifier.
    ("phone_number", &[Keeper::Store, Keeper::Sms]),
    ("phone_verified", &[Keeper::Store, Keeper::Sms]),
];

impl Keeper {
    pub(super) fn of(connection: &Connection) -> Self {
        let is_custom = connection.flag_option("enabledDatabaseCustomization");
        match connection.strategy.kind() {
            Kind::Database if is_custom && !connection.flag_option("import_mode") => Self::CustomDatabase,
            Kind::Database => Self::Store,
            Kind::Passwordless if connection.strategy.as_str() == "sms" => Self::Sms,
            Kind::Passwordless => Self::Email,
            Kind::Social => Self::Social,
            Kind::Enterprise => Self::Enterprise,
        }
    }

    /// Whether logins write the root attributes.
    pub(super) fn is_upstream(self) -> bool {
        matches!(self, Self::CustomDatabase | Self::Social | Self::Enterprise)
    }
}
