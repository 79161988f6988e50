//! A source of users. Source: spec/management-api.md §9, spec/caching.md §2.

pub(crate) mod defaults;
pub(crate) mod rules;
mod scopes;

use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connector::Connector;
use crate::domain::id::ClientId;
use crate::domain::id::ConnectionId;
use crate::domain::strategy::Strategy;

/// A connection. Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    /// Unique in the tenant; never changes.
    pub(crate) name: String,
    pub(crate) strategy: Strategy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    #[serde(default)]
    pub(crate) options: Map<String, Value>,
    #[serde(default)]
    pub(crate) enabled_clients: Vec<ClientId>,
    #[serde(default)]
    pub(crate) realms: Vec<String>,
    #[serde(default)]
    pub(crate) is_domain_connection: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) show_as_button: Option<bool>,
    /// Where its upstream is, when it isn't the embedded fake (`url:` of the fixture's `upstreams/NAME.yaml`).
    #[serde(skip)]
    pub(crate) upstream_url: Option<String>,
    /// How its connector is set up (`connector/config.json` of the fixture); of Active Directory alone.
    #[serde(skip)]
    pub(crate) connector: Option<Arc<Connector>>,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

/// When the five attributes follow the upstream (spec/caching.md §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeSync {
    EachLogin,
    FirstLogin,
    Never,
}

impl Connection {
    pub(crate) fn is_enabled_for(&self, client: &ClientId) -> bool {
        self.enabled_clients.contains(client)
    }

    /// Lets a client use it, or no longer.
    pub(crate) fn enable(&mut self, client: &ClientId, enabled: bool) {
        self.enabled_clients.retain(|known| known != client);
        if enabled {
            self.enabled_clients.push(client.clone());
        }
    }

    /// `options.set_user_root_attributes`; anything but the two others is `on_each_login`.
    pub(crate) fn attribute_sync(&self) -> AttributeSync {
        match self.text_option("set_user_root_attributes") {
            Some("on_first_login") => AttributeSync::FirstLogin,
            Some("never_on_login") => AttributeSync::Never,
            _ => AttributeSync::EachLogin,
        }
    }

    pub(crate) fn text_option(&self, name: &str) -> Option<&str> {
        self.options.get(name).and_then(Value::as_str)
    }

    /// A boolean option; a missing one is false.
    pub(crate) fn flag_option(&self, name: &str) -> bool {
        self.options.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Names of attributes that are never stored (`options.non_persistent_attrs`, spec/caching.md §3).
    pub(crate) fn non_persistent_attributes(&self) -> impl Iterator<Item = &str> {
        self.options
            .get("non_persistent_attrs")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    }

    /// Whether people with addresses at this domain, in lower case, sign in by it (`options.tenant_domain` and
    /// `options.domain_aliases`, spec/enterprise.md §6.1).
    pub(crate) fn is_home_of(&self, domain: &str) -> bool {
        let aliases = self.options.get("domain_aliases").and_then(Value::as_array).into_iter().flatten();
        let domains = self.options.get("tenant_domain").into_iter().chain(aliases).filter_map(Value::as_str);
        domains.into_iter().any(|own| own.eq_ignore_ascii_case(domain))
    }

    /// Whether people type a user name beside an e-mail address (`options.requires_username`).
    pub(crate) fn requires_username(&self) -> bool {
        self.flag_option("requires_username")
    }

    /// Whether people of this database are known by the attribute (`options.attributes.NAME.identifier.active`).
    pub(crate) fn identifies_by(&self, attribute: &str) -> bool {
        let attributes = self.options.get("attributes").and_then(|attributes| attributes.get(attribute));
        attributes.and_then(|attribute| attribute.pointer("/identifier/active")) == Some(&Value::Bool(true))
    }

    /// Whether people may choose another password by themselves: in databases that the tenant keeps, and in directories
    /// that the connector writes to, unless the connection says otherwise
    /// (`options.disable_self_service_change_password`).
    pub(crate) fn resets_passwords(&self) -> bool {
        let outside = self.flag_option("enabledDatabaseCustomization") && !self.flag_option("import_mode");
        let is_kept = self.strategy.is_database() && !outside;
        let is_written = self.connector.as_ref().is_some_and(|connector| connector.writes_back);
        (is_kept || is_written) && !self.flag_option("disable_self_service_change_password")
    }

    /// Whether nobody may sign up (`options.disable_signup`).
    pub(crate) fn signup_is_disabled(&self) -> bool {
        self.flag_option("disable_signup")
    }
}
