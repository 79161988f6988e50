//! `impostor token`: a signed token of anybody, from a running server, without a login.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Map;
use serde_json::Value;

use crate::cli::error::CliError;
use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::client::orders::TokenOrder;
use crate::client::orders::WRONG;
use crate::client::transport::Transport;
use crate::client::transport::TransportOptions;

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
    /// The running server, or one of its tenants
    #[arg(long, value_name = "URL", env = "IMPOSTOR_TARGET", default_value = "http://localhost:4480")]
    target: String,
    /// What the server's control API wants where it listens beyond loopback
    #[arg(long, value_name = "KEY", env = "IMPOSTOR_CONTROL_KEY", hide_env_values = true)]
    control_key: Option<String>,
    /// A file with the certificate authorities to trust, for a target behind https
    #[arg(long, value_name = "FILE", env = "IMPOSTOR_CA_FILE")]
    ca_file: Option<PathBuf>,
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::new(format!("can't start threads: {error}")))?;
    let control = control(&command)?;
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
    let made = runtime.block_on(control.make_tokens(&order)).map_err(|error| refused(&command.target, error))?;
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

fn control(command: &TokenCommand) -> Result<Control, CliError> {
    let unusable = |error: ClientError| CliError::usage(error.to_string());
    let mut trusted = Vec::new();
    if let Some(file) = &command.ca_file {
        let unreadable = |error| CliError::usage(format!("can't read {}: {error}", file.display()));
        trusted.push(fs::read(file).map_err(unreadable)?);
    }
    let mut transport = Transport::with(TransportOptions { trusted, localhost: None }).map_err(unusable)?;
    if let Some(key) = &command.control_key {
        transport = transport.bearing(key).map_err(unusable)?;
    }
    Control::at(transport, &command.target).map_err(unusable)
}

fn refused(target: &str, error: ClientError) -> CliError {
    match error {
        ClientError::Unreachable { cause, .. } => CliError::new(format!(
            "no server answers at {target}: start one by `impostor serve`, or name it by --target ({cause})"
        )),
        other => {
            let message = other.refusal().map_or_else(|| other.to_string(), |refusal| refusal.message.clone());
            CliError::new(message)
        }
    }
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
