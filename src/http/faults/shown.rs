//! What a request shows of whom it is from and about: secrets and names, unverified.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::http::body::Media;
use crate::http::parameters::Parameters;

/// Parameters with secrets that somebody was given, and with names.
const SHOWN: [&str; 10] = [
    "code",
    "access_token",
    "refresh_token",
    "token",
    "oauth2_access_token",
    "input_token",
    "account",
    "identifier",
    "login_hint",
    "id",
];

/// The secrets and names in a request to a provider.
pub(crate) fn of(headers: &HeaderMap, query: &str, body: &[u8]) -> Vec<String> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.split_once(' ')).map(|(_, token)| token.trim().to_owned());
    let parameters = all(headers, query, body);
    let shown = parameters.iter().flat_map(|parameters| SHOWN.iter().filter_map(|name| parameters.get(name)));
    token.into_iter().chain(shown.map(str::to_owned)).collect()
}

/// The `client_id` of a request to a provider.
pub(crate) fn client(headers: &HeaderMap, query: &str, body: &[u8]) -> Option<String> {
    all(headers, query, body).iter().find_map(|parameters| parameters.get("client_id").map(str::to_owned))
}

fn all(headers: &HeaderMap, query: &str, body: &[u8]) -> Vec<Parameters> {
    let of_body = match Media::of(headers) {
        Media::Form => Parameters::of_form(body).ok(),
        Media::Json => Parameters::of_json(body).ok(),
        Media::Other => None,
    };
    Parameters::of_form(query.as_bytes()).ok().into_iter().chain(of_body).collect()
}
