//! The claims of an access token for an API, in the API's dialect. Source: spec/tokens.md §3.

use serde_json::Map;
use serde_json::Value;

use crate::domain::claims::custom;
use crate::domain::claims::custom::Carrier;
use crate::domain::claims::scopes::Granted;
use crate::domain::resource_server::ResourceServer;
use crate::domain::tokens::organization::OrganizationClaim;
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
    pub(crate) gty: Option<Gty<'a>>,
    /// A `jti` for the dialects that have one.
    pub(crate) id: &'a str,
    /// The user's or the client's permissions at the API; told where its dialect shows them.
    pub(crate) permissions: &'a [String],
    pub(crate) organization: Option<OrganizationClaim<'a>>,
}

/// By which grant a token came, where its dialect tells; the code flow has no word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gty<'a> {
    /// `client-credentials`, `password`.
    First(&'a str),
    /// By a refresh token, which came of a grant that has a word or of one that has none (unverified).
    Refreshed(Option<&'a str>),
}

impl Gty<'_> {
    fn to_claim(self) -> Value {
        match self {
            Self::First(grant) => grant.into(),
            Self::Refreshed(None) => "refresh_token".into(),
            Self::Refreshed(Some(grant)) => vec!["refresh_token", grant].into(),
        }
    }
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

/// All claims of an access token: the custom ones that `granted` lets through, then what no code can change. With
/// `openid` and RS256 its audience has `/userinfo` beside the API.
pub(crate) fn claims(
    token: &AccessToken<'_>,
    api: &ResourceServer,
    granted: Granted<'_>,
    custom: &Map<String, Value>,
) -> Map<String, Value> {
    let with_userinfo = token.scope.iter().any(|scope| scope == "openid") && api.signing_alg == "RS256";
    let userinfo = || format!("{}userinfo", token.issuer);
    let audience =
        if with_userinfo { vec![token.audience.to_owned(), userinfo()].into() } else { Value::from(token.audience) };
    let mut claims = Map::new();
    custom::add(&mut claims, custom, granted, if api.is_system { Carrier::ServiceApi } else { Carrier::Any });
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
            put("gty", gty.to_claim());
        }
        put("azp", token.client_id.into());
    }
    if shows_permissions(api) {
        put("permissions", token.permissions.to_vec().into());
    }
    if let Some(organization) = token.organization {
        organization.put(&mut claims);
    }
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const API: &str = "https://api.acme.example/";

    #[derive(Default)]
    struct Case {
        api: Value,
        scope: &'static [&'static str],
        gty: Option<Gty<'static>>,
        custom: Value,
    }

    fn found(case: Case) -> Map<String, Value> {
        let mut api = json!({ "id": "1", "identifier": API });
        for (name, value) in case.api.as_object().into_iter().flatten() {
            api[name] = value.clone();
        }
        let scope: Vec<String> = case.scope.iter().map(|scope| (*scope).to_owned()).collect();
        let token = AccessToken {
            issuer: "https://localhost/",
            subject: "auth0|1",
            audience: API,
            client_id: "acme-web",
            scope: &scope,
            now: Timestamp::from_seconds(100),
            lifetime_seconds: 60,
            gty: case.gty,
            id: "j",
            permissions: &["read:orders".to_owned()],
            organization: None,
        };
        let client = serde_json::from_value(json!({ "client_id": "acme-web" })).unwrap();
        let custom = case.custom.as_object().cloned().unwrap_or_default();
        claims(&token, &serde_json::from_value(api).unwrap(), Granted::to(&client, &scope), &custom)
    }

    #[track_caller]
    fn check(case: Case, expected: Value) {
        let mut expected = expected;
        let always = json!({ "iss": "https://localhost/", "sub": "auth0|1", "iat": 100, "exp": 160 });
        for (name, value) in always.as_object().unwrap() {
            expected[name] = value.clone();
        }
        assert_eq!(Value::from(found(case)), expected);
    }

    #[test]
    fn the_audience_has_userinfo_where_openid_meets_rs256() {
        let with_alg = |alg: &str| Case { api: json!({ "signing_alg": alg }), scope: &["openid"], ..Case::default() };
        let both = json!([API, "https://localhost/userinfo"]);
        check(with_alg("RS256"), json!({ "aud": both, "scope": "openid", "azp": "acme-web" }));
        for alg in ["HS256", "PS256"] {
            check(with_alg(alg), json!({ "aud": API, "scope": "openid", "azp": "acme-web" }));
        }
        let without = Case { scope: &["read:orders"], ..Case::default() };
        check(without, json!({ "aud": API, "scope": "read:orders", "azp": "acme-web" }));
    }

    #[test]
    fn dialects_differ_as_the_table_says() {
        let rows = [
            ("access_token", true, json!({ "azp": "acme-web", "gty": "password" })),
            ("access_token_authz", false, json!({ "azp": "acme-web", "gty": "password" })),
            (
                "access_token_authz",
                true,
                json!({ "azp": "acme-web", "gty": "password", "permissions": ["read:orders"] }),
            ),
            ("rfc9068_profile", true, json!({ "client_id": "acme-web", "jti": "j" })),
            ("rfc9068_profile_authz", false, json!({ "client_id": "acme-web", "jti": "j" })),
            (
                "rfc9068_profile_authz",
                true,
                json!({ "client_id": "acme-web", "jti": "j", "permissions": ["read:orders"] }),
            ),
        ];
        for (dialect, rbac, mut expected) in rows {
            let api = json!({ "token_dialect": dialect, "enforce_policies": rbac });
            expected["aud"] = json!(API);
            check(Case { api, gty: Some(Gty::First("password")), ..Case::default() }, expected);
        }
    }

    #[test]
    fn a_refreshed_token_tells_what_it_first_came_of() {
        let gty = |gty| found(Case { gty: Some(gty), ..Case::default() })["gty"].clone();
        assert_eq!(gty(Gty::Refreshed(None)), "refresh_token");
        assert_eq!(gty(Gty::Refreshed(Some("password"))), json!(["refresh_token", "password"]));
    }

    #[test]
    fn custom_claims_are_added_but_for_private_names_at_the_services_own_api() {
        let custom = || json!({ "plan": "gold", "https://acme.example/x": 1, "email": "a@example.com", "azp": "evil" });
        let own = found(Case { custom: custom(), scope: &["email"], ..Case::default() });
        assert_eq!(
            (&own["plan"], &own["email"], &own["azp"]),
            (&json!("gold"), &json!("a@example.com"), &json!("acme-web"))
        );
        let system = found(Case { custom: custom(), api: json!({ "is_system": true }), ..Case::default() });
        assert_eq!(system.keys().take(2).collect::<Vec<_>>(), ["https://acme.example/x", "iss"]);
    }
}
