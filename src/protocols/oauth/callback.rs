//! Addresses that people are sent back to an app with. Source: RFC 6749 §4.1.2 and §4.2.2.

use url::Url;
use url::form_urlencoded;

/// `uri` with parameters added to its query. A `uri` that can't be parsed stays as it is: it was checked before.
pub(crate) fn in_query<'a>(uri: &str, parameters: &[(&'a str, &'a str)]) -> String {
    let Ok(mut url) = Url::parse(uri) else { return uri.to_owned() };
    url.query_pairs_mut().extend_pairs(parameters);
    url.into()
}

/// `uri` with parameters as its fragment.
pub(crate) fn in_fragment<'a>(uri: &str, parameters: &[(&'a str, &'a str)]) -> String {
    let Ok(mut url) = Url::parse(uri) else { return uri.to_owned() };
    url.set_fragment(Some(&form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_to_those_that_are_there() {
        let uri = in_query("http://localhost:1/cb?a=1", &[("code", "4/0A"), ("state", "x y&z")]);
        assert_eq!(uri, "http://localhost:1/cb?a=1&code=4%2F0A&state=x+y%26z");
        assert_eq!(in_fragment("http://localhost:1/cb?a=1", &[("t", "a=b")]), "http://localhost:1/cb?a=1#t=a%3Db");
    }
}
