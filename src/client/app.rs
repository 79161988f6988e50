//! An app that signs people in: a relying party as any SDK makes one. Source: spec/authentication-api.md §2, §3.

use crate::client::callback::Callback;
use crate::client::error::ClientError;
use crate::client::jwt::{Jwt, verify};
use crate::client::login::{Login, s256};
use crate::client::tokens::Tokens;
use crate::client::transport::{Transport, address, below};
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Map, Value, json};
use url::Url;

/// An app, registered as a client of the tenant.
#[derive(Debug, Clone)]
pub struct App {
    transport: Transport,
    base: Url,
    /// The tenant's issuer, with the trailing slash.
    pub issuer: String,
    /// Its `client_id`.
    pub client_id: String,
    /// Its secret; none for an app that can't keep one.
    pub client_secret: Option<String>,
    /// Its callback.
    pub redirect_uri: String,
    logins: u32,
}

impl App {
    /// An app that knows the tenant by its issuer.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when the issuer is no address.
    pub fn new(
        transport: Transport,
        issuer: &str,
        client_id: &str,
        client_secret: Option<String>,
        redirect_uri: &str,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            transport,
            base: address(issuer)?,
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret,
            redirect_uri: redirect_uri.to_owned(),
            logins: 0,
        })
    }

    /// Begins a login by code flow with PKCE. `extra` replaces a parameter of the same name; an empty value leaves the
    /// parameter out.
    ///
    /// State, nonce and verifier are counted up, not drawn: two runs of a test send the same.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when the address can't be made.
    pub fn begin_login(&mut self, extra: &[(String, String)]) -> Result<Login, ClientError> {
        self.logins += 1;
        let verifier = format!("a-verifier-as-long-as-the-standard-wants-one-{:06}", self.logins);
        let mut parameters = vec![
            ("response_type".to_owned(), "code".to_owned()),
            ("client_id".to_owned(), self.client_id.clone()),
            ("redirect_uri".to_owned(), self.redirect_uri.clone()),
            ("scope".to_owned(), "openid profile email".to_owned()),
            ("state".to_owned(), format!("state-{}", self.logins)),
            ("nonce".to_owned(), format!("nonce-{}", self.logins)),
            ("code_challenge".to_owned(), s256(&verifier)),
            ("code_challenge_method".to_owned(), "S256".to_owned()),
        ];
        for (name, value) in extra {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push((name.clone(), value.clone()));
            }
        }
        let mut url = below(&self.base, "/authorize")?;
        url.query_pairs_mut().extend_pairs(&parameters);
        Ok(Login { url: url.into(), parameters, verifier })
    }

    /// Exchanges the code of a callback.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the token endpoint refuses it, [`ClientError::InvalidToken`] when the callback
    /// has no code or answers another login than `login`.
    pub async fn redeem(&self, login: &Login, callback: &Callback) -> Result<Tokens, ClientError> {
        if callback.get("state") != login.get("state") {
            return Err(ClientError::InvalidToken(format!(
                "the state of {callback:?} is not {:?}",
                login.get("state")
            )));
        }
        let missing = || ClientError::InvalidToken(format!("no code in {:?}", callback.parameters));
        let code = callback.get("code").ok_or_else(missing)?;
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &login.verifier),
        ];
        self.token(&grant).await
    }

    /// Exchanges a refresh token.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the token endpoint refuses it.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, ClientError> {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Exchanges a refresh token for what fewer scopes open.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the token endpoint refuses it.
    pub async fn refresh_for(&self, refresh_token: &str, scope: &str) -> Result<Tokens, ClientError> {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("scope", scope)]).await
    }

    /// Gives a refresh token up (RFC 7009).
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the app is not known.
    pub async fn revoke(&self, refresh_token: &str) -> Result<(), ClientError> {
        let mut form = vec![("token", refresh_token), ("client_id", &self.client_id)];
        form.extend(self.client_secret.as_deref().map(|secret| ("client_secret", secret)));
        let request = self.transport.post(&below(&self.base, "/oauth/revoke")?).form(&form);
        self.transport.send(request).await?.success().map(drop)
    }

    /// Asks the token endpoint with any grant; the client's id and secret are added.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the token endpoint refuses.
    pub async fn token(&self, grant: &[(&str, &str)]) -> Result<Tokens, ClientError> {
        let mut form: Vec<(&str, &str)> = grant.to_vec();
        form.push(("client_id", &self.client_id));
        if let Some(secret) = &self.client_secret {
            form.push(("client_secret", secret));
        }
        let request = self.transport.post(&below(&self.base, "/oauth/token")?).form(&form);
        self.transport.send(request).await?.json()
    }

    /// Asks `/userinfo`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when it does not take the token.
    pub async fn userinfo(&self, access_token: &str) -> Result<Map<String, Value>, ClientError> {
        let request = self.transport.get(&below(&self.base, "/userinfo")?).bearer_auth(access_token);
        self.transport.send(request).await?.json()
    }

    /// Asks for a mail with which somebody can choose another password; gives what is answered.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the call lacks something.
    pub async fn change_password(&self, connection: &str, email: &str) -> Result<String, ClientError> {
        let body = json!({ "client_id": self.client_id, "connection": connection, "email": email });
        let request = self.transport.post(&below(&self.base, "/dbconnections/change_password")?).json(&body);
        Ok(self.transport.send(request).await?.success()?.body)
    }

    /// Has a code or a link sent (`send` is `code` or `link`) that signs in to a passwordless connection. A link comes back
    /// to `/authorize` with the parameters. Gives what is answered.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the connection doesn't take the address.
    pub async fn start_passwordless(
        &self,
        connection: &str,
        address: &str,
        send: &str,
        parameters: &Value,
    ) -> Result<Map<String, Value>, ClientError> {
        let known_by = if address.starts_with('+') { "phone_number" } else { "email" };
        let mut body =
            json!({ "client_id": self.client_id, "connection": connection, "send": send, "authParams": parameters });
        if let Some(body) = body.as_object_mut() {
            body.insert(known_by.to_owned(), address.into());
            body.extend(self.client_secret.clone().map(|secret| ("client_secret".to_owned(), secret.into())));
        }
        let request = self.transport.post(&below(&self.base, "/passwordless/start")?).json(&body);
        self.transport.send(request).await?.json()
    }

    /// Checks a token's signature and issuer with the tenant's published keys, or with the app's secret.
    ///
    /// # Errors
    /// [`ClientError::InvalidToken`] when it is not the tenant's.
    pub async fn verify(&self, token: &str) -> Result<Jwt, ClientError> {
        self.verify_with(token, self.client_secret.as_deref()).await
    }

    /// The same with another secret than the app's: that of an API whose tokens are signed with it.
    ///
    /// # Errors
    /// As [`App::verify`].
    pub async fn verify_with(&self, token: &str, secret: Option<&str>) -> Result<Jwt, ClientError> {
        verify(token, &self.keys().await?, secret, &self.issuer)
    }

    /// The tenant's published keys.
    ///
    /// # Errors
    /// [`ClientError::Unreadable`] when it is no key set.
    pub async fn keys(&self) -> Result<JwkSet, ClientError> {
        let request = self.transport.get(&below(&self.base, "/.well-known/jwks.json")?);
        self.transport.send(request).await?.json()
    }

    /// Checks an ID token as an SDK does, its times excepted: signature, issuer, audience and nonce.
    ///
    /// # Errors
    /// [`ClientError::InvalidToken`] when it is not for this app and this login.
    pub async fn verify_id_token(&self, token: &str, login: Option<&Login>) -> Result<Jwt, ClientError> {
        let jwt = self.verify(token).await?;
        let expected = login.map_or(jwt.claims.get("nonce").and_then(Value::as_str), |login| login.get("nonce"));
        for (claim, expected) in [("aud", Some(self.client_id.as_str())), ("nonce", expected)] {
            let found = jwt.claims.get(claim).and_then(Value::as_str);
            if found != expected {
                return Err(ClientError::InvalidToken(format!("{claim} is {found:?} and not {expected:?}")));
            }
        }
        Ok(jwt)
    }

    /// Where a person is sent to be signed out.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when the address can't be made.
    pub fn logout(&self, return_to: &str) -> Result<String, ClientError> {
        let mut url = below(&self.base, "/v2/logout")?;
        url.query_pairs_mut().append_pair("client_id", &self.client_id).append_pair("returnTo", return_to);
        Ok(url.into())
    }

    /// Where a person is sent to be signed out as OpenID Connect has it; with these parameters and no others.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when the address can't be made.
    pub fn oidc_logout(&self, parameters: &[(String, String)]) -> Result<String, ClientError> {
        let mut url = below(&self.base, "/oidc/logout")?;
        url.query_pairs_mut().extend_pairs(parameters);
        Ok(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_leaves_a_parameter_out() {
        let transport = Transport::new().unwrap();
        let mut app = App::new(transport, "http://localhost:4480/", "acme-web", None, "http://localhost:1/cb").unwrap();
        let login = app.begin_login(&[("nonce".into(), String::new()), ("scope".into(), "openid".into())]).unwrap();
        assert_eq!(login.get("nonce"), None);
        assert_eq!(login.get("scope"), Some("openid"));
        assert_eq!(login.get("state"), Some("state-1"));
    }
}
