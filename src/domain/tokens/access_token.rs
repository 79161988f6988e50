//! The claims of an access token for an API, in the API's dialect. Source: spec/tokens.md §3.

use serde_json::Map;
use serde_json::Value;

use crate::domain::resource_server::ResourceServer;
use crate::time::Timestamp;

/// What an access token says.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken<'a> {
    pub(crate) issuer: &'a str,
    /// A user, or `CLIENT_ID@clients`.
    pub(crate) subject: &'a str,
    /// The API's identifier as the client wrote it.
    pub(crate) audience: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) scope: &'a [String],
    pub(crate) now: Timestamp,
    pub(crate) lifetime_seconds: i64,
    /// `client-credentials`, `password`, …; none for the code flow.
    pub(crate) gty: Option<&'a str>,
    /// A `jti` for the dialects that have one.
    pub(crate) id: &'a str,
    /// The user's or the client's permissions at the API; told where its dialect shows them.
    pub(crate) permissions: &'a [String],
}

/// The token's `typ` header: `at+jwt` in the dialects of RFC 9068.
pub(crate) fn typ(api: &ResourceServer) -> &'static str {
    if is_rfc9068(api) { "at+jwt" } else { "JWT" }
}

/// Whether the dialect carries `permissions`; only with RBAC switched on.
pub(crate) fn shows_permissions(api: &ResourceServer) -> bool {
    api.enforce_policies && api.token_dialect.ends_with("_authz")
}

fn is_rfc9068(api: &ResourceServer) -> bool {
    api.token_dialect.starts_with("rfc9068_profile")
}

/// All claims of an access token. With `openid` and RS256 its audience has `/userinfo` beside the API.
pub(crate) fn claims(token: &AccessToken<'_>, api: &ResourceServer) -> Map<String, Value> {
    let with_userinfo = token.scope.iter().any(|scope| scope == "openid") && api.signing_alg == "RS256";
    let userinfo = || format!("{}userinfo", token.issuer);
    let audience =
        if with_userinfo { vec![token.audience.to_owned(), userinfo()].into() } else { Value::from(token.audience) };
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    put("iss", token.issuer.into());
    put("sub", token.subject.into());
    put("aud", audience);
    put("iat", token.now.seconds().into());
    put("exp", token.now.seconds().saturating_add(token.lifetime_seconds).into());
    if !token.scope.is_empty() {
        put("scope", token.scope.join(" ").into());
    }
    if is_rfc9068(api) {
        put("jti", token.id.into());
        put("client_id", token.client_id.into());
    } else {
        if let Some(gty) = token.gty {
            put("gty", gty.into());
        }
        put("azp", token.client_id.into());
    }
    if shows_permissions(api) {
        put("permissions", token.permissions.to_vec().into());
    }
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(api: Value, scope: &[&str], gty: Option<&str>, expected: Value) {
        let mut api = api;
        api["id"] = json!("1");
        api["identifier"] = json!("https://api.acme.example/");
        let scope: Vec<String> = scope.iter().map(|scope| (*scope).to_owned()).collect();
        let token = AccessToken {
            issuer: "https://localhost/",
            subject: "auth0|1",
            audience: "https://api.acme.example/",
            client_id: "acme-web",
            scope: &scope,
            now: Timestamp::from_seconds(100),
            lifetime_seconds: 60,
            gty,
            id: "j",
            permissions: &["read:orders".to_owned()],
        };
        let mut expected = expected;
        for (name, value) in
            json!({ "iss": "https://localhost/", "sub": "auth0|1", "iat": 100, "exp": 160 }).as_object().unwrap()
        {
            expected[name] = value.clone();
        }
        assert_eq!(Value::from(claims(&token, &serde_json::from_value(api).unwrap())), expected);
    }

    #[test]
    fn dialects_differ_as_the_table_says() {
        let api = "https://api.acme.example/";
        check(json!({}), &["read:orders"], None, json!({ "aud": api, "scope": "read:orders", "azp": "acme-web" }));
        check(json!({}), &[], Some("password"), json!({ "aud": api, "gty": "password", "azp": "acme-web" }));
        check(
            json!({}),
            &["openid"],
            None,
            json!({ "aud": [api, "https://localhost/userinfo"], "scope": "openid", "azp": "acme-web" }),
        );
        check(
            json!({ "signing_alg": "HS256" }),
            &["openid"],
            None,
            json!({ "aud": api, "scope": "openid", "azp": "acme-web" }),
        );
        check(
            json!({ "token_dialect": "rfc9068_profile", "enforce_policies": true }),
            &[],
            Some("password"),
            json!({ "aud": api, "jti": "j", "client_id": "acme-web" }),
        );
        check(
            json!({ "token_dialect": "access_token_authz", "enforce_policies": true }),
            &[],
            None,
            json!({ "aud": api, "azp": "acme-web", "permissions": ["read:orders"] }),
        );
        check(json!({ "token_dialect": "access_token_authz" }), &[], None, json!({ "aud": api, "azp": "acme-web" }));
    }
}
