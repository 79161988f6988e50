//! What a provider does wrong when it is told to, each so that a sound service provider refuses it (only what `NoAttributes`
//! leaves out is for the service provider to miss).

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
    /// All of them, by the names that fixtures and addresses have.
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

    /// The names, for a message.
    pub(crate) fn names() -> String {
        Self::ALL.map(|(_, name)| name).join(", ")
    }
}
