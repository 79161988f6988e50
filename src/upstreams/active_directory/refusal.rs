//! How the directory says no: result codes with Active Directory's diagnostic texts.
//!
//! The texts are those of Windows Server; the numbers after `DSID` and the version differ from build to build there.
//! Source: spec/enterprise.md §2.5, §2.9; MS-ADTS §3.1.1.3.1.9 and the error codes of MS-ERREF.

use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::upstreams::active_directory::entry::EntryId;

/// Why a request was refused. Display is the diagnostic text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// A bind failed; the sub-code says why, in hexadecimal digits.
    #[error("80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {0:x}, v3839")]
    Credentials(u32),
    #[error(
        "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be \
         completed on the connection., data 0, v4563"
    )]
    NotBound,
    #[error("0000208D: NameErr: DSID-0310028C, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'{0}'\n")]
    NoObject(String),
    #[error("0000208F: NameErr: DSID-03100225, problem 2006 (BAD_NAME), data 8350, best match of:\n\t'{0}'\n")]
    BadName(String),
    #[error("00002071: UpdErr: DSID-031B0F72, problem 6005 (ENTRY_EXISTS), data 0")]
    Exists,
    #[error("00000562: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0")]
    IsMember,
    #[error("00000561: SvcErr: DSID-031A11E5, problem 5003 (WILL_NOT_PERFORM), data 0")]
    NoMember,
    #[error(
        "000021C8: AtrErr: DSID-03200BC6, #1:\n\t0: 000021C8: DSID-03200BC6, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att {0}"
    )]
    NotUnique(&'static str),
    #[error("00000057: LdapErr: DSID-0C090F2F, comment: Error in attribute conversion operation ({0}), data 0, v4563")]
    UnknownAttribute(String),
    #[error(
        "00002085: AtrErr: DSID-03152392, #1:\n\t0: 00002085: DSID-03152392, problem 1001 (NO_ATTRIBUTE_OR_VAL), data 0, Att {0}"
    )]
    NoValue(&'static str),
    #[error(
        "00002083: AtrErr: DSID-031516D6, #1:\n\t0: 00002083: DSID-031516D6, problem 1006 (ATT_OR_VALUE_EXISTS), data 0, Att {0}"
    )]
    ValueExists(&'static str),
    #[error(
        "00002082: AtrErr: DSID-03151D3B, #1:\n\t0: 00002082: DSID-03151D3B, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att {0}"
    )]
    OneValue(&'static str),
    #[error(
        "00000057: LdapErr: DSID-0C090E8B, comment: Error in attribute conversion operation, data 0, Att {0}, v4563"
    )]
    BadValue(&'static str),
    #[error("0000209A: SvcErr: DSID-031A1081, problem 5003 (WILL_NOT_PERFORM), data 0, Att {0}")]
    ReadOnly(&'static str),
    #[error("000020B1: UpdErr: DSID-030F0D19, problem 6004 (CANT_ON_RDN), data 0")]
    OnRdn,
    #[error("0000207C: UpdErr: DSID-0315166D, problem 6002 (OBJ_CLASS_VIOLATION), data 0: {0}")]
    Class(String),
    #[error("00002015: UpdErr: DSID-030A0CC6, problem 6003 (CANT_ON_NON_LEAF), data 0")]
    NotLeaf,
    #[error("00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0")]
    NoRights,
    /// A password may only be written where nobody listens in.
    #[error("0000001F: SvcErr: DSID-031A126A, problem 5003 (WILL_NOT_PERFORM), data 0")]
    NotSecure,
    /// A password that is set does not keep the domain's rules.
    #[error("0000052D: SvcErr: DSID-031A120C, problem 5003 (WILL_NOT_PERFORM), data 0")]
    PasswordRules,
    /// A password that is changed does not keep the domain's rules.
    #[error(
        "0000052D: AtrErr: DSID-03190F80, #1:\n\t0: 0000052D: DSID-03190F80, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 9005a (unicodePwd)"
    )]
    ChangeRules,
    /// The old password was a wrong one; whose it is not, it counts against.
    #[error(
        "00000056: AtrErr: DSID-03190F80, #1:\n\t0: 00000056: DSID-03190F80, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 9005a (unicodePwd)"
    )]
    OldPassword(EntryId),
    /// Too many wrong passwords were tried for the right one to be heard.
    #[error(
        "00000775: AtrErr: DSID-03190F80, #1:\n\t0: 00000775: DSID-03190F80, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 9005a (unicodePwd)"
    )]
    Locked,
    /// What is asked for is not something that the directory does.
    #[error("0000202C: SvcErr: DSID-03190A2E, problem 5003 (WILL_NOT_PERFORM), data 0: {0}")]
    Unwilling(String),
    #[error("000020EF: SvcErr: DSID-03140519, problem 5012 (DIR_ERROR), data 0: {0}")]
    Protocol(String),
    #[error("00002120: SvcErr: DSID-03140548, problem 5010 (UNAVAIL_EXTENSION), data 0: {0}")]
    Extension(String),
}

impl Refusal {
    pub(crate) fn result(&self) -> LdapResult {
        let result = LdapResult::new(self.code(), self.to_string());
        match self {
            Self::NoObject(nearest) => result.matched(nearest),
            _ => result,
        }
    }

    fn code(&self) -> ResultCode {
        match self {
            Self::Credentials(_) => ResultCode::InvalidCredentials,
            Self::NotBound => ResultCode::OperationsError,
            Self::NoObject(_) => ResultCode::NoSuchObject,
            Self::BadName(_) => ResultCode::InvalidDnSyntax,
            Self::Exists | Self::IsMember => ResultCode::EntryAlreadyExists,
            Self::UnknownAttribute(_) | Self::NoValue(_) => ResultCode::NoSuchAttribute,
            Self::ValueExists(_) => ResultCode::AttributeOrValueExists,
            Self::NotUnique(_) | Self::OneValue(_) | Self::ChangeRules | Self::OldPassword(_) | Self::Locked => {
                ResultCode::ConstraintViolation
            }
            Self::BadValue(_) => ResultCode::InvalidAttributeSyntax,
            Self::OnRdn => ResultCode::NotAllowedOnRdn,
            Self::Class(_) => ResultCode::ObjectClassViolation,
            Self::NotLeaf => ResultCode::NotAllowedOnNonLeaf,
            Self::NoRights => ResultCode::InsufficientAccessRights,
            Self::ReadOnly(_) | Self::NoMember | Self::NotSecure | Self::PasswordRules | Self::Unwilling(_) => {
                ResultCode::UnwillingToPerform
            }
            Self::Protocol(_) => ResultCode::ProtocolError,
            Self::Extension(_) => ResultCode::UnavailableCriticalExtension,
        }
    }
}
