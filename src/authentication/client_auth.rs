//! Client authentication: `client_secret_post`, `client_secret_basic`, `none`.
//! Source: RFC 6749 §2.3, spec/authentication-api.md §1.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::authentication::error::OAuthError;
use crate::domain::client::Client;
use crate::http::parameters::Parameters;
use crate::keys::digest;
use crate::store::state::TenantState;

/// A client that said who it is.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) client: Arc<Client>,
    /// It showed its secret. A public client has none to show, another may hold a code verifier instead.
    pub(crate) authenticated: bool,
}

/// What a request says of its client.
struct Shown<'a> {
    id: &'a str,
    /// As it came, and form-decoded: RFC 6749 §2.3.1 wants Basic's halves encoded, most clients send them plain.
    secrets: Vec<String>,
    by_header: bool,
}

impl Caller {
    /// Finds the client and checks its secret, if it shows one.
    ///
    /// # Errors
    /// [`OAuthError::Unauthorized`] for an unknown client, a wrong secret, a malformed header, and a body that
    /// names another client or secret than the header; [`OAuthError::NotBuilt`] for other ways to authenticate.
    pub(crate) fn identify(
        state: &TenantState,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<Self, OAuthError> {
        if parameters.get("client_assertion").is_some() || parameters.get("client_assertion_type").is_some() {
            return Err(OAuthError::NotBuilt("private_key_jwt"));
        }
        let basic = basic(headers);
        let unauthorized = OAuthError::Unauthorized { by_header: basic.is_some() };
        let Ok(basic) = basic.transpose() else { return Err(unauthorized) };
        let Some(shown) = shown(basic.as_ref(), parameters) else { return Err(unauthorized) };
        let Some(client) = state.client(shown.id) else { return Err(unauthorized) };
        if shown.secrets.is_empty() || client.is_public() {
            return Ok(Self { client: Arc::clone(client), authenticated: false });
        }
        let own = client.client_secret.as_deref().unwrap_or_default();
        let is_right = |secret: &String| digest::constant_time_eq(secret.as_bytes(), own.as_bytes());
        if own.is_empty() || !shown.secrets.iter().any(is_right) {
            return Err(OAuthError::Unauthorized { by_header: shown.by_header });
        }
        Ok(Self { client: Arc::clone(client), authenticated: true })
    }

    /// Refuses a client that has a secret and did not show it.
    ///
    /// # Errors
    /// [`OAuthError::Unauthorized`].
    pub(crate) fn check_authenticated(&self) -> Result<(), OAuthError> {
        if self.authenticated || self.client.is_public() {
            return Ok(());
        }
        Err(OAuthError::Unauthorized { by_header: false })
    }
}

/// The two halves of a `Basic` header, if there is one.
fn basic(headers: &HeaderMap) -> Option<Result<(String, String), Malformed>> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let read = || {
        let decoded = String::from_utf8(digest::from_base64(encoded.trim())?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        Some((form_decoded(id), secret.to_owned()))
    };
    scheme.eq_ignore_ascii_case("basic").then(|| read().ok_or(Malformed))
}

/// A header that says `Basic` and isn't.
struct Malformed;

/// Brings header and body together; `None` when they disagree or no client is named.
fn shown<'a>(basic: Option<&'a (String, String)>, parameters: &'a Parameters) -> Option<Shown<'a>> {
    let (id, secret) = (parameters.get("client_id"), parameters.get("client_secret"));
    let Some((basic_id, basic_secret)) = basic else {
        return Some(Shown { id: id?, secrets: secret.map(str::to_owned).into_iter().collect(), by_header: false });
    };
    let secrets = vec![basic_secret.clone(), form_decoded(basic_secret)];
    let same_id = id.is_none_or(|id| id == basic_id);
    let same_secret = secret.is_none_or(|secret| secrets.iter().any(|basic| basic == secret));
    (same_id && same_secret).then_some(Shown { id: basic_id, secrets, by_header: true })
}

fn form_decoded(text: &str) -> String {
    // As the value of a form's one field, which is how RFC 6749 §2.3.1 says it.
    let field = format!("v={}", text.replace('&', "%26"));
    url::form_urlencoded::parse(field.as_bytes()).map(|(_, value)| value.into_owned()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    const SECRET: &str = "a+b%2F&c=d";

    fn state() -> TenantState {
        let mut state = TenantState::default();
        for (id, method) in [("web", None), ("spa", Some("none"))] {
            let client = json!({
                "client_id": id, "client_secret": SECRET, "token_endpoint_auth_method": method
            });
            state.clients.put(id.into(), serde_json::from_value(client).unwrap());
        }
        state
    }

    fn identify(basic: Option<&str>, body: &[(&str, &str)]) -> Result<bool, String> {
        let mut headers = HeaderMap::new();
        if let Some(pair) = basic {
            let value = format!("Basic {}", digest::base64(pair.as_bytes()));
            headers.insert(AUTHORIZATION, HeaderValue::try_from(value).unwrap());
        }
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(body).finish();
        let caller = Caller::identify(&state(), &headers, &Parameters::of_form(body.as_bytes()).unwrap());
        caller.map(|caller| caller.authenticated).map_err(|error| error.to_string())
    }

    #[test]
    fn a_secret_is_taken_from_body_or_header_plain_or_encoded() {
        assert_eq!(identify(None, &[("client_id", "web"), ("client_secret", SECRET)]), Ok(true));
        assert_eq!(identify(Some("web:a+b%2F&c=d"), &[]), Ok(true));
        assert_eq!(identify(Some("web:a%2Bb%252F%26c%3Dd"), &[("client_id", "web")]), Ok(true));
    }

    #[test]
    fn a_wrong_secret_or_client_is_refused() {
        let unauthorized = Err("Unauthorized".to_owned());
        assert_eq!(identify(None, &[("client_id", "web"), ("client_secret", "no")]), unauthorized);
        assert_eq!(identify(None, &[("client_id", "nobody"), ("client_secret", SECRET)]), unauthorized);
        assert_eq!(identify(Some("web:no"), &[]), unauthorized);
        assert_eq!(identify(Some("no colon"), &[]), unauthorized);
        assert_eq!(identify(None, &[]), unauthorized);
    }

    #[test]
    fn body_and_header_must_agree() {
        let unauthorized = Err("Unauthorized".to_owned());
        assert_eq!(identify(Some("web:a+b%2F&c=d"), &[("client_id", "spa")]), unauthorized);
        assert_eq!(identify(Some("web:a+b%2F&c=d"), &[("client_secret", "no")]), unauthorized);
    }

    #[test]
    fn a_public_client_shows_nothing() {
        assert_eq!(identify(None, &[("client_id", "spa")]), Ok(false));
        assert_eq!(identify(None, &[("client_id", "spa"), ("client_secret", "whatever")]), Ok(false));
    }
}
