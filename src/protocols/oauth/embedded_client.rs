//! The client that a connection without credentials of its own is at the embedded fakes (design page, section 7).
//! Both sides read it here: neither knows the other.

/// Its id at the fake Google.
pub(crate) const GOOGLE_ID: &str = "100000000000-impostor.apps.googleusercontent.com";

/// Its id at the fake Facebook, where ids are numbers.
pub(crate) const FACEBOOK_ID: &str = "1000000000000001";

/// Its id at the fake GitHub.
pub(crate) const GITHUB_ID: &str = "Ov23limpostorembedded";

/// Its id at the fake LinkedIn.
pub(crate) const LINKEDIN_ID: &str = "77impostorembd";

/// Its id at the fake Microsoft, where ids are GUIDs.
pub(crate) const MICROSOFT_ID: &str = "00000000-4c1e-4b00-8000-000000004480";

/// Its id at the fake generic OpenID provider.
pub(crate) const OIDC_ID: &str = "impostor-oidc-client";

/// Its id at the fake Apple: a Services ID.
pub(crate) const APPLE_ID: &str = "example.impostor.sign-in";

/// Its secret everywhere.
pub(crate) const SECRET: &str = "embedded-secret-for-local-tests-only";

pub(crate) fn is_known(id: &str) -> bool {
    [APPLE_ID, GOOGLE_ID, FACEBOOK_ID, GITHUB_ID, LINKEDIN_ID, MICROSOFT_ID, OIDC_ID].contains(&id)
}
