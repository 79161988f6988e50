//! What a provider does wrong when it is told to, each so that a sound service provider refuses it (only what `NoAttributes`
//! leaves out is for the service provider to miss, and a comment does no harm to who reads the whole name).

use crate::protocols::saml::wrapping::Wrapping;

/// Something wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    Unsigned,
    /// Signed by a key that no metadata names.
    OtherKey,
    Expired,
    NotYetValid,
    Audience,
    Recipient,
    Destination,
    Issuer,
    InResponseTo,
    /// The answer before this one, once more.
    Replayed,
    Wrapped(Wrapping),
    /// A comment that splits the name identifier of another person.
    CommentInNameId,
    /// A document type with an entity that is a file.
    ExternalEntity,
    Sha1,
    NoAttributes,
    NoNameId,
}

impl Wrong {
    /// All of them, by the names that faults, fixtures and addresses have.
    pub(crate) const ALL: [(Self, &str); 23] = [
        (Self::Unsigned, "unsigned"),
        (Self::OtherKey, "wrong-key"),
        (Self::Expired, "expired"),
        (Self::NotYetValid, "not-yet-valid"),
        (Self::Audience, "wrong-audience"),
        (Self::Recipient, "wrong-recipient"),
        (Self::Destination, "wrong-destination"),
        (Self::Issuer, "wrong-issuer"),
        (Self::InResponseTo, "wrong-in-response-to"),
        (Self::Replayed, "replayed"),
        (Self::Wrapped(Wrapping::Xsw1), "xsw1"),
        (Self::Wrapped(Wrapping::Xsw2), "xsw2"),
        (Self::Wrapped(Wrapping::Xsw3), "xsw3"),
        (Self::Wrapped(Wrapping::Xsw4), "xsw4"),
        (Self::Wrapped(Wrapping::Xsw5), "xsw5"),
        (Self::Wrapped(Wrapping::Xsw6), "xsw6"),
        (Self::Wrapped(Wrapping::Xsw7), "xsw7"),
        (Self::Wrapped(Wrapping::Xsw8), "xsw8"),
        (Self::CommentInNameId, "comment-in-name-id"),
        (Self::ExternalEntity, "external-entity"),
        (Self::Sha1, "sha1"),
        (Self::NoAttributes, "no-attributes"),
        (Self::NoNameId, "no-name-id"),
    ];

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(wrong, known)| (known == name).then_some(wrong))
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find_map(|(wrong, name)| (wrong == self).then_some(name)).unwrap_or_default()
    }

    /// The names, for a message.
    pub(crate) fn names() -> String {
        Self::ALL.map(|(_, name)| name).join(", ")
    }

    /// What it is, for a person to read: completes "an answer …".
    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Unsigned => "without a signature",
            Self::OtherKey => "signed with a key that is not in the metadata",
            Self::Expired => "that expired an hour ago",
            Self::NotYetValid => "that is valid an hour from now",
            Self::Audience => "for another audience",
            Self::Recipient => "for another recipient",
            Self::Destination => "for another destination",
            Self::Issuer => "of another issuer",
            Self::InResponseTo => "to a request that nobody made",
            Self::Replayed => "that was given before",
            Self::Wrapped(Wrapping::Xsw1) => "wrapped, form 1: the response in its signature",
            Self::Wrapped(Wrapping::Xsw2) => "wrapped, form 2: the response before its signature",
            Self::Wrapped(Wrapping::Xsw3) => "wrapped, form 3: a forged assertion first",
            Self::Wrapped(Wrapping::Xsw4) => "wrapped, form 4: the assertion in a forged one",
            Self::Wrapped(Wrapping::Xsw5) => "wrapped, form 5: a forged assertion with the signature",
            Self::Wrapped(Wrapping::Xsw6) => "wrapped, form 6: the assertion in its signature",
            Self::Wrapped(Wrapping::Xsw7) => "wrapped, form 7: a forged assertion in the extensions",
            Self::Wrapped(Wrapping::Xsw8) => "wrapped, form 8: the assertion in an object of its signature",
            Self::CommentInNameId => "with a comment in the NameID",
            Self::ExternalEntity => "with an external entity",
            Self::Sha1 => "signed with SHA-1",
            Self::NoAttributes => "without attributes",
            Self::NoNameId => "without a NameID",
        }
    }
}
