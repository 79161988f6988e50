//! The apps that a fake lets in. Source: design page, section 7: an embedded fake accepts its connection's own client.

use url::Host;
use url::Url;

use crate::protocols::oauth::embedded_client;
use crate::upstreams::state::FakeState;

/// An app that is registered at a fake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) id: String,
    /// `None` takes any secret.
    pub(crate) secret: Option<String>,
    /// What the pages call it.
    pub(crate) name: Option<String>,
    /// Allowed beside loopback addresses and the address that the fake itself is asked at.
    pub(crate) redirect_uris: Vec<String>,
}

/// The key that an app signs its client secrets with (Sign in with Apple).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientKey {
    pub(crate) team_id: String,
    pub(crate) kid: String,
    /// The public point on P-256, not compressed.
    pub(crate) point: Vec<u8>,
}

impl Client {
    /// Whether this is its secret.
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secret.as_deref().is_none_or(|own| own == secret)
    }

    /// Whether people may be sent to `uri`: a registered one, or one on this machine or at `authority`, which is
    /// where the fake itself was asked.
    pub(crate) fn allows_redirect(&self, uri: &str, authority: &str) -> bool {
        if self.redirect_uris.iter().any(|known| known == uri) {
            return true;
        }
        let Ok(url) = Url::parse(uri) else { return false };
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        matches!(url.scheme(), "http" | "https") && plain && (is_loopback(&url) || is_at(&url, authority))
    }
}

impl FakeState {
    /// The app with this id. Where none is registered, any id is an app's, with any secret; the client that a
    /// connection without credentials of its own uses is always one.
    pub(crate) fn client(&self, id: &str) -> Option<Client> {
        if let Some(client) = self.clients.get(id) {
            return Some(Client::clone(client));
        }
        let embedded = embedded_client::is_known(id);
        let is_open = self.clients.is_empty() && !id.is_empty();
        (is_open || embedded).then(|| Client {
            id: id.to_owned(),
            secret: embedded.then(|| embedded_client::SECRET.to_owned()),
            name: None,
            redirect_uris: Vec::new(),
        })
    }

    /// Registers an app, in the place of the one with the same id.
    pub(crate) fn put_client(&mut self, client: Client) {
        self.clients.put(client.id.clone(), client);
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_at(url: &Url, authority: &str) -> bool {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    url.host_str().is_some_and(|host| format!("{host}{port}").eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_to_this_machine_or_to_what_is_registered() {
        let client =
            Client { id: "1".into(), secret: None, name: None, redirect_uris: vec!["https://app.example/cb".into()] };
        let check = |uri: &str, expected: bool| {
            assert_eq!(client.allows_redirect(uri, "impostor:4480"), expected, "{uri}");
        };
        check("https://app.example/cb", true);
        check("http://localhost:3000/login/callback", true);
        check("https://acme.localhost:4480/login/callback", true);
        check("http://127.0.0.1:3000/auth/google/callback", true);
        check("http://[::1]:3000/cb", true);
        check("http://impostor:4480/login/callback", true);
        check("https://app.example/cb/", false);
        check("http://localhost.example/cb", false);
        check("http://localhost:1@evil.example/", false);
        check("http://user@localhost:3000/", false);
        check("http://localhost/#fragment", false);
        check("javascript:alert(1)", false);
        check("/relative", false);
    }

    #[test]
    fn any_app_is_let_in_until_one_is_registered() {
        let mut fake = FakeState::default();
        assert!(fake.client("anything").is_some_and(|client| client.has_secret("whatever")));
        assert_eq!(fake.client(""), None);
        fake.put_client(Client { id: "1".into(), secret: Some("s".into()), name: None, redirect_uris: vec![] });
        assert_eq!(fake.client("anything"), None);
        assert!(fake.client("1").is_some_and(|client| client.has_secret("s") && !client.has_secret("t")));
        assert!(fake.client(embedded_client::GOOGLE_ID).is_some());
    }
}
