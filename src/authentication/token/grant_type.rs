//! The grant types of the token endpoint. Source: spec/authentication-api.md §3, spec/management-api.md §13 (events).

use crate::authentication::error::OAuthError;
use crate::domain::client::Client;
use crate::http::parameters::Parameters;

/// `grant_type`. A new one is a variant; the compiler shows the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GrantType {
    AuthorizationCode,
    ClientCredentials,
    Password,
    PasswordRealm,
    PasswordlessOtp,
    RefreshToken,
    /// One of the real service's that is not built yet, with what it is.
    Other(&'static str),
}

const PASSWORD_REALM: &str = "http://auth0.com/oauth/grant-type/password-realm";

const PASSWORDLESS_OTP: &str = "http://auth0.com/oauth/grant-type/passwordless/otp";

/// Grants of the real service that are not built yet, and what each is.
const OTHERS: &[(&str, &str)] = &[
    ("urn:ietf:params:oauth:grant-type:device_code", "the device code grant"),
    ("urn:ietf:params:oauth:grant-type:token-exchange", "the token exchange grant"),
    ("urn:ietf:params:oauth:grant-type:jwt-bearer", "the JWT bearer grant"),
    ("urn:openid:params:grant-type:ciba", "the CIBA grant"),
    ("urn:okta:params:oauth:grant-type:webauthn", "the passkey grant"),
    ("http://auth0.com/oauth/grant-type/mfa-otp", "the MFA grant"),
    ("http://auth0.com/oauth/grant-type/mfa-oob", "the MFA grant"),
    ("http://auth0.com/oauth/grant-type/mfa-recovery-code", "the MFA grant"),
    (
        "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token",
        "the federated connection access token grant",
    ),
];

impl GrantType {
    /// Reads `grant_type`.
    ///
    /// # Errors
    /// [`OAuthError::MissingParameter`], [`OAuthError::UnsupportedGrantType`] for one that nobody knows.
    pub(super) fn read(parameters: &Parameters) -> Result<Self, OAuthError> {
        let text = parameters.get("grant_type").ok_or(OAuthError::MissingParameter("grant_type"))?;
        let built = [
            Self::AuthorizationCode,
            Self::ClientCredentials,
            Self::Password,
            Self::PasswordRealm,
            Self::PasswordlessOtp,
            Self::RefreshToken,
        ];
        let known = built.into_iter().find(|grant_type| grant_type.as_str() == text);
        let other = || OTHERS.iter().find(|(name, _)| *name == text).map(|&(_, what)| Self::Other(what));
        known.or_else(other).ok_or_else(|| OAuthError::UnsupportedGrantType(text.to_owned()))
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::PasswordRealm => PASSWORD_REALM,
            Self::PasswordlessOtp => PASSWORDLESS_OTP,
            Self::RefreshToken => "refresh_token",
            Self::Other(what) => what,
        }
    }

    /// Enabling `password` enables both grants with a password. What is not built says so to everybody.
    pub(super) fn is_enabled_for(self, client: &Client) -> bool {
        match self {
            Self::PasswordRealm => client.may_use(PASSWORD_REALM) || client.may_use("password"),
            Self::Other(_) => true,
            _ => client.may_use(self.as_str()),
        }
    }

    pub(super) fn success_event(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "seacft",
            Self::ClientCredentials => "seccft",
            Self::Password | Self::PasswordRealm => "sepft",
            // The real service's own code is not recorded.
            Self::PasswordlessOtp => "seotpft",
            Self::RefreshToken => "sertft",
            Self::Other(_) => "s",
        }
    }

    pub(super) fn failure_event(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "feacft",
            Self::ClientCredentials => "feccft",
            Self::Password | Self::PasswordRealm => "fepft",
            Self::PasswordlessOtp => "fepotpft",
            Self::RefreshToken => "fertft",
            Self::Other(_) => "f",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<GrantType, &str>) {
        let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("grant_type", text).finish();
        let found = GrantType::read(&Parameters::of_form(body.as_bytes()).unwrap());
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn grants_are_known_by_their_names() {
        check("client_credentials", Ok(GrantType::ClientCredentials));
        check(PASSWORD_REALM, Ok(GrantType::PasswordRealm));
        check("urn:openid:params:grant-type:ciba", Ok(GrantType::Other("the CIBA grant")));
        check("magic", Err("Unsupported grant type: magic"));
        check("", Err("Missing required parameter: grant_type"));
    }
}
