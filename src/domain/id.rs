//! Identifiers and secrets: each its own type, so that one is never taken for another.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;

/// Makes a newtype over `Arc<str>` with `as_str`, `From` and `Display`, written as a plain string.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub(crate) struct $name(Arc<str>);

        impl $name {
            #[allow(dead_code, reason = "every id has it, not every one needs it yet")]
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        // Lets a table be searched with a borrowed `&str`.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }
    };
}

text_id! {
    /// `provider|id`, unique in a tenant: `auth0|65f1…`, `google-oauth2|1150…` (spec/profile.md §4).
    UserId
}
text_id! {
    /// 32 letters and digits, or what a fixture says.
    ClientId
}
text_id! {
    /// `con_` and 16 letters and digits.
    ConnectionId
}
text_id! {
    /// 24 hexadecimal digits.
    ResourceServerId
}
text_id! {
    /// `cgr_` and 16 letters and digits: a client's grant to an API.
    ClientGrantId
}
text_id! {
    /// `rol_` and 16 letters and digits.
    RoleId
}
text_id! {
    /// `org_` and 16 letters and digits.
    OrganizationId
}
text_id! {
    /// 32 URL-safe characters; the `sid` claim. Not the cookie's secret.
    SessionId
}
text_id! {
    /// The server's own opaque handle of a login under way: the `state` of its pages (spec/universal-login.md).
    TransactionId
}
text_id! {
    /// What a browser is known by: the `did` cookie. A login transaction is bound to it (design page, section 6).
    BrowserId
}

impl UserId {
    /// `provider|id`.
    pub(crate) fn new(provider: &str, id: &str) -> Self {
        format!("{provider}|{id}").into()
    }

    /// The provider and the id within it; `None` without a `|`.
    pub(crate) fn split(&self) -> Option<(&str, &str)> {
        self.0.split_once('|')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_is_split_at_the_first_bar() {
        let id = UserId::new("oidc", "acme-oidc|42");
        assert_eq!(id.split(), Some(("oidc", "acme-oidc|42")));
    }
}
