//! An assertion: who a person is, for whom and until when it is said. Source: SAML 2.0 Core §2.3 to §2.7.

use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::name_id::NameId;
use crate::time::Timestamp;

/// An assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assertion {
    pub(crate) id: String,
    pub(crate) issue_instant: Timestamp,
    pub(crate) issuer: String,
    pub(crate) subject: Option<Subject>,
    pub(crate) conditions: Option<Conditions>,
    pub(crate) authn_statements: Vec<AuthnStatement>,
    pub(crate) attributes: Vec<Attribute>,
}

/// Whom it is about, and who may bring it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) name_id: Option<NameId>,
    pub(crate) confirmations: Vec<Confirmation>,
}

/// A `SubjectConfirmation` with its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Confirmation {
    /// `names::BEARER`, mostly.
    pub(crate) method: String,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) not_on_or_after: Option<Timestamp>,
    /// The address that may take it.
    pub(crate) recipient: Option<String>,
    /// The request that it answers.
    pub(crate) in_response_to: Option<String>,
}

/// When, and for whom, it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) not_on_or_after: Option<Timestamp>,
    /// Restrictions, each of which must be met; one is met by any of its audiences.
    pub(crate) audiences: Vec<Vec<String>>,
    pub(crate) one_time_use: bool,
    /// A condition that nobody here knows: nobody can say that it is met.
    pub(crate) unknown: bool,
}

/// When and how the person proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthnStatement {
    pub(crate) authn_instant: Timestamp,
    pub(crate) session_index: Option<String>,
    pub(crate) session_not_on_or_after: Option<Timestamp>,
    /// A URI of `names::authn_context`, or anybody's own.
    pub(crate) class_ref: Option<String>,
}

impl Assertion {
    pub(crate) fn name_id(&self) -> Option<&NameId> {
        self.subject.as_ref()?.name_id.as_ref()
    }

    pub(crate) fn session_index(&self) -> Option<&str> {
        self.authn_statements.iter().find_map(|statement| statement.session_index.as_deref())
    }
}
