//! The parts of a `multipart/form-data` body as they may be shown. Source: RFC 7578.

use crate::http::journal::mask;

/// What stands between a part's headers and its content.
const BLANK_LINE: &str = "\r\n\r\n";

/// A body, whole or cut off: the fields that hold secrets are masked.
pub(crate) fn shown(body: &str) -> String {
    let boundary = body.trim_start().lines().next().unwrap_or_default();
    if boundary.trim_matches('-').is_empty() {
        return mask::text(body);
    }
    body.split(boundary).map(part).collect::<Vec<_>>().join(boundary)
}

/// Whether a body looks like one.
pub(crate) fn is(body: &str) -> bool {
    body.trim_start().starts_with("--") && body.to_ascii_lowercase().contains("content-disposition:")
}

fn part(written: &str) -> String {
    let Some((headers, content)) = written.split_once(BLANK_LINE) else { return mask::text(written) };
    let value = content.strip_suffix("\r\n").unwrap_or(content);
    if value.is_empty() || !field(headers).is_some_and(mask::is_secret) {
        return mask::text(written);
    }
    let end = content.strip_prefix(value).unwrap_or_default();
    [headers, BLANK_LINE, &mask::masked(value), end].concat()
}

/// The name of the field that a part holds.
fn field(headers: &str) -> Option<&str> {
    let named = headers.split([';', '\r', '\n']).find_map(|parameter| parameter.trim().strip_prefix("name="))?;
    Some(named.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_hold_secrets_are_masked() {
        let body = |secret: &str| {
            let part = |name: &str, value: &str| {
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            [&part("password", secret), &part("name", "ana"), "--b--\r\n"].concat()
        };
        assert!(is(&body("x")) && !is("-- a list\n-- of things"));
        assert_eq!(shown(&body("s3cret")), body(&mask::masked("s3cret")));
        let cut = "--b\r\ncontent-disposition: form-data; name=client_secret\r\n\r\ns3c";
        assert!(shown(cut).ends_with(&mask::masked("s3c")), "{}", shown(cut));
    }
}
