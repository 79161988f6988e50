//! How a directory turns people away, and what the connector calls it. Source: spec/enterprise.md §2.5.

use crate::scripts::profile_mapper::MapperError;

/// Why a person isn't let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AdRefusal {
    /// Nobody was found by what they typed.
    #[error("no such user")]
    WrongUsername,
    #[error("wrong password")]
    WrongPassword,
    #[error("the password has expired")]
    PasswordExpired,
    #[error("the password must be changed")]
    PasswordChangeRequired,
    #[error("the account is disabled")]
    AccountDisabled,
    #[error("the account has expired")]
    AccountExpired,
    #[error("the account is locked")]
    AccountLocked,
    /// The service account may not write passwords.
    #[error("the connector may not change passwords")]
    InsufficientAccessRights,
    #[error("the password does not keep the directory's rules")]
    PasswordComplexity,
}

/// Why nobody arrived from a directory. Fragments that complete "failed to …".
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdError {
    #[error("sign in: {0}")]
    Refused(#[from] AdRefusal),
    /// It can't be asked at all: the real service then goes by what it remembers.
    #[error("reach the directory: {0}")]
    Unreachable(String),
    /// It answers, but not to what the connector is set up for.
    #[error("use the directory: {0}")]
    Misconfigured(String),
    #[error("map the profile: {0}")]
    Mapper(#[from] MapperError),
}

impl AdRefusal {
    /// By the diagnostic text of a bind that failed as "invalid credentials": `… data 532, v3839`. A text without a
    /// sub-code is another directory's, where the password is wrong.
    pub(super) fn of_diagnostic(text: &str) -> Self {
        let code = text.split_once("data ").map_or("", |(_, rest)| rest);
        match code.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default() {
            "532" => Self::PasswordExpired,
            "533" | "534" => Self::AccountDisabled,
            "701" => Self::AccountExpired,
            "773" => Self::PasswordChangeRequired,
            "775" => Self::AccountLocked,
            _ => Self::WrongPassword,
        }
    }

    /// The connector's `ldapStatus`.
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::WrongUsername | Self::WrongPassword | Self::InsufficientAccessRights | Self::PasswordComplexity => {
                "wrong_password"
            }
            Self::PasswordExpired => "password_expired",
            Self::PasswordChangeRequired => "password_change_required",
            Self::AccountDisabled => "account_disabled",
            Self::AccountExpired => "account_expired",
            Self::AccountLocked => "account_locked",
        }
    }

    /// The connector's name of the error.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WrongUsername => "WrongUsername",
            Self::WrongPassword => "WrongPassword",
            Self::PasswordExpired => "PasswordExpired",
            Self::PasswordChangeRequired => "PasswordChangeRequired",
            Self::AccountDisabled => "AccountDisabled",
            Self::AccountExpired => "AccountExpired",
            Self::AccountLocked => "AccountLocked",
            Self::InsufficientAccessRights => "InsufficientAccessRightsError",
            Self::PasswordComplexity => "PasswordComplexityError",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_codes_are_told_apart_as_the_connector_does() {
        for (code, expected) in [
            ("525", "WrongPassword"),
            ("52e", "WrongPassword"),
            ("530", "WrongPassword"),
            ("532", "PasswordExpired"),
            ("533", "AccountDisabled"),
            ("534", "AccountDisabled"),
            ("701", "AccountExpired"),
            ("773", "PasswordChangeRequired"),
            ("775", "AccountLocked"),
        ] {
            let text =
                format!("80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {code}, v3839");
            assert_eq!(AdRefusal::of_diagnostic(&text).name(), expected, "{code}");
        }
        assert_eq!(AdRefusal::of_diagnostic("Invalid credentials"), AdRefusal::WrongPassword);
    }
}
