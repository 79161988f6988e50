//! The first part of a path: which accounts may sign in. Personal accounts live in one directory of Microsoft's own, the
//! people of a company in its own. Source: spec/upstreams.md §4.

use crate::upstreams::handle::Base;
use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::error::SignInError;
use crate::upstreams::microsoft::organization::Organization;
use crate::upstreams::state::UpstreamState;

/// The directory that personal accounts belong to.
pub(crate) const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A name in place of a directory's, in the issuers of those that stand for several.
const TEMPLATE: &str = "{tenantid}";

/// Whose accounts may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Directory {
    /// Work, school and personal accounts.
    Common,
    Consumers,
    /// Those of any organization; the fake has one.
    Organizations(Organization),
    Organization(Organization),
}

/// The two ages of the endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// "Azure Active Directory": with resources, for work and school accounts alone.
    One,
    /// "Microsoft identity platform": with scopes.
    Two,
}

/// What a path of the sign-in service says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) directory: Directory,
    pub(super) version: Version,
}

impl Directory {
    /// By its name in a path. There is an organization as soon as there is an Active Directory.
    fn of(name: &str, state: &UpstreamState) -> Option<Self> {
        let organization = || Organization::of(state);
        match name.to_ascii_lowercase().as_str() {
            "common" => Some(Self::Common),
            "consumers" | CONSUMERS => Some(Self::Consumers),
            "organizations" => organization().map(Self::Organizations),
            name => organization().filter(|organization| organization.is_called(name)).map(Self::Organization),
        }
    }

    /// What it is called in the addresses of its own document.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Common => "common",
            Self::Consumers => CONSUMERS,
            Self::Organizations(_) => "organizations",
            Self::Organization(organization) => &organization.id,
        }
    }

    /// The only directory whose accounts are taken, if there is one.
    pub(super) fn only(&self) -> Option<&str> {
        match self {
            Self::Common => None,
            Self::Consumers => Some(CONSUMERS),
            Self::Organizations(organization) | Self::Organization(organization) => Some(&organization.id),
        }
    }
}

impl Place {
    /// The place that a path names.
    ///
    /// # Errors
    /// [`SignInError::UnknownDirectory`].
    pub(super) fn of(microsoft: &Microsoft, path: &str) -> Result<Self, SignInError> {
        let name = path.split('/').find(|part| !part.is_empty()).unwrap_or_default();
        let version = if path.contains("/v2.0/") { Version::Two } else { Version::One };
        let state = microsoft.upstreams.read();
        let directory = match (version, Directory::of(name, &state)) {
            (Version::One, Some(Directory::Consumers)) => None,
            // The first age knows no personal accounts.
            (Version::One, Some(Directory::Common)) => Directory::of("organizations", &state),
            (_, directory) => directory,
        };
        let directory = directory.ok_or_else(|| SignInError::UnknownDirectory(name.to_owned()))?;
        Ok(Self { directory, version })
    }

    /// Where the Live service sends people: to the second age, personal accounts alone.
    pub(super) fn of_live() -> Self {
        Self { directory: Directory::Consumers, version: Version::Two }
    }

    /// The issuer that discovery tells: a template where it stands for several, whose name a client must fill in.
    pub(super) fn issuer(&self, base: &Base) -> String {
        let id = match &self.directory {
            Directory::Common | Directory::Organizations(_) => TEMPLATE,
            Directory::Consumers => CONSUMERS,
            Directory::Organization(organization) => &organization.id,
        };
        self.version.issuer(base, id)
    }
}

impl Version {
    /// The issuer of ID tokens of accounts in the directory with this id, whichever one they signed in at.
    pub(super) fn issuer(self, base: &Base, id: &str) -> String {
        match self {
            Self::One => base.url_at("sts.windows.net", &format!("/{id}/")),
            Self::Two => base.url(&format!("/{id}/v2.0")),
        }
    }

    /// An endpoint's address at a directory; `rest` is its name in the second age.
    pub(super) fn endpoint(self, base: &Base, directory: &str, rest: &str) -> String {
        match self {
            Self::One => base.url(&format!("/{directory}{}", rest.replacen("/v2.0/", "/", 1))),
            Self::Two => base.url(&format!("/{directory}{rest}")),
        }
    }
}
