//! A tenant's settings. Source: spec/tokens.md §13, spec/management-api.md §14.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

/// Settings that rules read; every other one stays in `extra` as it came. Serialized as `GET /tenants/settings` shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TenantSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) friendly_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default_audience: Option<String>,
    /// The database that password grants and the login form use, where several are enabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default_directory: Option<String>,
    #[serde(default)]
    pub(crate) allowed_logout_urls: Vec<String>,
    /// Hours.
    #[serde(default = "default_session_lifetime")]
    pub(crate) session_lifetime: f64,
    /// Hours.
    #[serde(default = "default_idle_session_lifetime")]
    pub(crate) idle_session_lifetime: f64,
    #[serde(default)]
    pub(crate) flags: Map<String, Value>,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

fn default_session_lifetime() -> f64 {
    168.0
}

fn default_idle_session_lifetime() -> f64 {
    72.0
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            friendly_name: None,
            default_audience: None,
            default_directory: None,
            allowed_logout_urls: Vec::new(),
            session_lifetime: default_session_lifetime(),
            idle_session_lifetime: default_idle_session_lifetime(),
            flags: Map::new(),
            extra: Map::new(),
        }
    }
}

impl TenantSettings {
    /// Whether organizations may be named, and are named in tokens, by their names beside their ids.
    pub(crate) fn shows_organization_names(&self) -> bool {
        self.extra.get("allow_organization_name_in_authentication_api").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether the flag is set; a missing flag isn't.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.flags.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// What only this server has: the `impostor:` section of a tenant's file (design page, section 7).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OwnSettings {
    /// First-party clients on loopback callbacks need no consent, unlike at the real service.
    #[serde(default)]
    pub(crate) skip_consent_on_loopback: bool,
    /// The login page has buttons that sign somebody in with one click.
    #[serde(default = "shown")]
    pub(crate) one_click_people: bool,
}

fn shown() -> bool {
    true
}

impl Default for OwnSettings {
    fn default() -> Self {
        Self { skip_consent_on_loopback: false, one_click_people: shown() }
    }
}
