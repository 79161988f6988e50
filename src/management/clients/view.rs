//! A client as this API shows it.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::client::Client;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::ring::TENANT_ROLE;
use crate::management::caller::Caller;
use crate::management::clients::READ;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::store::tenant::Tenant;

/// What `read:client_summary` alone shows of a client.
const SUMMARY: &[&str] =
    &["tenant", "client_id", "name", "app_type", "logo_uri", "description", "is_first_party", "global"];

/// What only `read:client_keys` shows.
const KEYS: &[&str] = &["client_secret", "signing_keys", "encryption_key"];

/// What every client of a tenant is shown with.
pub(super) struct Shown {
    tenant: String,
    signing_keys: Value,
}

impl Shown {
    /// The tenant's name, and the certificate of the key that its tokens are signed with.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the key can't be made.
    pub(super) async fn of(tenant: &Tenant, keyring: &Keyring) -> Result<Self, ApiError> {
        let slot = tenant.read().signing.current;
        let key =
            keyring.signing_key(TENANT_ROLE, slot).await.map_err(|error| ApiError::Internal(Failure::new(error)))?;
        let signing_keys = json!([{
            "cert": key.certificate_pem(),
            "pkcs7": key.pkcs7_pem(),
            "subject": format!("/CN=impostor-{TENANT_ROLE}"),
        }]);
        Ok(Self { tenant: tenant.name().to_owned(), signing_keys })
    }

    /// The whole client, as who made it or its secret sees it.
    pub(super) fn whole(&self, client: &Client) -> Map<String, Value> {
        let Ok(Value::Object(mut view)) = serde_json::to_value(client) else { return Map::new() };
        view.insert("tenant".to_owned(), self.tenant.as_str().into());
        view.insert("global".to_owned(), client.global.into());
        view.insert("signing_keys".to_owned(), self.signing_keys.clone());
        view.insert("callback_url_template".to_owned(), false.into());
        view
    }

    /// The client, as far as the caller may know it.
    pub(super) fn to(&self, caller: &Caller, client: &Client) -> Map<String, Value> {
        let mut view = self.whole(client);
        if !caller.has("read:client_keys") {
            view.retain(|name, _| !KEYS.contains(&name.as_str()));
        }
        let sees_all = READ.iter().any(|scope| *scope != "read:client_summary" && caller.has(scope));
        let sees_summary = !sees_all && caller.has("read:client_summary");
        view.retain(|name, _| !sees_summary || SUMMARY.contains(&name.as_str()));
        view
    }
}

/// The fields asked for; the tenant's name is always among them, as recorded.
pub(super) fn choose(fields: &Fields, mut view: Map<String, Value>) -> Map<String, Value> {
    view.retain(|name, _| name == "tenant" || fields.show(name));
    view
}
