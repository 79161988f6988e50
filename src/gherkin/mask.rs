//! Takes secrets out of what is printed and reported.

/// Parameters of addresses and bodies whose values are secret.
const SECRET: [&str; 12] = [
    "access_token",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "login_ticket",
    "password",
    "refresh_token",
    "SAMLResponse",
    "ticket",
    "token",
];

/// What stands in a secret's place.
const MASK: &str = "***";

/// Shorter texts are no secrets: taking them out would take out everything.
const SHORTEST: usize = 6;

/// `text` without `secrets`, tokens, and the values of parameters that are secret.
pub(crate) fn masked(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
        text = text.replace(secret.as_str(), MASK);
    }
    parameters(&tokens(&text))
}

/// A signed token keeps its first letters, which are the same for all.
fn tokens(text: &str) -> String {
    let of_token = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    let mut masked = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("eyJ") {
        let end = from.find(|char| !of_token(char)).unwrap_or(from.len());
        let (token, after) = from.split_at_checked(end).unwrap_or((from, ""));
        let is_token = token.matches('.').count() >= 2;
        masked.push_str(before);
        masked.push_str("eyJ");
        masked.push_str(if is_token { MASK } else { token });
        rest = after;
    }
    masked + rest
}

fn parameters(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some((before, value)) = rest.split_once('=') {
        masked.push_str(before);
        masked.push('=');
        let start = before.rfind(|char: char| !(char.is_ascii_alphanumeric() || char == '_'));
        let name = start.and_then(|at| before.get(at + 1..)).unwrap_or(before);
        rest = value;
        if SECRET.contains(&name) {
            let end = value.find(|char: char| "&\"'<>#,;)".contains(char) || char.is_whitespace());
            rest = value.get(end.unwrap_or(value.len())..).unwrap_or_default();
            masked.push_str(if end == Some(0) { "" } else { MASK });
        }
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(masked(text, &["Passw0rd!ana".to_owned()]), expected);
    }

    #[test]
    fn secrets_are_taken_out_and_nothing_else() {
        check("he typed Passw0rd!ana", "he typed ***");
        check("GET /cb?code=abc&state=s", "GET /cb?code=***&state=s");
        check("/cb#id_token=a.b.c", "/cb#id_token=***");
        check("the JWT eyJhbGci.eyJpc3Mi.c2ln is", "the JWT eyJ*** is");
        check("eyJ and a=b, 1 = 1", "eyJ and a=b, 1 = 1");
        check("response_type=code&x=", "response_type=code&x=");
    }
}
