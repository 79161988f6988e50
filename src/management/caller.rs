//! Who calls: the bearer of an access token for the Management API. Source: spec/management-api.md §1 and §2.

use axum::extract::FromRequestParts;
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::UserId;
use crate::domain::resource_server::MANAGEMENT_PATH;
use crate::http::address::Address;
use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::signing_key::Algorithm;
use crate::keys::verify::TokenError;
use crate::keys::verify::check_times;
use crate::management::error::ApiError;
use crate::store::tenant::Tenant;

/// A caller whose token was verified.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    subject: UserId,
    scopes: Vec<String>,
}

impl Caller {
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// Lets an end user act on themselves alone. Who has a scope for all users may act on any.
    ///
    /// # Errors
    /// [`ApiError::NotTheSubject`].
    pub(super) fn may_act_on(&self, user: &UserId) -> Result<(), ApiError> {
        let is_user = !self.subject.as_str().ends_with("@clients");
        if is_user && self.subject != *user { Err(ApiError::NotTheSubject) } else { Ok(()) }
    }

    /// Whether only what end users may do with themselves is open to the caller.
    pub(super) fn is_limited_to(&self, current_user_scope: &str, all_users_scope: &str) -> bool {
        self.has(current_user_scope) && !self.has(all_users_scope)
    }
}

/// Lets a request through to its handler if its bearer token is good and has one of the scopes.
pub(super) async fn guard(
    scopes: &'static [&'static str],
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let tenant = Tenant::from_request_parts(&mut parts, &()).await?;
    let keyring = Keyring::from_request_parts(&mut parts, &()).await?;
    let address = Address::from_request_parts(&mut parts, &()).await?;
    let caller = authenticate(&tenant, &keyring, &address, &parts).await?;
    if !scopes.is_empty() && !scopes.iter().any(|scope| caller.has(scope)) {
        return Err(ApiError::InsufficientScope(scopes.iter().map(|scope| (*scope).to_owned()).collect()));
    }
    request = Request::from_parts(parts, body);
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

async fn authenticate(
    tenant: &Tenant,
    keyring: &Keyring,
    address: &Address,
    parts: &Parts,
) -> Result<Caller, ApiError> {
    let header = parts.headers.get(AUTHORIZATION).ok_or(ApiError::MissingAuthentication)?;
    let token = header.to_str().ok().and_then(|value| value.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let token = token.ok_or(ApiError::MissingAuthentication)?;
    let state = tenant.read();
    let claims = keyring.verify_own(token, state.signing.published(), Algorithm::Rs256).await.map_err(invalid)?;
    check_times(&claims, tenant.now().seconds(), 0).map_err(invalid)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let owns = |base: &str| address.is_also(base, |host| tenant.owns_host(host));
    if !text("iss").is_some_and(owns) {
        return Err(invalid(TokenError::WrongIssuer));
    }
    check_audience(&claims, owns)?;
    let subject = text("sub").ok_or_else(|| invalid(TokenError::Malformed))?;
    let scopes = text("scope").unwrap_or_default().split(' ').map(str::to_owned).collect();
    Ok(Caller { subject: subject.into(), scopes })
}

/// The Management API goes by every address that the tenant answers at.
fn check_audience(claims: &Map<String, Value>, owns: impl Fn(&str) -> bool) -> Result<(), ApiError> {
    let several = match claims.get("aud") {
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    };
    if several.iter().any(|audience| audience.strip_suffix(MANAGEMENT_PATH).is_some_and(&owns)) {
        return Ok(());
    }
    Err(ApiError::InvalidToken(format!("Bad audience: {}", several.join(","))))
}

/// The real service's words for what is wrong with a token.
fn invalid(error: TokenError) -> ApiError {
    let message = match error {
        TokenError::Expired => "Expired token received for JSON Web Token validation",
        TokenError::BadSignature => "Invalid signature received for JSON Web Token validation",
        _ => "Invalid token",
    };
    ApiError::InvalidToken(message.to_owned())
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        extension(parts)
    }
}
