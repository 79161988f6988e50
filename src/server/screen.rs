//! The start screen, on the terminal and as the page at `/`: where everything is, who may sign in, how to trust it, and
//! a line to copy.

use std::fmt::Write as _;

use askama::Template;
use axum::http::header;
use axum::response::Html;
use axum::response::IntoResponse as _;
use axum::response::Response;

use crate::domain::password::Password;
use crate::domain::strategy::Kind;
use crate::domain::strategy::Strategy;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::server::service::Service;
use crate::server::site::Site;
use crate::store::state::TenantState;
use crate::upstreams::provider::Provider;

/// How many people of a kind the screen names.
const MOST_PEOPLE: usize = 6;

/// What the screen tells of.
pub(crate) struct Screen<'a> {
    pub(crate) site: &'a Site,
    pub(crate) http: Address,
    pub(crate) https: Address,
    /// How to trust the certificates.
    pub(crate) trust: Option<&'a str>,
    /// Shown on the terminal alone.
    pub(crate) control_key: Option<&'a str>,
    /// Where the directory speaks LDAP.
    pub(crate) ldap: &'a [String],
}

impl Screen<'_> {
    /// The whole screen, without a trailing newline.
    pub(crate) fn text(&self) -> String {
        let tenant = &self.site.tenant;
        let state = tenant.read();
        let (http, https) = (&self.http, &self.https);
        let mut screen = String::new();
        // Writing to a String can't fail.
        let version = env!("CARGO_PKG_VERSION");
        let _ = writeln!(screen, "Impostor {version}: the tenant \"{}\" is ready. For tests only.\n", tenant.name());
        let _ = writeln!(screen, "  issuer      {}", https.issuer());
        let _ = writeln!(screen, "              {}   (the same without TLS)", http.issuer());
        let _ = writeln!(screen, "  domain      AUTH0_DOMAIN={}", https.authority());
        let _ = writeln!(screen, "  management  {}", https.url("/api/v2/"));
        let _ = writeln!(screen, "  control     {}", http.url("/_impostor/"));
        if let Some(key) = self.control_key {
            let _ = writeln!(screen, "              Authorization: Bearer {key}");
        }
        for provider in Provider::ALL {
            let _ = writeln!(screen, "  fake        {}", http.url(&format!("/_upstreams/{}", provider.as_str())));
        }
        if !self.ldap.is_empty() {
            let fakes = self.site.upstreams.read();
            let domain = fakes.directory.domain().map_or("it is empty", |domain| domain.dn.as_str());
            let _ = writeln!(screen, "  directory   {}   ({domain})", self.ldap.join(" "));
        }
        self.trust(&mut screen);
        clients(&mut screen, &state);
        self.people(&mut screen, &state);
        let _ = write!(screen, "\nTry it:\n  {}", first_try(&state, http.base()));
        screen
    }

    fn trust(&self, screen: &mut String) {
        match self.trust {
            Some(trust) => {
                let _ = writeln!(screen, "  trust       {trust}");
            }
            None => {
                let _ = writeln!(
                    screen,
                    "  trust       keys are in memory only; use --data DIR to have a CA file to trust"
                );
            }
        }
        let _ = writeln!(
            screen,
            "  same site   run your app on https://localhost:PORT with the https issuer, or on http://localhost:PORT with the \
             http one"
        );
    }

    fn people(&self, screen: &mut String, state: &TenantState) {
        let _ = writeln!(screen, "\nPeople:");
        for user in state.users.in_order().take(MOST_PEOPLE) {
            let known_by = user.email.as_deref().or(user.username.as_deref()).or(user.phone_number.as_deref());
            let name = known_by.unwrap_or(user.user_id.as_str());
            let strategy = user.primary().map(|primary| primary.provider);
            let place = strategy.filter(|strategy| !strategy.is_database()).map_or("database", Strategy::as_str);
            let password = match &user.password {
                None if strategy.is_some_and(|strategy| strategy.kind() == Kind::Passwordless) => "(a code is sent)",
                Some(Password::Plain(password)) => password,
                Some(Password::Bcrypt(_)) => "(the password is a hash)",
                None => "(no password)",
            };
            let note = if user.is_blocked() { "   blocked" } else { "" };
            let _ = writeln!(screen, "  {place:<11} {name:<28} {password}{note}");
        }
        more(screen, state.users.len());
        let fakes = self.site.upstreams.read();
        for provider in Provider::ALL {
            let accounts = fakes.of(provider).accounts_in_order();
            for account in accounts.iter().take(MOST_PEOPLE) {
                let _ = writeln!(screen, "  {:<11} {:<28} (one click)", provider.as_str(), account.label());
            }
            more(screen, accounts.len());
        }
    }
}

/// `GET /`: the screen as a page.
pub(crate) async fn page(service: Service, site: Site, address: Address) -> Result<Response, Failure> {
    let over = |secure| Address::new(secure, address.authority());
    let (trust, site) = (service.trust(), &site);
    let ldap = service.sites().named(site.tenant.name()).and_then(|seat| seat.ldap);
    let ldap = ldap.map_or_else(Vec::new, |ports| ports.urls());
    let screen = Screen { site, http: over(false), https: over(true), trust, control_key: None, ldap: &ldap };
    let page = ScreenPage { text: &screen.text(), tenant: site.tenant.name() };
    let page = page.render().map_err(|error| Failure::new(format!("render the start screen: {error}")))?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    Ok(([(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")], Html(page)).into_response())
}

#[derive(Template)]
#[template(path = "server/screen.html")]
struct ScreenPage<'a> {
    tenant: &'a str,
    text: &'a str,
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
