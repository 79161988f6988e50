//! The providers that are faked, and the names that each has for the same thing.

/// A provider that is faked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    Google,
    Facebook,
}

/// How a provider words what every account has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) id: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) family_name: &'static str,
    /// What its ids begin with, and how many digits follow.
    pub(crate) ids: (&'static str, usize),
}

impl Provider {
    pub(crate) const ALL: [Self; 2] = [Self::Google, Self::Facebook];

    /// The provider of that name: `google` or `facebook`.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == name)
    }

    /// Its name in paths, fixtures and the control API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Facebook => "facebook",
        }
    }

    /// Its name as people write it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Facebook => "Facebook",
        }
    }

    /// The provider's own host names; it goes by the first one.
    pub(crate) fn hosts(self) -> &'static [&'static str] {
        match self {
            Self::Google => &[
                "accounts.google.com",
                "oauth2.googleapis.com",
                "openidconnect.googleapis.com",
                "www.googleapis.com",
                "lh3.googleusercontent.com",
            ],
            Self::Facebook => {
                &["www.facebook.com", "m.facebook.com", "graph.facebook.com", "platform-lookaside.fbsbx.com"]
            }
        }
    }

    /// Source: spec/upstreams.md §1 (`sub` is a number of 21 digits) and §2.
    pub(crate) fn words(self) -> Words {
        match self {
            Self::Google => Words { id: "sub", given_name: "given_name", family_name: "family_name", ids: ("1", 20) },
            Self::Facebook => Words { id: "id", given_name: "first_name", family_name: "last_name", ids: ("10", 15) },
        }
    }
}

/// The name of the fake that a real host name belongs to: `google` for `accounts.google.com`.
pub(crate) fn fake_of_host(host: &str) -> Option<&'static str> {
    let is_of = |provider: &Provider| provider.hosts().iter().any(|known| known.eq_ignore_ascii_case(host));
    Provider::ALL.into_iter().find(is_of).map(Provider::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_host_belongs_to_its_fake() {
        assert_eq!(fake_of_host("Accounts.Google.com"), Some("google"));
        assert_eq!(fake_of_host("graph.facebook.com"), Some("facebook"));
        assert_eq!(fake_of_host("accounts.google.com.example"), None);
    }
}
