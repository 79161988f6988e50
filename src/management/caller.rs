//! Who calls: the bearer of an access token for the Management API. Source: spec/management-api.md §1 and §2.

use axum::extract::FromRequestParts;
use axum::extract::RawPathParams;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::domain::resource_server::MANAGEMENT_PATH;
use crate::domain::tokens::scope;
use crate::http::address::Address;
use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::signing_key::Algorithm;
use crate::keys::verify::TokenError;
use crate::keys::verify::check_times;
use crate::management::error::ApiError;
use crate::store::tenant::Tenant;

/// What the scopes of end users have in their names: they open a person's own account alone.
const OF_CURRENT_USER: &str = "current_user";

/// A caller whose token was verified.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// A user's id, or `CLIENT@clients`.
    subject: String,
    /// The client that got the token.
    client_id: Option<String>,
    scopes: Vec<String>,
}

impl Caller {
    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    pub(super) fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// Whether a client calls in its own name, and no user.
    pub(super) fn is_machine(&self) -> bool {
        self.subject.ends_with("@clients")
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// # Errors
    /// [`ApiError::InsufficientScope`] when none of the scopes was granted.
    pub(super) fn check_any(&self, scopes: &[&'static str]) -> Result<(), ApiError> {
        if scopes.iter().any(|scope| self.has(scope)) {
            return Ok(());
        }
        Err(ApiError::InsufficientScope(scopes.to_vec()))
    }

    /// Where one scope of several is not enough.
    ///
    /// # Errors
    /// [`ApiError::AllScopesWanted`].
    pub(super) fn check_all(&self, scopes: &'static [&'static str]) -> Result<(), ApiError> {
        if scopes.iter().all(|scope| self.has(scope)) { Ok(()) } else { Err(ApiError::AllScopesWanted(scopes)) }
    }

    /// Checks that one of an operation's scopes was granted; and where those granted are of the current user alone, that
    /// `target`, the user acted on, is the caller. No scopes are open to every valid token.
    ///
    /// # Errors
    /// [`ApiError::InsufficientScope`], [`ApiError::NotTheSubject`].
    fn check(&self, scopes: &[&'static str], target: Option<&str>) -> Result<(), ApiError> {
        if scopes.is_empty() {
            return Ok(());
        }
        self.check_any(scopes)?;
        let mut granted = scopes.iter().filter(|scope| self.has(scope));
        let own_alone = granted.all(|scope| scope.contains(OF_CURRENT_USER));
        match target {
            Some(target) if own_alone && target != self.subject => Err(ApiError::NotTheSubject),
            _ => Ok(()),
        }
    }
}

/// Lets a request through to its handler if its bearer token is good and its scopes open the operation.
pub(super) async fn guard(scopes: &'static [&'static str], request: Request, next: Next) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let tenant = Tenant::from_request_parts(&mut parts, &()).await?;
    let keyring = Keyring::from_request_parts(&mut parts, &()).await?;
    let address = Address::from_request_parts(&mut parts, &()).await?;
    let caller = authenticate(&tenant, &keyring, &address, &parts.headers).await?;
    // Where an operation is open to end users and names a user, its first parameter is that user.
    let parameters = RawPathParams::from_request_parts(&mut parts, &()).await.ok();
    let target = parameters.as_ref().and_then(|parameters| parameters.iter().next()).map(|(_, value)| value);
    caller.check(scopes, target)?;
    parts.extensions.insert(caller);
    run_to_its_end(Request::from_parts(parts, body), next).await
}

/// A client that hangs up does not leave half a change: what may write runs in a task of its own.
async fn run_to_its_end(request: Request, next: Next) -> Result<Response, ApiError> {
    if request.method().is_safe() {
        return Ok(next.run(request).await);
    }
    let handler = tokio::spawn(next.run(request));
    handler.await.map_err(|error| ApiError::Internal(Failure::new(format!("run a handler: {error}"))))
}

async fn authenticate(
    tenant: &Tenant,
    keyring: &Keyring,
    address: &Address,
    headers: &HeaderMap,
) -> Result<Caller, ApiError> {
    let token = bearer(headers)?;
    let slots = tenant.read().signing.clone();
    let claims = keyring.verify_own(token, slots.published(), Algorithm::Rs256).await.map_err(invalid)?;
    check_addresses(&claims, |issuer| address.is_also(issuer, |host| tenant.owns_host(host)))?;
    check_times(&claims, tenant.now().seconds(), 0).map_err(invalid)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let subject = text("sub").ok_or_else(|| invalid(TokenError::Malformed))?.to_owned();
    let client_id = text("azp").or(text("client_id")).map(str::to_owned);
    Ok(Caller { subject, client_id, scopes: scope::parse(text("scope").unwrap_or_default()) })
}

fn bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    let header = headers.get(AUTHORIZATION).ok_or(ApiError::MissingAuthentication)?;
    let mut words = header.to_str().map_err(|_| ApiError::BadHeader)?.split_whitespace();
    let is_bearer = words.next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    match (words.next(), words.next()) {
        (Some(token), None) if is_bearer => Ok(token),
        _ if is_bearer => Err(ApiError::BadHeader),
        _ => Err(ApiError::MissingAuthentication),
    }
}

/// Issuer and audience may be any of the addresses that the tenant answers at (design page, section 6).
fn check_addresses(claims: &Map<String, Value>, is_own: impl Fn(&str) -> bool) -> Result<(), ApiError> {
    if !claims.get("iss").and_then(Value::as_str).is_some_and(&is_own) {
        return Err(invalid(TokenError::WrongIssuer));
    }
    let audiences = match claims.get("aud") {
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    };
    if audiences.iter().any(|audience| audience.strip_suffix(MANAGEMENT_PATH).is_some_and(&is_own)) {
        return Ok(());
    }
    Err(ApiError::InvalidToken(format!("Bad audience: {}", audiences.join(","))))
}

/// The real service's words for what is wrong with a token.
fn invalid(error: TokenError) -> ApiError {
    let message = match error {
        TokenError::Expired => "Expired token received for JSON Web Token validation",
        TokenError::BadSignature | TokenError::UnknownKey => "Invalid signature received for JSON Web Token validation",
        _ => "Invalid token",
    };
    ApiError::InvalidToken(message.to_owned())
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller: Result<Self, Failure> = extension(parts);
        Ok(caller?)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn told<T: std::fmt::Debug>(result: Result<T, ApiError>) -> String {
        result.map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
    }

    #[test]
    fn the_header_holds_a_scheme_and_a_token() {
        for (header, expected) in [
            ("Bearer abc", "\"abc\""),
            ("bearer  abc", "\"abc\""),
            ("Bearer", "Bad HTTP authentication header format"),
            ("Bearer a b", "Bad HTTP authentication header format"),
            ("Basic abc", "Missing authentication"),
        ] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(header).unwrap())]);
            assert_eq!(told(bearer(&headers)), expected, "{header}");
        }
        assert_eq!(told(bearer(&HeaderMap::new())), "Missing authentication");
    }

    #[test]
    fn a_token_is_of_this_tenant_and_for_its_management_api() {
        let is_own = |issuer: &str| ["http://localhost:1/", "https://127.0.0.1:1/"].contains(&issuer);
        let check = |issuer: &str, audience: Value, expected: &str| {
            let claims = json!({ "iss": issuer, "aud": audience });
            assert_eq!(told(check_addresses(claims.as_object().unwrap(), is_own)), expected);
        };
        check("http://localhost:1/", json!("http://localhost:1/api/v2/"), "()");
        check("https://127.0.0.1:1/", json!(["http://localhost:1/userinfo", "http://localhost:1/api/v2/"]), "()");
        check("http://localhost:2/", json!("http://localhost:1/api/v2/"), "Invalid token");
        check("http://localhost:1/", json!("http://localhost:2/api/v2/"), "Bad audience: http://localhost:2/api/v2/");
        check("http://localhost:1/", json!("https://api.example/"), "Bad audience: https://api.example/");
        check("http://localhost:1/", json!(null), "Bad audience: ");
    }

    #[test]
    fn scopes_of_the_current_user_reach_no_further() {
        let caller = |scopes: &[&str]| Caller {
            subject: "auth0|1".to_owned(),
            client_id: None,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        let check = |granted: &[&str], target: &str, expected: &str| {
            let found = caller(granted).check(&["read:users", "read:current_user"], Some(target));
            assert_eq!(told(found), expected, "{granted:?} {target}");
        };
        check(&["read:current_user"], "auth0|1", "()");
        check(&["read:current_user"], "auth0|2", "User to be acted on does not match subject in bearer token.");
        check(&["read:users", "read:current_user"], "auth0|2", "()");
        check(&["read:clients"], "auth0|1", "Insufficient scope, expected any of: read:users,read:current_user");
        assert_eq!(told(caller(&[]).check(&[], Some("auth0|2"))), "()");
    }
}
