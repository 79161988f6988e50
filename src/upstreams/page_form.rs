//! What the forms of the fakes' pages send.

use std::convert::Infallible;

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;
use url::form_urlencoded;

use crate::http::body;

/// A form of a page, sent or asked for again (`GET` with its handle). What can't be read is as if it weren't sent:
/// without a handle nothing goes on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PageForm {
    /// The dialog's handle.
    pub(super) flow: String,
    /// The id of the account that was pressed.
    pub(super) account: Option<String>,
    /// What was typed instead.
    pub(super) identifier: Option<String>,
    /// The password, where one is asked for.
    pub(super) password: Option<String>,
    /// The button: `accept`, `deny`, `switch`.
    pub(super) action: Option<String>,
    /// The name that the app is to be told.
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
    /// What the answer is to do wrong.
    pub(super) wrong: Option<String>,
    /// The boxes that are ticked.
    pub(super) permissions: Vec<String>,
}

impl PageForm {
    fn of(text: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(text) {
            let value = value.into_owned();
            match &*name {
                "flow" => form.flow = value,
                "account" => form.account = Some(value),
                "identifier" | "loginfmt" => form.identifier = Some(value),
                "passwd" => form.password = Some(value),
                "given_name" => form.given_name = Some(value),
                "family_name" => form.family_name = Some(value),
                "wrong" => form.wrong = Some(value),
                "action" => form.action = Some(value),
                "permission" => form.permissions.push(value),
                _ => {}
            }
        }
        form
    }
}

impl<S: Send + Sync> FromRequest<S> for PageForm {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        if request.method() != Method::POST {
            return Ok(Self::of(request.uri().query().unwrap_or_default().as_bytes()));
        }
        let body = body::read(request.into_body(), body::MOST_BYTES).await.unwrap_or_default();
        Ok(Self::of(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ticked_box_counts() {
        let form = PageForm::of(b"flow=h&permission=email&permission=user_birthday&action=accept&other=1");
        assert_eq!((form.flow.as_str(), form.action.as_deref()), ("h", Some("accept")));
        assert_eq!(form.permissions, ["email", "user_birthday"]);
        assert_eq!(PageForm::of(b"\xff%zz=&&=").flow, "");
    }
}
