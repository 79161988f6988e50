//! What a relying party asks a security token service for, by the browser. Source: WS-Federation 1.2 §13.2.

use url::Url;

use crate::protocols::wsfed::names::action;

/// What is wanted (`wa`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    SignIn,
    SignOut,
    /// A relying party's part of a sign-out.
    CleanUp,
}

impl Action {
    /// The action of this name; where none is given it is a sign-in (spec/enterprise.md §5.2).
    pub(crate) fn of(wa: Option<&str>) -> Option<Self> {
        match wa {
            None | Some("" | action::SIGN_IN) => Some(Self::SignIn),
            Some(action::SIGN_OUT) => Some(Self::SignOut),
            Some(action::CLEAN_UP) => Some(Self::CleanUp),
            Some(_) => None,
        }
    }
}

/// A sign-in that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SignIn {
    /// `wtrealm`: the relying party, which the token will be for.
    pub(crate) realm: Option<String>,
    /// `wreply`: where the answer goes.
    pub(crate) reply: Option<String>,
    /// `wctx`: comes back as it is.
    pub(crate) context: Option<String>,
    /// `whr`: where the person is at home.
    pub(crate) home_realm: Option<String>,
    /// `wfresh`, in minutes: how long ago the person may have signed in; 0 is not at all.
    pub(crate) freshness: Option<u32>,
    /// `username`: who is probably meant (AD FS).
    pub(crate) user_name: Option<String>,
}

impl SignIn {
    /// Reads the parameters of a request; empty ones are none.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(crate) fn read<'a>(parameter: impl Fn(&str) -> Option<&'a str>) -> Result<Self, &'static str> {
        let text = |name: &str| parameter(name).filter(|value| !value.is_empty()).map(str::to_owned);
        let freshness = text("wfresh").map(|minutes| minutes.parse()).transpose();
        Ok(Self {
            realm: text("wtrealm"),
            reply: text("wreply"),
            context: text("wctx"),
            home_realm: text("whr"),
            freshness: freshness.map_err(|_| "wfresh is not a number of minutes")?,
            user_name: text("username"),
        })
    }

    /// The address that asks for it, at an endpoint.
    pub(crate) fn to_url(&self, mut endpoint: Url) -> Url {
        let freshness = self.freshness.map(|minutes| minutes.to_string());
        let given = [
            ("wreply", &self.reply),
            ("wtrealm", &self.realm),
            ("wctx", &self.context),
            ("whr", &self.home_realm),
            ("wfresh", &freshness),
            ("username", &self.user_name),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        endpoint.query_pairs_mut().append_pair("wa", action::SIGN_IN).extend_pairs(given);
        endpoint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_read_again() {
        let asked = SignIn {
            realm: Some("urn:auth0:acme".to_owned()),
            reply: Some("https://rp.example/?a=b&c".to_owned()),
            context: Some("x y".to_owned()),
            freshness: Some(0),
            ..SignIn::default()
        };
        let url = asked.to_url(Url::parse("https://adfs.example/adfs/ls/?p=1").unwrap());
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let find = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!(SignIn::read(find), Ok(asked));
        assert_eq!((find("wa"), find("p"), find("whr")), (Some("wsignin1.0"), Some("1"), None));
        assert_eq!(SignIn::read(|name| (name == "wfresh").then_some("-1")), Err("wfresh is not a number of minutes"));
    }

    #[test]
    fn actions_have_names() {
        assert_eq!(Action::of(None), Some(Action::SignIn));
        assert_eq!(Action::of(Some("wsignin1.0")), Some(Action::SignIn));
        assert_eq!(Action::of(Some("wsignout1.0")), Some(Action::SignOut));
        assert_eq!(Action::of(Some("wsignoutcleanup1.0")), Some(Action::CleanUp));
        assert_eq!(Action::of(Some("wattr1.0")), None);
    }
}
