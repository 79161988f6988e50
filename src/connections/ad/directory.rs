//! A directory, asked over LDAP: over a socket, or for the embedded one over a pair of connected sockets in the process,
//! with the same bytes. Source: RFC 4511.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::time::Duration;

use ldap3::LdapConnAsync;
use ldap3::LdapConnSettings;
use ldap3::LdapError;
use ldap3::LdapResult;
use ldap3::Mod;
use ldap3::Scope;
use ldap3::SearchEntry;
use ldap3::SearchOptions;
use ldap3::StdStream;
use url::Url;

use crate::connections::ad::refusal::AdError;
use crate::connections::ad::refusal::AdRefusal;
use crate::domain::connector::Connector;
use crate::http::outgoing::Outgoing;

/// How long a directory may take for one answer (spec/enterprise.md §2.6).
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_SECONDS: i32 = 5;

/// The most groups that are read: what Active Directory gives at once.
const MOST_GROUPS: i32 = 1000;

/// Result codes (RFC 4511 appendix A).
const SUCCESS: u32 = 0;
const NO_SUCH_OBJECT: u32 = 32;
const INVALID_CREDENTIALS: u32 = 49;
const CONSTRAINT_VIOLATION: u32 = 19;
const INSUFFICIENT_ACCESS_RIGHTS: u32 = 50;
const UNWILLING_TO_PERFORM: u32 = 53;
/// Limits were reached: what came is good.
const CUT_SHORT: [u32; 3] = [3, 4, 11];

/// A connection to a directory.
pub(super) struct Directory(ldap3::Ldap);

/// An entry that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) dn: String,
    pub(super) attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Directory {
    /// Connects to the server at `url`, or to the embedded directory.
    ///
    /// # Errors
    /// [`AdError::Misconfigured`] for an address that isn't one, [`AdError::Unreachable`].
    pub(super) async fn open(connector: &Connector, url: Option<&str>, outgoing: &Outgoing) -> Result<Self, AdError> {
        let settings = LdapConnSettings::new()
            .set_conn_timeout(PATIENCE)
            .set_starttls(connector.starts_tls)
            .set_no_tls_verify(connector.trusts_any_certificate);
        let (settings, url) = if let Some(url) = url {
            (settings, url)
        } else {
            let stream = outgoing.directory().await.map_err(|error| AdError::Unreachable(error.to_string()))?;
            (settings.set_std_stream(StdStream::Unix(stream)), "ldapi:///")
        };
        let address = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "ldap" | "ldaps" | "ldapi"));
        let address = address.filter(|url| url.scheme() == "ldapi" || url.has_host());
        let address = address.ok_or_else(|| AdError::Misconfigured(format!("{url} is no ldap or ldaps address")))?;
        let opened = LdapConnAsync::from_url_with_settings(settings, &address).await;
        let (connection, ldap) = opened.map_err(|error| AdError::Unreachable(format!("{url}: {error}")))?;
        // Ends with the handle.
        tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!("a connection to a directory ended: {error}");
            }
        });
        Ok(Self(ldap))
    }

    /// As the account that may search; as nobody if there is none.
    pub(super) async fn bind_as_service(&mut self, connector: &Connector) -> Result<(), AdError> {
        let Some((user, password)) = &connector.service else { return Ok(()) };
        let result = self.0.with_timeout(PATIENCE).simple_bind(user, password).await.map_err(broken)?;
        match result.rc {
            SUCCESS => Ok(()),
            _ => Err(AdError::Misconfigured(format!("bind as the service account {user}: {}", told(&result)))),
        }
    }

    /// Whether this is the person's password. Gives why it wouldn't be enough, where the connector lets them in all the
    /// same.
    pub(super) async fn bind_as_person(
        &mut self,
        dn: &str,
        password: &str,
        connector: &Connector,
    ) -> Result<Option<AdRefusal>, AdError> {
        let result = self.0.with_timeout(PATIENCE).simple_bind(dn, password).await.map_err(broken)?;
        match result.rc {
            SUCCESS => Ok(None),
            INVALID_CREDENTIALS => match AdRefusal::of_diagnostic(&result.text) {
                AdRefusal::PasswordExpired if connector.lets_expired_passwords_in => {
                    Ok(Some(AdRefusal::PasswordExpired))
                }
                AdRefusal::PasswordChangeRequired if connector.lets_old_passwords_in => {
                    Ok(Some(AdRefusal::PasswordChangeRequired))
                }
                refusal => Err(refusal.into()),
            },
            _ => Err(AdError::Misconfigured(format!("bind as {dn}: {}", told(&result)))),
        }
    }

    /// What the directory calls its default naming context, or its first one.
    pub(super) async fn naming_context(&mut self) -> Result<String, AdError> {
        let names = ["defaultNamingContext", "namingContexts"];
        let options = SearchOptions::new().timelimit(PATIENCE_SECONDS);
        let search = self.0.with_timeout(PATIENCE).with_search_options(options);
        let found = search.search("", Scope::Base, "(objectClass=*)", names).await.map_err(broken)?;
        let root = found.0.into_iter().next().map(SearchEntry::construct);
        let attributes = root.map(|root| root.attrs).unwrap_or_default();
        let first = names.iter().find_map(|name| value_of(&attributes, name)?.first().cloned());
        first.ok_or_else(|| AdError::Misconfigured("it has no naming context, so LDAP_BASE must say one".to_owned()))
    }

    /// The first entry below `base` that the filter fits.
    pub(super) async fn find(&mut self, base: &str, filter: &str) -> Result<Option<Found>, AdError> {
        let found = self.search(base, filter, "*", 2).await?;
        Ok(found.into_iter().next())
    }

    /// The values of an attribute of all entries below `base` that the filter fits.
    pub(super) async fn values(&mut self, base: &str, filter: &str, attribute: &str) -> Result<Vec<String>, AdError> {
        let found = self.search(base, filter, attribute, MOST_GROUPS).await?;
        let own = |name: &str| name.eq_ignore_ascii_case(attribute);
        let values = found.into_iter().flat_map(|entry| entry.attributes).filter(|(name, _)| own(name));
        Ok(values.flat_map(|(_, values)| values).filter_map(|value| String::from_utf8(value).ok()).collect())
    }

    async fn search(&mut self, base: &str, filter: &str, attribute: &str, most: i32) -> Result<Vec<Found>, AdError> {
        let options = SearchOptions::new().timelimit(PATIENCE_SECONDS).sizelimit(most);
        let search = self.0.with_timeout(PATIENCE).with_search_options(options);
        let found = search.search(base, Scope::Subtree, filter, [attribute]).await;
        let found = found.map_err(|error| match error {
            LdapError::FilterParsing => AdError::Misconfigured(format!("{filter} is no filter")),
            error => broken(error),
        })?;
        let result = found.1;
        if result.rc != SUCCESS && !CUT_SHORT.contains(&result.rc) {
            let hint = if result.rc == NO_SUCH_OBJECT { " (is LDAP_BASE right?)" } else { "" };
            return Err(AdError::Misconfigured(format!("search below {base}: {}{hint}", told(&result))));
        }
        let entries = found.0.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate());
        Ok(entries.map(SearchEntry::construct).map(Found::of).collect())
    }

    /// Writes somebody's password as the service account: changed by who knows the old one, else set. A changed one has to
    /// keep all of the directory's rules, its history among them.
    ///
    /// # Errors
    /// [`AdRefusal::InsufficientAccessRights`], [`AdRefusal::PasswordComplexity`].
    pub(super) async fn write_password(
        &mut self,
        dn: &str,
        (old, new): (Option<&str>, &str),
        connector: &Connector,
    ) -> Result<(), AdError> {
        let one = |value: &str| -> HashSet<Vec<u8>> { HashSet::from([written(value, connector)]) };
        let attribute = if connector.unicode_passwords { "unicodePwd" } else { "userPassword" };
        let attribute = attribute.as_bytes().to_vec();
        let mut changes = match old.filter(|_| connector.unicode_passwords) {
            Some(old) => vec![Mod::Delete(attribute.clone(), one(old)), Mod::Add(attribute, one(new))],
            None => vec![Mod::Replace(attribute, one(new))],
        };
        if connector.unlocks {
            changes.push(Mod::Replace(b"lockoutTime".to_vec(), HashSet::from([b"0".to_vec()])));
        }
        let result = self.0.with_timeout(PATIENCE).modify(dn, changes).await.map_err(broken)?;
        match result.rc {
            SUCCESS => Ok(()),
            INSUFFICIENT_ACCESS_RIGHTS => Err(AdRefusal::InsufficientAccessRights.into()),
            CONSTRAINT_VIOLATION | UNWILLING_TO_PERFORM => Err(AdRefusal::PasswordComplexity.into()),
            _ => Err(AdError::Misconfigured(format!("write a password: {}", told(&result)))),
        }
    }

    pub(super) async fn close(mut self) {
        // The directory sees that we are gone also without.
        let _ = self.0.unbind().await;
    }
}

impl Found {
    fn of(entry: SearchEntry) -> Self {
        let texts = entry.attrs.into_iter();
        let texts = texts.map(|(name, values)| (name, values.into_iter().map(String::into_bytes).collect()));
        // In the order of their names: a directory's order says nothing, a hash table's changes.
        let attributes: BTreeMap<String, Vec<Vec<u8>>> = texts.chain(entry.bin_attrs).collect();
        Self { dn: entry.dn, attributes: attributes.into_iter().collect() }
    }
}

fn value_of<'a>(attributes: &'a std::collections::HashMap<String, Vec<String>>, name: &str) -> Option<&'a Vec<String>> {
    attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, values)| values)
}

/// A password as the directory takes it: Active Directory in quotes and UTF-16, little end first (MS-ADTS §3.1.1.3.1.5).
fn written(password: &str, connector: &Connector) -> Vec<u8> {
    if connector.unicode_passwords {
        format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else {
        password.as_bytes().to_vec()
    }
}

/// The connection itself failed.
fn broken(error: LdapError) -> AdError {
    AdError::Unreachable(error.to_string())
}

/// A result for people to read.
fn told(result: &LdapResult) -> String {
    let text = result.text.trim_end_matches('\0').trim();
    if text.is_empty() { format!("result {}", result.rc) } else { format!("result {}, {text}", result.rc) }
}
