//! The first part of a path: which accounts may sign in. Personal accounts live in one directory of Microsoft's own.
//! Source: spec/upstreams.md §4.

use crate::upstreams::handle::Base;

/// The directory that personal accounts belong to.
pub(super) const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A directory that personal accounts may be signed in at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directory {
    /// Work, school and personal accounts.
    Common,
    Consumers,
}

impl Directory {
    /// By its name in a path. `organizations` and the directories of companies know no personal accounts: the fake has
    /// none of them.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "common" => Some(Self::Common),
            "consumers" | CONSUMERS => Some(Self::Consumers),
            _ => None,
        }
    }

    /// The directory that a path names.
    pub(super) fn of_path(path: &str) -> Result<Self, String> {
        let name = path.split('/').find(|part| !part.is_empty()).unwrap_or_default();
        Self::of(name).ok_or_else(|| name.to_owned())
    }

    /// The issuer that discovery tells: with `common` a template, whose name a client must fill in.
    pub(super) fn issuer(self, base: &Base) -> String {
        match self {
            Self::Common => base.url("/{tenantid}/v2.0"),
            Self::Consumers => issuer(base),
        }
    }
}

/// The issuer of a personal account's ID tokens, whichever directory it signed in at.
pub(super) fn issuer(base: &Base) -> String {
    base.url(&format!("/{CONSUMERS}/v2.0"))
}
