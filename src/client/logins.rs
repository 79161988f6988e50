//! Logins without a browser: the server walks its own redirects, forms and pages, as a given person.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use impostor::client::control::Control;
//! use impostor::client::logins::NewLogin;
//! use impostor::client::transport::Transport;
//! use impostor::harness::Impostor;
//!
//! let impostor = Impostor::start().await?;
//! let control = Control::at(Transport::new()?, impostor.url())?;
//! let login = control.log_in(&NewLogin::of("alice@acme.example").exchanging()).await?;
//! assert_eq!(login.claims.unwrap_or_default()["email"], "alice@acme.example");
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A login to be walked through. Only the person must be given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewLogin {
    /// A `user_id`, an e-mail address, a username, or `FAKE:ID` of an account at a fake.
    pub person: String,
    /// The app's `client_id` or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The connection to sign in with, where the person has several accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// One of the client's callbacks. It is not called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// `openid profile email`, if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The API's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The organization's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// More parameters for `/authorize`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub parameters: Map<String, Value>,
    /// The password to type, where it isn't known or is to be a wrong one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Permissions to decline at the provider.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declines: Vec<String>,
    /// Whether the person turns back at the provider.
    pub cancels: bool,
    /// Whether the person says yes on the tenant's consent page.
    pub consents: bool,
    /// Whether the code is exchanged for tokens.
    pub exchange: bool,
}

impl NewLogin {
    /// A login of a person, with everything else as usual.
    pub fn of(person: impl Into<String>) -> Self {
        Self {
            person: person.into(),
            client: None,
            connection: None,
            redirect_uri: None,
            scope: None,
            audience: None,
            organization: None,
            parameters: Map::new(),
            password: None,
            declines: Vec::new(),
            cancels: false,
            consents: true,
            exchange: false,
        }
    }

    /// At this client.
    #[must_use]
    pub fn at(self, client: impl Into<String>) -> Self {
        Self { client: Some(client.into()), ..self }
    }

    /// By this connection.
    #[must_use]
    pub fn by(self, connection: impl Into<String>) -> Self {
        Self { connection: Some(connection.into()), ..self }
    }

    /// Has the code exchanged for tokens, and the ID token checked.
    #[must_use]
    pub fn exchanging(self) -> Self {
        Self { exchange: true, ..self }
    }
}

/// How a login went.
#[derive(Debug, Clone, Deserialize)]
pub struct LoginTaken {
    /// What the app's callback received, if the login came so far.
    pub callback: Option<CallbackReceived>,
    /// What the token endpoint answered, if the code was exchanged.
    pub tokens: Option<Map<String, Value>>,
    /// The checked claims of the ID token, if the code was exchanged.
    pub claims: Option<Map<String, Value>>,
    /// The page that the login stopped at, if it did not come to the callback.
    pub page: Option<PageSeen>,
    /// Every request on the way.
    pub visits: Vec<VisitMade>,
    /// What the browser remembers.
    pub cookies: Vec<CookieKept>,
    /// The `state`, `nonce` and `code_verifier` that the login began with.
    pub began_with: Map<String, Value>,
}

/// What an app's callback received.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CallbackReceived {
    /// The address called.
    pub url: String,
    /// `query`, `fragment`, `form_post` or `web_message`.
    pub mode: String,
    /// What came.
    pub parameters: Map<String, Value>,
}

/// A page that a login stopped at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PageSeen {
    /// Its address.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// Its title.
    pub title: Option<String>,
    /// What a person reads there.
    pub text: String,
}

/// A request on the way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct VisitMade {
    /// `GET` or `POST`.
    pub method: String,
    /// The address.
    pub url: String,
    /// The status answered.
    pub status: u16,
}

/// A cookie, as browser drivers take them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CookieKept {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host it is for.
    pub domain: String,
    /// The path it is for.
    pub path: String,
    /// Whether it travels over https alone.
    pub secure: bool,
}

impl Control {
    /// Signs somebody in as a browser would, and tells what the app's callback received. A login that ends on a page, or
    /// with an error at the callback, is no error here.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when nobody is meant, there is no such client, or the login can't go on.
    pub async fn log_in(&self, login: &NewLogin) -> Result<LoginTaken, ClientError> {
        self.transport.send(self.transport.post(&self.url("logins")?).json(login)).await?.json()
    }
}
