//! The providers that are faked, and the names that each has for the same thing.

/// A provider that is faked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    Apple,
    Facebook,
    Github,
    Google,
    Linkedin,
    Microsoft,
    Oidc,
}

/// How a provider words what every account has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// `None` where a name is one text.
    pub(crate) given_name: Option<&'static str>,
    pub(crate) family_name: Option<&'static str>,
    pub(crate) email: &'static str,
    /// Whether the e-mail address is confirmed; `None` where the provider doesn't say so of the account's own address.
    pub(crate) email_verified: Option<&'static str>,
    pub(crate) ids: Ids,
}

/// What a provider's ids look like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    /// What they begin with.
    pub(crate) beginning: &'static str,
    /// What follows, and how many of it.
    pub(crate) alphabet: Alphabet,
    pub(crate) length: usize,
    /// In answers they are numbers.
    pub(crate) are_numbers: bool,
}

/// What ids are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// Hexadecimal digits, then a dot and four digits.
    Apple,
    Digits,
    Alphanumeric,
    Hexadecimal,
}

impl Provider {
    pub(crate) const ALL: [Self; 7] =
        [Self::Apple, Self::Facebook, Self::Github, Self::Google, Self::Linkedin, Self::Microsoft, Self::Oidc];

    /// The provider of that name: `facebook`, `google`, …
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == name)
    }

    /// Its name in paths, fixtures and the control API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Apple => "apple",
            Self::Facebook => "facebook",
            Self::Github => "github",
            Self::Google => "google",
            Self::Linkedin => "linkedin",
            Self::Microsoft => "microsoft",
            Self::Oidc => "oidc",
        }
    }

    /// Its name as people write it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Apple => "Apple",
            Self::Facebook => "Facebook",
            Self::Github => "GitHub",
            Self::Google => "Google",
            Self::Linkedin => "LinkedIn",
            Self::Microsoft => "Microsoft",
            Self::Oidc => "OpenID Connect",
        }
    }

    /// The provider's own host names; it goes by the first one.
    pub(crate) fn hosts(self) -> &'static [&'static str] {
        match self {
            Self::Apple => &["appleid.apple.com"],
            Self::Github => &["github.com", "api.github.com", "avatars.githubusercontent.com"],
            Self::Google => &[
                "accounts.google.com",
                "oauth2.googleapis.com",
                "openidconnect.googleapis.com",
                "www.googleapis.com",
                "lh3.googleusercontent.com",
            ],
            Self::Linkedin => &["www.linkedin.com", "api.linkedin.com", "media.licdn.com"],
            Self::Microsoft => &[
                "login.microsoftonline.com",
                "sts.windows.net",
                "graph.microsoft.com",
                "login.live.com",
                "apis.live.net",
            ],
            Self::Facebook => {
                &["www.facebook.com", "m.facebook.com", "graph.facebook.com", "platform-lookaside.fbsbx.com"]
            }
            // It stands for any: it has no name of its own.
            Self::Oidc => &[],
        }
    }

    /// Source: spec/upstreams.md §1 (`sub` is a number of 21 digits), §2, §3, §4 and §6.
    pub(crate) fn words(self) -> Words {
        let ids = |beginning, length| Ids { beginning, alphabet: Alphabet::Digits, length, are_numbers: false };
        let usual = Words {
            id: "sub",
            name: "name",
            given_name: Some("given_name"),
            family_name: Some("family_name"),
            email: "email",
            email_verified: Some("email_verified"),
            ids: ids("1", 20),
        };
        match self {
            Self::Apple => Words {
                given_name: Some("firstName"),
                family_name: Some("lastName"),
                ids: Ids { beginning: "000123.", alphabet: Alphabet::Apple, length: 32, are_numbers: false },
                ..usual
            },
            Self::Facebook => Words {
                id: "id",
                given_name: Some("first_name"),
                family_name: Some("last_name"),
                email_verified: None,
                ids: ids("10", 15),
                ..usual
            },
            Self::Github => Words {
                id: "id",
                given_name: None,
                family_name: None,
                email_verified: None,
                ids: Ids { are_numbers: true, ..ids("5", 7) },
                ..usual
            },
            Self::Google => usual,
            Self::Microsoft => Words {
                id: "id",
                name: "displayName",
                given_name: Some("givenName"),
                family_name: Some("surname"),
                email: "userPrincipalName",
                email_verified: None,
                ids: Ids { alphabet: Alphabet::Hexadecimal, ..ids("", 16) },
            },
            Self::Linkedin => Words { ids: Ids { alphabet: Alphabet::Alphanumeric, ..ids("", 10) }, ..usual },
            Self::Oidc => Words { ids: Ids { alphabet: Alphabet::Alphanumeric, ..ids("00u", 17) }, ..usual },
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
        assert_eq!(fake_of_host("appleid.apple.com"), Some("apple"));
        assert_eq!(fake_of_host("api.github.com"), Some("github"));
        assert_eq!(fake_of_host("api.linkedin.com"), Some("linkedin"));
        assert_eq!(fake_of_host("graph.microsoft.com"), Some("microsoft"));
        assert_eq!(fake_of_host("accounts.google.com.example"), None);
    }
}
