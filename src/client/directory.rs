//! The tenant's Active Directory, spoken to over LDAP from outside, as any program of its users does.

use std::collections::BTreeMap;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Mod, Scope, SearchEntry};

use crate::client::error::ClientError;

/// How long a directory may take over one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to a directory.
#[derive(Debug)]
pub struct Directory {
    ldap: Ldap,
    url: String,
}

/// How the directory answered: result code and diagnostic text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// 0 is success; the others are those of RFC 4511, appendix A.
    pub code: u32,
    /// What it says of why.
    pub text: String,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEntry {
    /// Its name.
    pub dn: String,
    /// The values of its attributes; those that are no text in hexadecimal digits.
    pub attributes: BTreeMap<String, Vec<String>>,
}

impl Directory {
    /// Connects to the port for LDAP; nothing is sent over it in plain text if `secure`, TLS is spoken first.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] when nobody answers there.
    pub async fn connect(host: &str, port: u16, secure: bool) -> Result<Self, ClientError> {
        let url = format!("ldap://{host}:{port}");
        // Whose certificate it is, other tests say: what a scenario runs against is no secret's place.
        let settings = LdapConnSettings::new().set_conn_timeout(PATIENCE).set_starttls(secure).set_no_tls_verify(true);
        let opened = LdapConnAsync::with_settings(settings, &url).await;
        let (connection, ldap) = opened.map_err(|error| unreachable_at(&url, &error))?;
        // Ends with the handle.
        tokio::spawn(connection.drive());
        Ok(Self { ldap, url })
    }

    /// Says who it is, by any form of name.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] when the connection breaks.
    pub async fn bind(&mut self, name: &str, password: &str) -> Result<Said, ClientError> {
        let result = self.ldap.with_timeout(PATIENCE).simple_bind(name, password).await;
        result.map(Said::of).map_err(|error| unreachable_at(&self.url, &error))
    }

    /// The base of the domain, as the directory says of itself.
    ///
    /// # Errors
    /// As [`Directory::bind`]; [`ClientError::Unreadable`] when it says none.
    pub async fn domain(&mut self) -> Result<String, ClientError> {
        let names = ["defaultNamingContext"];
        let found = self.ldap.with_timeout(PATIENCE).search("", Scope::Base, "(objectClass=*)", names).await;
        let (entries, _) = found.and_then(ldap3::SearchResult::success).map_err(|e| unreachable_at(&self.url, &e))?;
        let root = entries.into_iter().next().map(FoundEntry::of);
        let name = root.and_then(|root| root.values("defaultNamingContext").first().cloned());
        let none = || ClientError::Unreadable { url: self.url.clone(), cause: "a default naming context".to_owned() };
        name.ok_or_else(none)
    }

    /// All entries of the domain that a filter finds, up to what the directory gives at once.
    ///
    /// # Errors
    /// As [`Directory::domain`].
    pub async fn search(&mut self, filter: &str, attributes: &[&str]) -> Result<(Vec<FoundEntry>, Said), ClientError> {
        let base = self.domain().await?;
        let search = self.ldap.with_timeout(PATIENCE).search(&base, Scope::Subtree, filter, attributes.to_vec());
        let found = search.await.map_err(|error| unreachable_at(&self.url, &error))?;
        let entries = found.0.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate());
        Ok((entries.map(FoundEntry::of).collect(), Said::of(found.1)))
    }

    /// Changes an entry: values put in the place of an attribute's, added or taken away.
    ///
    /// # Errors
    /// As [`Directory::bind`].
    pub async fn modify(&mut self, dn: &str, changes: Vec<Mod<Vec<u8>>>) -> Result<Said, ClientError> {
        let result = self.ldap.with_timeout(PATIENCE).modify(dn, changes).await;
        result.map(Said::of).map_err(|error| unreachable_at(&self.url, &error))
    }

    /// Gives an entry another name, where it is.
    ///
    /// # Errors
    /// As [`Directory::bind`].
    pub async fn rename(&mut self, dn: &str, name: &str) -> Result<Said, ClientError> {
        let result = self.ldap.with_timeout(PATIENCE).modifydn(dn, name, true, None).await;
        result.map(Said::of).map_err(|error| unreachable_at(&self.url, &error))
    }

    /// Deletes an entry.
    ///
    /// # Errors
    /// As [`Directory::bind`].
    pub async fn delete(&mut self, dn: &str) -> Result<Said, ClientError> {
        let result = self.ldap.with_timeout(PATIENCE).delete(dn).await;
        result.map(Said::of).map_err(|error| unreachable_at(&self.url, &error))
    }
}

impl FoundEntry {
    /// The values of an attribute, whatever the case of its name; none if it has none.
    pub fn values(&self, attribute: &str) -> &[String] {
        let found = self.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
        found.map_or(&[], |(_, values)| values)
    }

    fn of(entry: ldap3::ResultEntry) -> Self {
        let entry = SearchEntry::construct(entry);
        let hexadecimal = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let bytes = entry.bin_attrs.into_iter();
        let bytes = bytes.map(|(name, values)| (name, values.into_iter().map(hexadecimal).collect()));
        Self { dn: entry.dn, attributes: entry.attrs.into_iter().chain(bytes).collect() }
    }
}

impl Said {
    /// Whether it was done.
    pub fn is_success(&self) -> bool {
        self.code == 0
    }

    fn of(result: LdapResult) -> Self {
        Self { code: result.rc, text: result.text.trim_end_matches('\0').to_owned() }
    }
}

/// A password as `unicodePwd` takes it: in quotes, as UTF-16, little end first. Source: MS-ADTS §3.1.1.3.1.5.
pub fn unicode_password(password: &str) -> Vec<u8> {
    format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn unreachable_at(url: &str, error: &LdapError) -> ClientError {
    ClientError::Unreachable { url: url.to_owned(), cause: error.to_string() }
}
