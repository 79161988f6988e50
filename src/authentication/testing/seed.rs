//! What the tests' tenant knows.

use serde_json::Value;
use serde_json::json;

use crate::authentication::testing::API;
use crate::authentication::testing::NOW;
use crate::domain::password::Password;
use crate::domain::profile::database::NewUser;
use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::tenant::OwnSettings;
use crate::domain::tenant::TenantSettings;
use crate::store::state::TenantState;
use crate::time::Timestamp;

/// A client of every kind, an API, a database and Google, and `ana@people.example` with the password `Passw0rd!ana`.
pub(super) fn state() -> TenantState {
    let mut state = TenantState::default();
    let from = |value: Value| serde_json::from_value(value).unwrap();
    let rotating = json!({ "rotation_type": "rotating", "expiration_type": "expiring", "leeway": 0 });
    let grants = json!(["authorization_code", "implicit", "refresh_token", "client_credentials", "password"]);
    for (id, app_type, method) in
        [("web", "regular_web", None), ("spa", "spa", Some("none")), ("machine", "non_interactive", None)]
    {
        let client = json!({
            "client_id": id, "name": id, "client_secret": format!("{id}-secret"), "app_type": app_type,
            "token_endpoint_auth_method": method, "grant_types": grants, "callbacks": ["https://app.example/cb", "http://localhost:*/*"],
            "web_origins": ["https://app.example"], "allowed_logout_urls": ["https://app.example/bye"],
            "refresh_token": if id == "spa" { rotating.clone() } else { json!({}) }, "jwt_configuration": { "alg": "RS256" }
        });
        state.clients.put(id.into(), from(client));
    }
    let everybody = json!(["web", "spa", "machine"]);
    for (id, name, strategy) in [("con_1", "db", "auth0"), ("con_2", "google-oauth2", "google-oauth2")] {
        let connection = json!({ "id": id, "name": name, "strategy": strategy, "enabled_clients": everybody });
        state.connections.put(id.into(), serde_json::from_value(connection).unwrap());
    }
    let connection = state.connection_named("db").unwrap().clone();
    let ana = NewUser {
        email: Some("ana@people.example".to_owned()),
        password: Some(Password::Plain("Passw0rd!ana".into())),
        ..NewUser::default()
    };
    state.users.put(ana.into_user(&connection, "ana", Timestamp::from_seconds(NOW - 1000))).unwrap();
    state.own = OwnSettings { skip_consent_on_loopback: true, ..OwnSettings::default() }.into();
    let mut settings = TenantSettings { default_directory: Some("db".to_owned()), ..TenantSettings::default() };
    settings.allowed_logout_urls = vec!["https://tenant.example/bye".to_owned()];
    state.settings = settings.into();
    let scopes = json!([{ "value": "read:orders" }, { "value": "write:orders" }]);
    let api = json!({ "id": "1", "identifier": API, "scopes": scopes, "allow_offline_access": true,
        "skip_consent_for_verifiable_first_party_clients": true });
    state.resource_servers.put("1".into(), serde_json::from_value(api).unwrap());
    let system = json!({ "id": "2", "identifier": MANAGEMENT_IDENTIFIER, "is_system": true, "scopes": [{ "value": "read:users" }] });
    state.resource_servers.put("2".into(), serde_json::from_value(system).unwrap());
    for (id, audience, scope) in [("g1", API, "read:orders"), ("g2", MANAGEMENT_IDENTIFIER, "read:users")] {
        let grant = json!({ "id": id, "client_id": "machine", "audience": audience, "scope": [scope] });
        state.client_grants.put(id.into(), serde_json::from_value(grant).unwrap());
    }
    state
}
