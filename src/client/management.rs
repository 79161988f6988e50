//! The Management API as an administrator's script uses it. Source: spec/management-api.md.

use crate::client::answer::Answer;
use crate::client::error::ClientError;
use crate::client::transport::{Transport, address, below};
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

/// What a client's secret is, in the built-in tenants: its id, followed by this.
pub const SECRET_SUFFIX: &str = "-secret-for-local-tests-only";

/// The Management API of one tenant, with a token in hand.
#[derive(Debug, Clone)]
pub struct Management {
    transport: Transport,
    base: Url,
    token: String,
}

#[derive(Deserialize)]
struct MachineToken {
    access_token: String,
}

impl Management {
    /// Fetches a token with all the scopes that the client has been granted.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the client may not.
    pub async fn connect(
        transport: Transport,
        issuer: &str,
        client_id: &str,
        client_secret: &str,
    ) -> Result<Self, ClientError> {
        Self::connect_for(transport, issuer, (client_id, client_secret), None).await
    }

    /// Fetches a token, with these of the client's scopes alone (separated by spaces) if some are given.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the client may not.
    pub async fn connect_for(
        transport: Transport,
        issuer: &str,
        (client_id, client_secret): (&str, &str),
        scopes: Option<&str>,
    ) -> Result<Self, ClientError> {
        let issuer = address(issuer)?;
        let base = below(&issuer, "/api/v2/")?;
        let mut body = Map::from_iter([
            ("grant_type".to_owned(), json!("client_credentials")),
            ("client_id".to_owned(), json!(client_id)),
            ("client_secret".to_owned(), json!(client_secret)),
            ("audience".to_owned(), json!(base.as_str())),
        ]);
        body.extend(scopes.map(|scopes| ("scope".to_owned(), json!(scopes))));
        let request = transport.post(&below(&issuer, "/oauth/token")?).json(&body);
        let MachineToken { access_token } = transport.send(request).await?.json()?;
        Ok(Self { transport, base, token: access_token })
    }

    /// The API as somebody uses it who has a token already, an end user for example.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when the issuer is no address.
    pub fn with_token(transport: Transport, issuer: &str, token: &str) -> Result<Self, ClientError> {
        let base = below(&address(issuer)?, "/api/v2/")?;
        Ok(Self { transport, base, token: token.to_owned() })
    }

    /// A user by `user_id`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is none.
    pub async fn user(&self, user_id: &str) -> Result<Value, ClientError> {
        self.send(self.transport.get(&self.of(&["users", user_id])?)).await?.json()
    }

    /// Users, newest page first as the server sorts them; `query` is what follows the `?`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the query is wrong.
    pub async fn users(&self, query: &[(&str, &str)]) -> Result<Vec<Value>, ClientError> {
        let mut url = self.of(&["users"])?;
        url.query_pairs_mut().extend_pairs(query);
        self.send(self.transport.get(&url)).await?.json()
    }

    /// Creates a user; `user` as the API takes it, `connection` included.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the user is not acceptable.
    pub async fn create_user(&self, user: &Value) -> Result<Value, ClientError> {
        self.send(self.transport.post(&self.of(&["users"])?).json(user)).await?.json()
    }

    /// Changes a user.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the change is not acceptable.
    pub async fn update_user(&self, user_id: &str, change: &Value) -> Result<Value, ClientError> {
        self.send(self.transport.patch(&self.of(&["users", user_id])?).json(change)).await?.json()
    }

    /// Deletes a user.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn delete_user(&self, user_id: &str) -> Result<(), ClientError> {
        self.send(self.transport.delete(&self.of(&["users", user_id])?)).await?.success().map(drop)
    }

    /// Links to the user what the body names; answers with all identities.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when that can't be linked.
    pub async fn link(&self, user_id: &str, body: &Value) -> Result<Vec<Value>, ClientError> {
        self.send(self.transport.post(&self.of(&["users", user_id, "identities"])?).json(body)).await?.json()
    }

    /// Parts an identity from the user; answers with those that remain.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the user has no such identity to give.
    pub async fn unlink(&self, user_id: &str, provider: &str, id: &str) -> Result<Vec<Value>, ClientError> {
        self.send(self.transport.delete(&self.of(&["users", user_id, "identities", provider, id])?)).await?.json()
    }

    /// Users with exactly this e-mail address.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn users_by_email(&self, email: &str) -> Result<Vec<Value>, ClientError> {
        let mut url = self.of(&["users-by-email"])?;
        url.query_pairs_mut().append_pair("email", email);
        self.send(self.transport.get(&url)).await?.json()
    }

    /// What the tenant log tells of a user, newest first.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn logs_of(&self, user_id: &str) -> Result<Vec<Value>, ClientError> {
        self.send(self.transport.get(&self.of(&["users", user_id, "logs"])?)).await?.json()
    }

    /// The tenant's clients, their secrets included.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn clients(&self) -> Result<Vec<Value>, ClientError> {
        self.send(self.transport.get(&self.of(&["clients"])?)).await?.json()
    }

    /// The tenant's connections.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn connections(&self) -> Result<Vec<Value>, ClientError> {
        self.send(self.transport.get(&self.of(&["connections"])?)).await?.json()
    }

    /// Creates a connection; `connection` as the API takes it.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the connection is not acceptable.
    pub async fn create_connection(&self, connection: &Value) -> Result<Value, ClientError> {
        self.send(self.transport.post(&self.of(&["connections"])?).json(connection)).await?.json()
    }

    /// Changes a connection; `options` replace all that it has.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the change is not acceptable.
    pub async fn update_connection(&self, id: &str, change: &Value) -> Result<Value, ClientError> {
        self.send(self.transport.patch(&self.of(&["connections", id])?).json(change)).await?.json()
    }

    /// Changes a client.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the change is not acceptable.
    pub async fn update_client(&self, client_id: &str, change: &Value) -> Result<Value, ClientError> {
        self.send(self.transport.patch(&self.of(&["clients", client_id])?).json(change)).await?.json()
    }

    /// An API, by its identifier.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is none.
    pub async fn resource_server(&self, identifier: &str) -> Result<Value, ClientError> {
        self.send(self.transport.get(&self.of(&["resource-servers", identifier])?)).await?.json()
    }

    /// The keys that sign the tenant's tokens.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn signing_keys(&self) -> Result<Vec<Value>, ClientError> {
        self.send(self.transport.get(&self.of(&["keys", "signing"])?)).await?.json()
    }

    /// Has the next key sign from now on.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn rotate_signing_key(&self) -> Result<Value, ClientError> {
        self.send(self.transport.post(&self.of(&["keys", "signing", "rotate"])?)).await?.json()
    }

    /// Revokes a signing key: nothing that it signed is good any more.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is none, or it is in use.
    pub async fn revoke_signing_key(&self, kid: &str) -> Result<Value, ClientError> {
        self.send(self.transport.put(&self.of(&["keys", "signing", kid, "revoke"])?)).await?.json()
    }

    /// The newest events of the tenant log.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn logs(&self) -> Result<Vec<Value>, ClientError> {
        self.send(self.transport.get(&self.of(&["logs"])?)).await?.json()
    }

    /// Calls any operation; `path` is below `/api/v2`, a part each.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] when there is no answer. A refusal is an answer.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> Result<Answer, ClientError> {
        let request = self.transport.request(method, &self.of(path)?);
        self.send(body.iter().fold(request, RequestBuilder::json)).await
    }

    /// Creates what `path`, without the slash in front, creates.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the body is not acceptable.
    pub async fn create(&self, path: &str, body: &Value) -> Result<Value, ClientError> {
        self.send(self.transport.post(&self.below(path)?).json(body)).await?.json()
    }

    /// Creates what `path` creates under an id of one's own, as an Impostor can; the real service draws one all the same.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the body is not acceptable or the id is taken.
    pub async fn create_as(&self, path: &str, id: &str, body: &Value) -> Result<Value, ClientError> {
        self.send(self.transport.post(&self.below(path)?).header("Impostor-Id", id).json(body)).await?.json()
    }

    /// Reads what is at `path`, query included. No content is `null`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is nothing.
    pub async fn read(&self, path: &str) -> Result<Value, ClientError> {
        let answer = self.send(self.transport.get(&self.below(path)?)).await?.success()?;
        if answer.body.is_empty() { Ok(Value::Null) } else { answer.json() }
    }

    /// As [`Management::read`], of one kind.
    pub(super) async fn read_as<T: for<'de> Deserialize<'de>>(&self, path: &str) -> Result<T, ClientError> {
        self.send(self.transport.get(&self.below(path)?)).await?.json()
    }

    /// Posts a body of any type.
    pub(super) async fn post_bytes(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<Answer, ClientError> {
        let request = self.transport.post(&self.below(path)?).header("content-type", content_type).body(body);
        self.send(request).await
    }

    /// Deletes what is at `path`, query included.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn delete(&self, path: &str) -> Result<(), ClientError> {
        self.send(self.transport.delete(&self.below(path)?)).await?.success().map(drop)
    }

    fn below(&self, path: &str) -> Result<Url, ClientError> {
        address(&format!("{}{path}", self.base))
    }

    /// Any other change: its method, the parts of its path, and a body unless that is `null`. No answer is `null`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the change is not acceptable, [`ClientError::Unusable`] when there is no such method.
    pub async fn change(&self, method: &str, path: &[&str], body: &Value) -> Result<Value, ClientError> {
        let unusable = |_| ClientError::Unusable { what: "a method".to_owned(), cause: method.to_owned() };
        let request = self.transport.request(method.parse().map_err(unusable)?, &self.of(path)?);
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = self.send(request).await?.success()?;
        if answer.body.is_empty() { Ok(Value::Null) } else { answer.json() }
    }

    /// The first hundred items of a list, by the parts of its path.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn list(&self, path: &[&str]) -> Result<Vec<Value>, ClientError> {
        let mut url = self.of(path)?;
        url.query_pairs_mut().append_pair("per_page", "100");
        self.send(self.transport.get(&url)).await?.json()
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, ClientError> {
        self.transport.send(request.bearer_auth(&self.token)).await
    }

    fn of(&self, parts: &[&str]) -> Result<Url, ClientError> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        Ok(url)
    }
}
