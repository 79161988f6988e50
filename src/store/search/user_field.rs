//! The fields of users that can be searched, and what a user has in each. Source: spec/management-api.md §5.1.

use crate::domain::document::Document;
use crate::domain::user::Identity;
use crate::domain::user::IdentityId;
use crate::domain::user::User;
use crate::store::search::query::FieldName;
use crate::store::search::test::Scalar;

/// A field of a user, by its name in a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    UserId,
    Email,
    EmailDomain,
    EmailVerified,
    Username,
    PhoneNumber,
    PhoneVerified,
    /// `name`, `given_name`, `family_name` or `nickname`.
    Name([String; 1]),
    Blocked,
    CreatedAt,
    UpdatedAt,
    LastLogin,
    LastIp,
    LoginsCount,
    IdentityConnection,
    IdentityProvider,
    IdentityUserId,
    IdentityIsSocial,
    /// The path within `identities.profileData`.
    ProfileData(FieldName),
    /// The path within.
    UserMetadata(FieldName),
    AppMetadata(FieldName),
    /// Not searchable, or unknown: no user has anything in it (unverified; the real service has no error for it).
    Nothing,
}

/// Names of `identities.profileData` that are searched whatever their case, as they are at the root.
const CASELESS: &[&str] = &["email", "name", "given_name", "family_name", "nickname"];

impl Field {
    pub(super) fn named(name: &FieldName) -> Self {
        let parts: Vec<&str> = name.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["user_id"] => Self::UserId,
            ["email"] => Self::Email,
            ["email", "domain"] => Self::EmailDomain,
            ["email_verified"] => Self::EmailVerified,
            ["username"] => Self::Username,
            ["phone_number"] => Self::PhoneNumber,
            ["phone_verified"] => Self::PhoneVerified,
            [name @ ("name" | "given_name" | "family_name" | "nickname")] => Self::Name([(*name).to_owned()]),
            ["blocked"] => Self::Blocked,
            ["created_at"] => Self::CreatedAt,
            ["updated_at"] => Self::UpdatedAt,
            ["last_login"] => Self::LastLogin,
            ["last_ip"] => Self::LastIp,
            ["logins_count"] => Self::LoginsCount,
            ["identities", "connection"] => Self::IdentityConnection,
            ["identities", "provider"] => Self::IdentityProvider,
            ["identities", "user_id"] => Self::IdentityUserId,
            ["identities", "isSocial"] => Self::IdentityIsSocial,
            ["identities", "profileData", ..] => Self::ProfileData(name.iter().skip(2).cloned().collect()),
            ["user_metadata", ..] => Self::UserMetadata(name.iter().skip(1).cloned().collect()),
            ["app_metadata", ..] => Self::AppMetadata(name.iter().skip(1).cloned().collect()),
            _ => Self::Nothing,
        }
    }

    /// The fields that a term without a field searches: all of the normalized profile, no metadata.
    pub(super) fn unnamed() -> Vec<Self> {
        let names = ["name", "given_name", "family_name", "nickname"].map(|name| Self::Name([name.to_owned()]));
        let others = [Self::UserId, Self::Email, Self::Username, Self::PhoneNumber, Self::LastIp];
        others.into_iter().chain(names).collect()
    }

    /// Whether its values are compared whatever their case.
    pub(super) fn is_caseless(&self) -> bool {
        match self {
            Self::Email | Self::EmailDomain | Self::Name(_) => true,
            Self::ProfileData(path) => path.first().is_some_and(|name| CASELESS.contains(&name.as_str())),
            _ => false,
        }
    }

    /// Whether the user has anything here, in metadata also below.
    pub(super) fn exists(&self, user: &User) -> bool {
        let has = |document: Option<&Document>, path: &[String]| document.is_some_and(|document| document.has_at(path));
        match self {
            Self::UserMetadata(path) => has(user.user_metadata.as_ref(), path),
            Self::AppMetadata(path) => has(user.app_metadata.as_ref(), path),
            Self::ProfileData(path) => user.identities.iter().any(|one| has(one.profile_data.as_ref(), path)),
            _ => self.any(user, |_| true),
        }
    }

    /// Whether `fits` holds for any value that the user has here. Values of caseless fields come in lower case.
    pub(super) fn any(&self, user: &User, mut fits: impl FnMut(&Scalar<'_>) -> bool) -> bool {
        let mut text = |text: Option<&str>| text.is_some_and(|text| fits(&Scalar::Text(text)));
        match self {
            Self::UserId => text(Some(user.user_id.as_str())),
            Self::Username => text(user.username.as_deref()),
            Self::PhoneNumber => text(user.phone_number.as_deref()),
            Self::LastIp => text(user.last_ip.as_deref()),
            Self::Email => text(user.email.as_deref().map(str::to_lowercase).as_deref()),
            Self::EmailDomain => {
                let domain = user.email.as_deref().and_then(|email| email.rsplit_once('@'));
                text(domain.map(|(_, domain)| domain.to_lowercase()).as_deref())
            }
            Self::EmailVerified => user.email_verified.is_some_and(|flag| fits(&Scalar::Bool(flag))),
            Self::PhoneVerified => user.phone_verified.is_some_and(|flag| fits(&Scalar::Bool(flag))),
            Self::Blocked => user.blocked.is_some_and(|flag| fits(&Scalar::Bool(flag))),
            Self::CreatedAt => fits(&Scalar::Time(user.created_at.millis())),
            Self::UpdatedAt => fits(&Scalar::Time(user.updated_at.millis())),
            Self::LastLogin => user.last_login.is_some_and(|at| fits(&Scalar::Time(at.millis()))),
            #[expect(clippy::cast_precision_loss, reason = "nobody logs in 2^53 times")]
            Self::LoginsCount => user.logins_count.is_some_and(|count| fits(&Scalar::Number(count as f64))),
            Self::IdentityConnection => user.identities.iter().any(|one| fits(&Scalar::Text(&one.connection))),
            Self::IdentityProvider => user.identities.iter().any(|one| fits(&Scalar::Text(one.provider.as_str()))),
            Self::IdentityIsSocial => user.identities.iter().any(|one| fits(&Scalar::Bool(one.is_social))),
            Self::IdentityUserId => user.identities.iter().any(|one| match &one.user_id {
                IdentityId::Text(id) => fits(&Scalar::Text(id)),
                IdentityId::Number(id) => fits(&Scalar::Text(&id.to_string())),
            }),
            Self::Name(name) => within(Some(&user.attributes), name, true, &mut fits),
            Self::UserMetadata(path) => within(user.user_metadata.as_ref(), path, false, &mut fits),
            Self::AppMetadata(path) => within(user.app_metadata.as_ref(), path, false, &mut fits),
            Self::ProfileData(path) => {
                let caseless = self.is_caseless();
                let data = |one: &Identity| within(one.profile_data.as_ref(), path, caseless, &mut fits);
                user.identities.iter().any(data)
            }
            Self::Nothing => false,
        }
    }
}

/// Whether a value at the path fits.
fn within(
    document: Option<&Document>,
    path: &[String],
    caseless: bool,
    fits: &mut impl FnMut(&Scalar<'_>) -> bool,
) -> bool {
    use serde_json::Value;
    document.is_some_and(|document| {
        document.any_at(path, |value| match value {
            Value::String(text) if caseless => fits(&Scalar::Text(&text.to_lowercase())),
            Value::String(text) => fits(&Scalar::Text(text)),
            Value::Bool(flag) => fits(&Scalar::Bool(*flag)),
            Value::Number(number) => number.as_f64().is_some_and(|number| fits(&Scalar::Number(number))),
            Value::Null | Value::Array(_) | Value::Object(_) => false,
        })
    })
}
