//! What can go wrong when one talks to a server from outside.

use serde_json::Value;

/// Why a call did not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody answered, or the connection broke.
    #[error("failed to reach {url}: {cause}")]
    Unreachable {
        /// Where the call went.
        url: String,
        /// What the network said, outermost cause first.
        cause: String,
    },
    /// The server answered with an error of its own.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The server answered with something that is not what the call answers.
    #[error("failed to read the answer of {url}: {cause}")]
    Unreadable {
        /// Where the call went.
        url: String,
        /// What was expected of the answer.
        cause: String,
    },
    /// A page does not have what a person would look for on it.
    #[error("the page {url} has no {missing}; it says: {says}")]
    NotOnPage {
        /// The page's address.
        url: String,
        /// What was looked for.
        missing: String,
        /// The page's visible text, abridged.
        says: String,
    },
    /// Redirects went on and on.
    #[error("gave up after {limit} redirects, the last one to {url}")]
    Endless {
        /// How many were followed.
        limit: usize,
        /// Where the next one would have led.
        url: String,
    },
    /// A token that should be one of the server's is not.
    #[error("the token is not valid: {0}")]
    InvalidToken(String),
    /// An address or a certificate that was handed in can't be used.
    #[error("can't use {what}: {cause}")]
    Unusable {
        /// What was handed in.
        what: String,
        /// Why it is of no use.
        cause: String,
    },
}

/// An error answer, whichever protocol's form it has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{call} answered {status} {code}: {message}")]
pub struct Refusal {
    /// Method and address of the call.
    pub call: String,
    /// The HTTP status.
    pub status: u16,
    /// OAuth's `error`, the Management API's `errorCode` (else its `error`), the control API's `code`; else empty.
    pub code: String,
    /// OAuth's `error_description` or the others' `message`; the whole body where it is none of these forms.
    pub message: String,
}

impl Refusal {
    /// Reads an error answer.
    pub(crate) fn read(call: String, status: u16, body: &str) -> Self {
        let json: Value = serde_json::from_str(body).unwrap_or_default();
        let member = |pointer: &str| json.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let code = ["/error/code", "/errorCode", "/error", "/code"].into_iter().find_map(member);
        let message = ["/error/message", "/error_description", "/message", "/description"].into_iter().find_map(member);
        Self { call, status, code: code.unwrap_or_default(), message: message.unwrap_or_else(|| body.to_owned()) }
    }
}

impl ClientError {
    /// The server's own error, if that is what this is.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, code: &str, message: &str) {
        let refusal = Refusal::read("POST /".to_owned(), 403, body);
        assert_eq!((refusal.code.as_str(), refusal.message.as_str()), (code, message));
    }

    #[test]
    fn each_protocol_s_error_is_understood() {
        check(
            r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#,
            "invalid_grant",
            "Invalid authorization code",
        );
        check(
            r#"{"statusCode":404,"error":"Not Found","message":"The user does not exist.","errorCode":"inexistent_user"}"#,
            "inexistent_user",
            "The user does not exist.",
        );
        check(
            r#"{"statusCode":401,"error":"Unauthorized","message":"Missing authentication"}"#,
            "Unauthorized",
            "Missing authentication",
        );
        check(r#"{"error":{"code":"unknown_tenant","message":"no such tenant"}}"#, "unknown_tenant", "no such tenant");
        check("Unauthorized", "", "Unauthorized");
    }
}
