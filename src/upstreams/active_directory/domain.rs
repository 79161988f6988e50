//! Whose directory it is.

use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::identifiers::Sid;

/// What is fixed of a domain.
#[derive(Debug, Clone)]
pub(crate) struct Domain {
    /// Its entry, `DC=acme,DC=example`.
    pub(crate) id: EntryId,
    /// The entry's name.
    pub(crate) dn: String,
    /// `acme.example`
    pub(crate) dns: String,
    /// `ACME`, as in `ACME\jdoe`.
    pub(crate) netbios: String,
    pub(crate) sid: Sid,
}

impl Domain {
    /// The name of something below the domain's entry.
    pub(crate) fn below(&self, steps: &str) -> String {
        format!("{steps},{}", self.dn)
    }

    /// The name of a category: `CN=Person,CN=Schema,…`.
    pub(crate) fn category(&self, name: &str) -> String {
        format!("CN={name},CN=Schema,CN=Configuration,{}", self.dn)
    }

    pub(crate) fn host(&self) -> String {
        format!("dc1.{}", self.dns)
    }
}

/// The numbers of identifiers that every domain has. Source: MS-DTYP §2.4.2.4.
pub(crate) mod relative {
    pub(crate) const ADMINISTRATOR: u32 = 500;
    pub(crate) const GUEST: u32 = 501;
    pub(crate) const DOMAIN_ADMINS: u32 = 512;
    pub(crate) const DOMAIN_USERS: u32 = 513;
    pub(crate) const DOMAIN_GUESTS: u32 = 514;
    pub(crate) const DOMAIN_COMPUTERS: u32 = 515;
    pub(crate) const ADMINISTRATORS: u32 = 544;
    pub(crate) const USERS: u32 = 545;
    pub(crate) const ACCOUNT_OPERATORS: u32 = 548;
    /// What is made later is behind it.
    pub(crate) const FIRST_FREE: u32 = 1103;
}
