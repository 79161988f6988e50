//! The start screen: where everything is, who may sign in, how to trust it, and a line to copy.

use std::fmt::Write as _;

use crate::server::running::Running;
use crate::store::state::TenantState;

/// How many people of a kind the screen names.
const MOST_PEOPLE: usize = 6;

/// The whole screen, without a trailing newline.
pub(crate) fn text(running: &Running) -> String {
    let tenant = running.default_tenant();
    let state = tenant.read();
    let (http, https) = (running.address(), running.secure_address());
    let mut screen = String::new();
    // Writing to a String can't fail.
    let _ = writeln!(
        screen,
        "Impostor {}: the tenant \"{}\" is ready. For tests only.\n",
        env!("CARGO_PKG_VERSION"),
        tenant.name()
    );
    let _ = writeln!(screen, "  issuer      {}", https.issuer());
    let _ = writeln!(screen, "              {}   (the same without TLS)", http.issuer());
    let _ = writeln!(screen, "  domain      AUTH0_DOMAIN={}", https.authority());
    let _ = writeln!(screen, "  management  {}", https.url("/api/v2/"));
    let _ = writeln!(screen, "  control     {}", http.url("/_impostor/"));
    if let Some(key) = running.control_key() {
        let _ = writeln!(screen, "              Authorization: Bearer {key}");
    }
    let _ = writeln!(screen, "  fakes       {}   {}", http.url("/_upstreams/google"), http.url("/_upstreams/facebook"));
    trust(&mut screen, running);
    clients(&mut screen, &state);
    people(&mut screen, running, &state);
    let _ = write!(screen, "\nTry it:\n  {}", first_try(&state, http.base()));
    screen
}

fn trust(screen: &mut String, running: &Running) {
    match running.ca_file() {
        Some(file) => {
            let _ = writeln!(screen, "  trust       eval \"$(impostor ca env)\"   (the CA is {file})");
        }
        None => {
            let _ =
                writeln!(screen, "  trust       keys are in memory only; use --data DIR to have a CA file to trust");
        }
    }
    let _ = writeln!(
        screen,
        "  same site   run your app on https://localhost:PORT with the https issuer, or on http://localhost:PORT with the http one"
    );
}

fn clients(screen: &mut String, state: &TenantState) {
    let _ = writeln!(screen, "\nClients:");
    for client in state.clients.rows().filter(|client| !client.global) {
        let kind = client.app_type.as_deref().unwrap_or("-");
        let secret = match (&client.client_secret, client.is_public()) {
            (Some(secret), false) => secret.as_str(),
            _ => "(public: no secret)",
        };
        let _ = writeln!(screen, "  {:<18} {:<16} {secret}", client.client_id.as_str(), kind);
    }
}

fn people(screen: &mut String, running: &Running, state: &TenantState) {
    use crate::domain::password::Password;
    let _ = writeln!(screen, "\nPeople:");
    for user in state.users.in_order().take(MOST_PEOPLE) {
        let name = user.email.as_deref().or(user.username.as_deref()).unwrap_or(user.user_id.as_str());
        let password = match &user.password {
            Some(Password::Plain(password)) => password,
            _ => "(password is a hash)",
        };
        let note = if user.is_blocked() { "   blocked" } else { "" };
        let _ = writeln!(screen, "  database    {name:<28} {password}{note}");
    }
    more(screen, state.users.len());
    for (fake, names) in running.people_at_fakes() {
        for name in names.iter().take(MOST_PEOPLE) {
            let _ = writeln!(screen, "  {fake:<11} {name:<28} (one click)");
        }
        more(screen, names.len());
    }
}

fn more(screen: &mut String, all: usize) {
    if all > MOST_PEOPLE {
        let _ = writeln!(screen, "              and {} more", all - MOST_PEOPLE);
    }
}

/// A token for the first client that can have one without a person.
fn first_try(state: &TenantState, base: &str) -> String {
    for grant in state.client_grants.rows() {
        let client = state.client(grant.client_id.as_str());
        let api = state.resource_server_named(&grant.audience).filter(|api| !api.is_system);
        if let (Some(client), Some(api)) = (client, api)
            && let Some(secret) = &client.client_secret
        {
            return format!(
                "curl {base}/oauth/token -d grant_type=client_credentials -d client_id={} -d client_secret={secret} -d audience={}",
                client.client_id, api.identifier
            );
        }
    }
    format!("curl {base}/.well-known/openid-configuration")
}
