//! Tickets: addresses that whoever holds them may open once, to verify an e-mail address, choose another password or
//! lift a block. Source: spec/management-api.md §8.

use url::Url;
use url::form_urlencoded::Serializer;

use crate::domain::id::ClientId;
use crate::domain::mailbox::Mailbox;
use crate::time::Timestamp;

/// How long a ticket is good when nothing is said, in seconds: five days.
pub(crate) const LIFETIME_SECONDS: i64 = 432_000;

/// For how long a ticket that is over is still told from one that never was, in seconds: thirty days.
const REMEMBERED_SECONDS: i64 = 30 * 24 * 3600;

/// What a ticket lets its holder do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    VerifyEmail,
    ChangePassword {
        /// The change verifies the e-mail address, too.
        marks_verified: bool,
        /// It was mailed: only the newest one sent to an identity is good.
        mailed: bool,
    },
    /// Lifts the block of this address.
    Unblock {
        ip: String,
    },
}

/// A ticket; the table is keyed by the hash of its secret.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) purpose: Purpose,
    /// Whose it is, with the e-mail address as it was: a ticket for another address is worth nothing.
    pub(crate) mailbox: Mailbox,
    /// Where the holder is sent afterwards.
    pub(crate) result_url: Option<String>,
    /// Whether that address is told the e-mail address.
    pub(crate) include_email: bool,
    /// The app that it was asked for.
    pub(crate) client_id: Option<ClientId>,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

/// What a ticket is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    Good,
    Used,
    Expired,
}

/// What came of a ticket, as the address it leads to is told. Codes and messages are the real service's as apps know
/// them; `code` of a used one is unverified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

impl Outcome {
    pub(crate) const VERIFIED: Self = Self {
        success: true,
        code: "success",
        message: "Your email was verified. You can continue using the application.",
    };
    pub(crate) const CHANGED: Self =
        Self { success: true, code: "success", message: "You can now login to the application with the new password." };
    pub(crate) const USED: Self =
        Self { success: false, code: "used_ticket", message: "This URL can be used only once" };
    pub(crate) const EXPIRED: Self = Self { success: false, code: "access_expired", message: "Access expired." };
}

/// What the connection lets people do by themselves: the address that a ticket leads to is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Support {
    pub(crate) sign_up: bool,
    pub(crate) forgot_password: bool,
}

impl Ticket {
    pub(crate) fn worth(&self, now: Timestamp) -> Worth {
        match self.used_at {
            Some(_) => Worth::Used,
            None if now >= self.expires_at => Worth::Expired,
            None => Worth::Good,
        }
    }

    /// Whether it must still be known, good or not.
    pub(crate) fn is_remembered(&self, now: Timestamp) -> bool {
        now < self.expires_at.plus_seconds(REMEMBERED_SECONDS)
    }

    /// Where the holder is sent, if anywhere: the parameters stand before the fragment.
    pub(crate) fn result_address(&self, support: Support, outcome: Outcome) -> Option<String> {
        let mut url = Url::parse(self.result_url.as_deref()?).ok()?;
        let mut told = Serializer::new(String::new());
        told.append_pair("supportSignUp", bool_text(support.sign_up));
        told.append_pair("supportForgotPassword", bool_text(support.forgot_password));
        if self.include_email {
            told.append_pair("email", &self.mailbox.email);
        }
        told.append_pair("message", outcome.message);
        told.append_pair("success", bool_text(outcome.success)).append_pair("code", outcome.code);
        let told = told.finish().replace('+', "%20");
        let query = url.query().filter(|query| !query.is_empty()).map(|query| format!("{query}&{told}"));
        url.set_query(Some(&query.unwrap_or(told)));
        Some(url.into())
    }
}

fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        let mailbox = Mailbox {
            user_id: "auth0|1".into(),
            identity: "auth0|1".into(),
            connection: "db".into(),
            email: "ana@people.example".into(),
            verified: false,
        };
        Ticket {
            purpose: Purpose::VerifyEmail,
            mailbox,
            result_url: Some("https://app.example/done?a=1#/here".into()),
            include_email: true,
            client_id: None,
            expires_at: Timestamp::from_seconds(100),
            used_at: None,
        }
    }

    #[test]
    fn a_ticket_is_good_until_it_is_used_or_expires() {
        let at = Timestamp::from_seconds;
        assert_eq!((ticket().worth(at(99)), ticket().worth(at(100))), (Worth::Good, Worth::Expired));
        assert_eq!(Ticket { used_at: Some(at(1)), ..ticket() }.worth(at(99)), Worth::Used);
        assert!(ticket().is_remembered(at(200)) && !ticket().is_remembered(at(100 + 31 * 24 * 3600)));
    }

    #[test]
    fn the_app_is_told_before_the_fragment() {
        let support = Support { sign_up: true, forgot_password: false };
        let address = ticket().result_address(support, Outcome::EXPIRED).unwrap();
        assert_eq!(
            address,
            "https://app.example/done?a=1&supportSignUp=true&supportForgotPassword=false&\
             email=ana%40people.example&message=Access%20expired.&success=false&code=access_expired#/here"
        );
        let silent = Ticket { include_email: false, ..ticket() };
        assert!(!silent.result_address(support, Outcome::USED).unwrap().contains("email="));
        assert_eq!(Ticket { result_url: None, ..ticket() }.result_address(support, Outcome::USED), None);
    }
}
