//! The names that `provider` may have in bodies and paths. Source: reference/management-api.json (`UserIdentityProviderEnum`).

use crate::domain::strategy::Strategy;
use crate::management::error::ApiError;

/// All that the real service knows. Not each of them can be a connection here.
#[rustfmt::skip]
pub(super) const PROVIDERS: &[&str] = &[
    "ad", "adfs", "amazon", "apple", "dropbox", "bitbucket",
    "auth0-oidc", "auth0", "baidu", "bitly", "box", "custom",
    "daccount", "dwolla", "email", "evernote-sandbox", "evernote", "exact",
    "facebook", "fitbit", "github", "google-apps", "google-oauth2", "instagram",
    "ip", "line", "linkedin", "oauth1", "oauth2", "office365",
    "oidc", "okta", "paypal", "paypal-sandbox", "pingfederate", "planningcenter",
    "salesforce-community", "salesforce-sandbox", "salesforce", "samlp", "sharepoint", "shopify",
    "shop", "sms", "soundcloud", "thirtysevensignals", "twitter", "untappd",
    "vkontakte", "waad", "weibo", "windowslive", "wordpress", "yahoo",
    "yandex",
];

/// The provider that a path names; none for one that no identity here can have.
///
/// # Errors
/// [`ApiError::InvalidPath`] when the real service knows none of that name.
pub(super) fn in_path(name: &str) -> Result<Option<Strategy>, ApiError> {
    if PROVIDERS.contains(&name) {
        return Ok(Strategy::of(name));
    }
    Err(ApiError::InvalidPath { problem: format!("No enum match for: {name}"), property: "provider" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_provider_that_there_is() {
        assert_eq!(in_path("auth0").unwrap(), Some(Strategy::AUTH0));
        assert_eq!(in_path("paypal").unwrap(), None);
        let refused = in_path("myspace").unwrap_err().to_string();
        assert_eq!(refused, "Path validation error: 'No enum match for: myspace' on property provider.");
    }

    #[test]
    fn every_strategy_is_one_of_them() {
        let missing: Vec<_> = Strategy::names().filter(|name| !PROVIDERS.contains(name)).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
