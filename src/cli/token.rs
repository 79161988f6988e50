//! `impostor token`: a signed token of anybody, from a running server, without a login.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Map;
use serde_json::Value;

use crate::cli::error::CliError;
use crate::cli::target::Target;
use crate::cli::target::runtime;
use crate::client::orders::TokenOrder;
use crate::client::orders::WRONG;

/// Whose token, for what.
#[derive(Args)]
pub(crate) struct TokenCommand {
    /// Whose: a `user_id`, an e-mail address, a username, or `google:ID` of somebody who signed in with it
    #[arg(long, value_name = "WHO", required_unless_present = "client")]
    user: Option<String>,
    /// The app's `client_id` or name; without --user the token is the app's own
    #[arg(long, value_name = "ID")]
    client: Option<String>,
    /// The API's identifier; without one (and no default one in the tenant) the token is opaque, for /userinfo
    #[arg(long, value_name = "API")]
    audience: Option<String>,
    /// The scopes, with spaces between [default: openid profile email; for an app's own token, all it is granted]
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// The organization's id or name
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// Permissions in the place of the person's own, with commas between
    #[arg(long = "permissions", value_name = "NAMES", value_delimiter = ',')]
    permissions: Option<Vec<String>>,
    /// A claim of the token, as JSON or as plain text; `null` takes one out. May be repeated
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claim)]
    claims: Vec<(String, Value)>,
    /// How long ago it was issued: PT2H
    #[arg(long, value_name = "DURATION")]
    age: Option<String>,
    /// How long it lives, in seconds
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<i64>,
    /// What is to be wrong with it, for tests of what verifies it
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(WRONG))]
    wrong: Option<String>,
    /// Print the ID token instead of the access token
    #[arg(long, conflicts_with = "json")]
    id_token: bool,
    #[command(flatten)]
    target: Target,
    /// Print all there is, with the claims, as JSON
    #[arg(long, env = "IMPOSTOR_JSON")]
    json: bool,
}

/// `NAME=VALUE`, the value as JSON if it is some.
fn claim(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("it must be NAME=VALUE")?;
    Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

/// Prints the token and nothing else.
///
/// # Errors
/// One sentence: no server there, nobody of that name, nothing that fits.
pub(crate) fn run(command: TokenCommand) -> Result<(), CliError> {
    let runtime = runtime()?;
    let (target, control) = (&command.target, command.target.control()?);
    let claims: Map<_, _> = command.claims.into_iter().collect();
    let (claims, id_token_claims) = if command.id_token { (Map::new(), claims) } else { (claims, Map::new()) };
    let order = TokenOrder {
        person: command.user,
        client: command.client,
        audience: command.audience,
        scope: command.scope,
        organization: command.organization,
        permissions: command.permissions,
        claims,
        id_token_claims,
        nonce: None,
        age: command.age,
        lifetime: command.lifetime,
        wrong: command.wrong,
    };
    let made = runtime.block_on(control.make_tokens(&order)).map_err(|error| target.refused(error))?;
    if command.json {
        let text = serde_json::to_string_pretty(&made).map_err(|error| CliError::new(error.to_string()))?;
        println!("{text}");
        return Ok(());
    }
    let (token, why) = if command.id_token {
        (made.id_token, "there is an ID token only of a person (--user) and with the scope openid")
    } else {
        (made.access_token, "an opaque token has nothing in it that could be wrong: give an API by --audience")
    };
    println!("{}", token.ok_or_else(|| CliError::usage(why))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_is_json_where_it_can_be() {
        assert_eq!(claim("plan=gold"), Ok(("plan".to_owned(), json!("gold"))));
        assert_eq!(claim("level=3"), Ok(("level".to_owned(), json!(3))));
        assert_eq!(claim("https://acme.example/x=[\"a\"]"), Ok(("https://acme.example/x".to_owned(), json!(["a"]))));
        assert!(claim("=3").is_err() && claim("plan").is_err());
    }
}
