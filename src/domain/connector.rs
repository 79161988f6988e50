//! How the connector of an Active Directory connection is set up: the keys of the real connector's `config.json`.
//! Source: spec/enterprise.md §2.7.

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

/// A connector's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Connector {
    /// `LDAP_URL`: an `ldap://` or `ldaps://` server; the embedded directory if there is none.
    pub(crate) url: Option<String>,
    /// `LDAP_BASE`: where people are; what the directory calls its default naming context if there is none.
    pub(crate) base: Option<String>,
    /// `LDAP_BASE_GROUPS`: where groups are, if not at the base.
    pub(crate) groups_base: Option<String>,
    /// `LDAP_BIND_USER`, `LDAP_BIND_PASSWORD`: who searches; nobody by name if `ANONYMOUS_SEARCH_ENABLED`.
    pub(crate) service: Option<(String, String)>,
    /// `LDAP_USER_BY_NAME`, with `{0}` for what the person typed and, as our extension, `{account}` for what stands in it
    /// after `DOMAIN\`.
    pub(crate) user_by_name: String,
    /// `LDAP_SEARCH_GROUPS`, with `{0}` for the person's DN.
    pub(crate) search_groups: String,
    /// `GROUPS`: whether groups are looked for.
    pub(crate) groups: bool,
    /// `GROUP_PROPERTY`: the attribute that is a group's name.
    pub(crate) group_property: String,
    /// `ALLOW_PASSWORD_EXPIRED`
    pub(crate) lets_expired_passwords_in: bool,
    /// `ALLOW_PASSWORD_CHANGE_REQUIRED`
    pub(crate) lets_old_passwords_in: bool,
    /// `LDAP_TLS_INSECURE`, our own: certificates of the directory are not looked at.
    pub(crate) trusts_any_certificate: bool,
    /// `LDAP_START_TLS`, our own.
    pub(crate) starts_tls: bool,
    /// `ENABLE_WRITE_BACK`: people may choose other passwords.
    pub(crate) writes_back: bool,
    /// `ENABLE_ACTIVE_DIRECTORY_UNICODE_PASSWORD`: they are written as `unicodePwd`, else as `userPassword`.
    pub(crate) unicode_passwords: bool,
    /// `AUTO_UNLOCK_ON_PASSWORD_CHANGE`
    pub(crate) unlocks: bool,
    /// The text of `profileMapper.js`; the default mapper if there is none.
    pub(crate) mapper: Option<Arc<str>>,
}

/// The keys that are texts, and those that are true or false, in the order of the fields.
pub(crate) const TEXTS: [&str; 8] = [
    "LDAP_URL",
    "LDAP_BASE",
    "LDAP_BASE_GROUPS",
    "LDAP_BIND_USER",
    "LDAP_BIND_PASSWORD",
    "LDAP_USER_BY_NAME",
    "LDAP_SEARCH_GROUPS",
    "GROUP_PROPERTY",
];
pub(crate) const FLAGS: [&str; 9] = [
    "GROUPS",
    "ANONYMOUS_SEARCH_ENABLED",
    "ALLOW_PASSWORD_EXPIRED",
    "ALLOW_PASSWORD_CHANGE_REQUIRED",
    "LDAP_TLS_INSECURE",
    "LDAP_START_TLS",
    "ENABLE_WRITE_BACK",
    "ENABLE_ACTIVE_DIRECTORY_UNICODE_PASSWORD",
    "AUTO_UNLOCK_ON_PASSWORD_CHANGE",
];

impl Default for Connector {
    fn default() -> Self {
        Self::of(&Map::new())
    }
}

impl Connector {
    /// Reads settings by the names of `config.json`; those that aren't known, or of another type, don't count.
    pub(crate) fn of(settings: &Map<String, Value>) -> Self {
        let text = |name: &str| settings.get(name).and_then(Value::as_str).map(str::to_owned);
        let flag = |name: &str, usual: bool| settings.get(name).and_then(Value::as_bool).unwrap_or(usual);
        let anonymous = flag("ANONYMOUS_SEARCH_ENABLED", false);
        let service = text("LDAP_BIND_USER").map(|user| (user, text("LDAP_BIND_PASSWORD").unwrap_or_default()));
        Self {
            url: text("LDAP_URL"),
            base: text("LDAP_BASE"),
            groups_base: text("LDAP_BASE_GROUPS"),
            service: service.filter(|_| !anonymous),
            user_by_name: text("LDAP_USER_BY_NAME").unwrap_or_else(|| "(sAMAccountName={0})".to_owned()),
            search_groups: text("LDAP_SEARCH_GROUPS")
                .unwrap_or_else(|| "(member:1.2.840.113556.1.4.1941:={0})".to_owned()),
            groups: flag("GROUPS", true),
            group_property: text("GROUP_PROPERTY").unwrap_or_else(|| "cn".to_owned()),
            lets_expired_passwords_in: flag("ALLOW_PASSWORD_EXPIRED", false),
            lets_old_passwords_in: flag("ALLOW_PASSWORD_CHANGE_REQUIRED", false),
            trusts_any_certificate: flag("LDAP_TLS_INSECURE", false),
            starts_tls: flag("LDAP_START_TLS", false),
            writes_back: flag("ENABLE_WRITE_BACK", false),
            unicode_passwords: flag("ENABLE_ACTIVE_DIRECTORY_UNICODE_PASSWORD", false),
            unlocks: flag("AUTO_UNLOCK_ON_PASSWORD_CHANGE", false),
            mapper: None,
        }
    }

    /// The settings by the names of `config.json`; those without a value are left out.
    pub(crate) fn settings(&self) -> Map<String, Value> {
        let (user, password) = self.service.clone().unzip();
        let texts = [
            self.url.clone(),
            self.base.clone(),
            self.groups_base.clone(),
            user,
            password,
            Some(self.user_by_name.clone()),
            Some(self.search_groups.clone()),
            Some(self.group_property.clone()),
        ];
        let flags = [
            self.groups,
            false, // Nobody by name is said by no service account.
            self.lets_expired_passwords_in,
            self.lets_old_passwords_in,
            self.trusts_any_certificate,
            self.starts_tls,
            self.writes_back,
            self.unicode_passwords,
            self.unlocks,
        ];
        let texts = TEXTS.into_iter().zip(texts).filter_map(|(name, text)| Some((name, Value::from(text?))));
        let flags = FLAGS.into_iter().zip(flags).map(|(name, flag)| (name, Value::from(flag)));
        texts.chain(flags).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The filter that finds a person by what they typed. `escape` makes a text harmless in a filter (RFC 4515 §3).
    pub(crate) fn user_filter(&self, typed: &str, escape: impl Fn(&str) -> String) -> String {
        let account = typed.rsplit_once('\\').map_or(typed, |(_, account)| account);
        self.user_by_name.replace("{account}", &escape(account)).replace("{0}", &escape(typed))
    }

    /// The filter that finds the groups of the entry with this DN.
    pub(crate) fn groups_filter(&self, dn: &str, escape: impl Fn(&str) -> String) -> String {
        self.search_groups.replace("{0}", &escape(dn))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_person_types_stays_a_value_in_the_filter() {
        let settings = json!({ "LDAP_USER_BY_NAME": "(|(sAMAccountName={account})(mail={0}))" });
        let connector = Connector::of(settings.as_object().unwrap());
        let escape =
            |text: &str| text.replace('\\', "\\5c").replace('*', "\\2a").replace('(', "\\28").replace(')', "\\29");
        let filter = |typed: &str| connector.user_filter(typed, escape);
        assert_eq!(filter("ACME\\jdoe"), "(|(sAMAccountName=jdoe)(mail=ACME\\5cjdoe))");
        assert_eq!(filter("*)(cn=*"), "(|(sAMAccountName=\\2a\\29\\28cn=\\2a)(mail=\\2a\\29\\28cn=\\2a))");
        assert_eq!(Connector::default().user_filter("a", str::to_owned), "(sAMAccountName=a)");
    }
}
