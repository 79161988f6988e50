//! Microsoft's personal accounts: version 2 with Microsoft Graph, and the Live service before it.
//! Source: spec/upstreams.md §0 and §4, spec/profile.md §6.4.

mod scopes;

use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::oauth2;
use crate::connections::oauth2::Credentials;
use crate::connections::parameters;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::profile::RawProfile;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;

/// Which service a connection speaks to (`options.strategy_version`, 2 unless it says 1: reference/management-api.json).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    Live,
    Graph,
}

impl Service {
    fn of(connection: &Connection) -> Self {
        match connection.options.get("strategy_version").and_then(Value::as_u64) {
            Some(1) => Self::Live,
            _ => Self::Graph,
        }
    }

    fn authorization(self, base: &str) -> String {
        match self {
            Self::Live => format!("{}/oauth20_authorize.srf", at(base, "login.live.com")),
            Self::Graph => format!("{base}/common/oauth2/v2.0/authorize"),
        }
    }

    fn token(self, base: &str) -> String {
        match self {
            Self::Live => format!("{}/oauth20_token.srf", at(base, "login.live.com")),
            Self::Graph => format!("{base}/common/oauth2/v2.0/token"),
        }
    }

    fn me(self, base: &str) -> String {
        match self {
            Self::Live => format!("{}/v5.0/me", at(base, "apis.live.net")),
            Self::Graph => format!("{}/v1.0/me", at(base, "graph.microsoft.com")),
        }
    }

    /// Without them the profile can't be read; they are asked for whatever the connection says (unverified).
    fn always(self) -> &'static [&'static str] {
        match self {
            Self::Live => &["wl.signin", "wl.basic"],
            Self::Graph => &["User.Read"],
        }
    }
}

/// Sends a person to Microsoft.
pub(super) fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let service = Service::of(party.connection);
    let visit = UpstreamVisit {
        connection: party.connection.name.clone(),
        state: rng.url_safe(64),
        nonce: rng.url_safe(32),
        code_verifier: None,
        redirect_uri: party.callback(),
        base: party.base("microsoft"),
        issuer: None,
    };
    let client_id = Credentials::of(party.connection, embedded_client::MICROSOFT_ID).client_id;
    let mut sent = vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("scope", scope(party.connection, request).join(" ")),
        ("state", visit.state.clone()),
        ("client_id", client_id.to_owned()),
    ];
    sent.extend(request.login_hint.clone().map(|hint| ("login_hint", hint)));
    for (name, value) in parameters::upstream_params(party.connection, request) {
        parameters::put(&mut sent, name, value);
    }
    Ok(Departure::redirect(oauth2::address(&service.authorization(&visit.base), sent)?, visit))
}

/// Reads Microsoft's callback.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    const API: &str = "profile API";
    let service = Service::of(party.connection);
    let code = oauth2::code_of(visit, callback)?;
    let credentials = Credentials::of(party.connection, embedded_client::MICROSOFT_ID);
    let answer = oauth2::exchange(party, visit, &service.token(&visit.base), (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);
    let profile = oauth2::fetch(party, &service.me(&visit.base), tokens.access_token.as_deref(), API).await?;
    if profile.get("id").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(ConnectionError::Garbled(API));
    }
    Ok(Returned::new(RawProfile(profile), tokens))
}

fn scope<'a>(connection: &'a Connection, request: &'a AuthorizationRequest) -> Vec<&'a str> {
    let service = Service::of(connection);
    let (ticked, usual): (_, &[&str]) = match service {
        Service::Live => (scopes::LIVE, &["wl.emails"]),
        Service::Graph => (scopes::GRAPH, &[]),
    };
    let own = parameters::scopes(connection, request, ticked, usual);
    parameters::each_once(service.always().iter().copied().chain(own))
}

/// The real Microsoft has a host for each of these; whoever stands in for it has one for all.
pub(super) fn at(base: &str, host: &str) -> String {
    base.replacen("://login.microsoftonline.com", &format!("://{host}"), 1)
}

#[cfg(test)]
mod tests;
