//! The Management API as it is on the wire: any call with any token, and what exactly is answered.

use reqwest::Method;
use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, send};

/// The Management API of a tenant, with a token in hand.
pub(crate) struct Api {
    tenant: Tenant,
    pub(crate) token: String,
}

impl Api {
    /// An administrator who may do everything.
    pub(crate) async fn of(tenant: &Tenant) -> Self {
        Self::with_scope(tenant, "").await
    }

    /// A client that may do everything.
    pub(crate) async fn of_client(tenant: &Tenant, client_id: &str) -> Self {
        let audience = tenant.url("/api/v2/");
        let grant = [("grant_type", "client_credentials"), ("audience", audience.as_str())];
        let token = tenant.app(client_id).token(&grant).await.unwrap().access_token;
        Self { tenant: tenant.clone(), token }
    }

    /// An administrator who may do something.
    pub(crate) async fn with_scope(tenant: &Tenant, scope: &str) -> Self {
        Self { tenant: tenant.clone(), token: tenant.admin_token(scope).await }
    }

    /// Alice, with a token of her own for the Management API.
    pub(crate) async fn of_alice(tenant: &Tenant, scope: &str) -> Self {
        let audience = tenant.url("/api/v2/");
        let grant = [
            ("grant_type", "password"),
            ("username", "alice@acme.example"),
            ("password", "Passw0rd!alice"),
            ("audience", audience.as_str()),
            ("scope", scope),
        ];
        let token = tenant.app("acme-web").token(&grant).await.unwrap().access_token;
        Self { tenant: tenant.clone(), token }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// Creates a user of the tenant's database, and gives its id.
    pub(crate) async fn create_user(&self, email: &str) -> String {
        let user =
            json!({ "connection": "Username-Password-Authentication", "email": email, "password": "Passw0rd!x" });
        let reply = self.post("/users", user).await;
        reply.json()["user_id"].as_str().unwrap_or_else(|| panic!("{}", reply.body)).to_owned()
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let url = self.tenant.url(&format!("/api/v2{path}"));
        let mut request = self.tenant.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        send(request).await
    }
}

/// Checks status, message and `errorCode` of a refusal.
#[track_caller]
pub(crate) fn check_refusal(reply: &Reply, status: u16, message: &str, code: Option<&str>) {
    let body = reply.json();
    let found = (reply.status, body["message"].as_str().unwrap_or_default(), body["errorCode"].as_str());
    assert_eq!(found, (status, message, code), "{}", reply.body);
    assert_eq!(body["statusCode"], status);
}
