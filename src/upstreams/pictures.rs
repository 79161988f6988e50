//! Pictures of people without one: their initials on a colour of their own.

use axum::extract::OriginalUri;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::keys::digest;
use crate::upstreams::accounts::Account;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Fake;

/// `GET /signin/avatars/{id}`. Ids are made of characters that stand in paths as they are.
pub(super) async fn avatar<D: Dialect>(fake: Fake<D>, OriginalUri(uri): OriginalUri) -> Response {
    let id = uri.path().rsplit('/').next().unwrap_or_default();
    match fake.read().accounts.get(id) {
        Some(account) => picture(account, 96),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The account's picture, so many pixels wide and high.
pub(super) fn picture(account: &Account, size: u32) -> Response {
    of(&account.id, account.label(), size)
}

/// The picture of somebody with this id and name.
pub(super) fn of(id: &str, label: &str, size: u32) -> Response {
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "private, max-age=300"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
    ];
    (headers, svg((id, label), size)).into_response()
}

fn svg((id, label): (&str, &str), size: u32) -> String {
    let hue = digest::sha256(id.as_bytes()).iter().fold(0, |sum, byte| sum + u32::from(*byte)) % 360;
    let initials = initials(label);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 96 96\">\
         <rect width=\"96\" height=\"96\" fill=\"hsl({hue},45%,42%)\"/>\
         <text x=\"48\" y=\"50\" fill=\"#fff\" font-family=\"sans-serif\" font-size=\"38\" text-anchor=\"middle\" \
         dominant-baseline=\"central\">{initials}</text></svg>"
    )
}

/// The first letters of the first and the last word; nothing that means something in XML is a letter.
fn initials(label: &str) -> String {
    let mut letters = label.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_letters_and_nothing_else() {
        assert_eq!(initials("Ana Maria Ruiz"), "AR");
        assert_eq!(initials("bo"), "B");
        assert_eq!(initials("<i> &amp; \"x"), "IX");
        assert_eq!(initials("ß"), "SS");
        assert_eq!(initials(""), "");
    }
}
