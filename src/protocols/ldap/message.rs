//! What is said over LDAP: requests, and the answers to them. Source: RFC 4511 §4.
//!
//! Names of entries and attributes are as they came, unread: whether they make sense is the directory's to say.

use std::sync::Arc;

use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::result::LdapResult;

/// Says which answers belong to which request. 0 is the server speaking unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MessageId(pub(crate) u32);

/// A request or an answer with what goes around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message<T> {
    pub(crate) id: MessageId,
    pub(crate) operation: T,
    pub(crate) controls: Vec<Control>,
}

/// An extension of an operation; `control.rs` reads and makes the known ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Control {
    pub(crate) oid: String,
    /// The operation must fail if the control isn't understood.
    pub(crate) critical: bool,
    pub(crate) value: Option<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    Bind(Bind),
    Unbind,
    Search(Search),
    Modify(Modify),
    Add(Add),
    /// The name of the entry to delete.
    Delete(String),
    ModifyDn(ModifyDn),
    Compare(Compare),
    /// The request that nobody waits for any more.
    Abandon(MessageId),
    Extended(Extended),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bind {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) credentials: Credentials,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// A password.
    Simple(Vec<u8>),
    Sasl {
        mechanism: String,
        credentials: Option<Vec<u8>>,
    },
    /// A way that is not LDAP's: Active Directory's "sicily" (tags 9 to 11).
    Unknown(u8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) base: String,
    pub(crate) scope: Scope,
    pub(crate) dereference: Dereference,
    /// 0 is no limit.
    pub(crate) size_limit: u32,
    /// In seconds; 0 is no limit.
    pub(crate) time_limit: u32,
    /// Names of attributes only, no values.
    pub(crate) types_only: bool,
    pub(crate) filter: Filter,
    /// Empty is all user attributes; `*`, `+` and `1.1` as RFC 4511 §4.5.1.8 has them.
    pub(crate) attributes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Base,
    OneLevel,
    Subtree,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dereference {
    Never,
    Searching,
    FindingBase,
    Always,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Modify {
    pub(crate) dn: String,
    pub(crate) changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    pub(crate) attribute: Attribute,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Add,
    Delete,
    Replace,
    /// RFC 4525.
    Increment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Add {
    pub(crate) dn: String,
    pub(crate) attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModifyDn {
    pub(crate) dn: String,
    pub(crate) new_rdn: String,
    pub(crate) delete_old_rdn: bool,
    pub(crate) new_superior: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compare {
    pub(crate) dn: String,
    pub(crate) attribute: String,
    pub(crate) value: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extended {
    pub(crate) oid: String,
    pub(crate) value: Option<Vec<u8>>,
}

/// An attribute with values, which are bytes and shared: an answer costs no copies of what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) name: Arc<str>,
    pub(crate) values: Vec<Arc<[u8]>>,
}

/// Those requests that are answered, each with an answer of its own kind at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bind,
    Search,
    Modify,
    Add,
    Delete,
    ModifyDn,
    Compare,
    Extended,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Response {
    /// An entry that was found.
    Entry(Entry),
    /// The end of an operation.
    Done(Kind, LdapResult),
    /// The end of an extended operation that has something to say.
    Extended { result: LdapResult, oid: Option<String>, value: Option<Vec<u8>> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) dn: Arc<str>,
    pub(crate) attributes: Vec<Attribute>,
}

impl Request {
    /// In which kind of answer it ends; `None` for those that nobody answers.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Bind(_) => Some(Kind::Bind),
            Self::Search(_) => Some(Kind::Search),
            Self::Modify(_) => Some(Kind::Modify),
            Self::Add(_) => Some(Kind::Add),
            Self::Delete(_) => Some(Kind::Delete),
            Self::ModifyDn(_) => Some(Kind::ModifyDn),
            Self::Compare(_) => Some(Kind::Compare),
            Self::Extended(_) => Some(Kind::Extended),
            Self::Unbind | Self::Abandon(_) => None,
        }
    }
}

impl std::fmt::Debug for Bind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bind({:?} by {:?})", self.name, self.credentials)
    }
}

/// Without the secrets.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Simple(_) => f.write_str("a password"),
            Self::Sasl { mechanism, .. } => write!(f, "SASL {mechanism:?}"),
            Self::Unknown(tag) => write!(f, "tag 0x{tag:02x}"),
        }
    }
}
