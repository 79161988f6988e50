//! What the options of a connection to Entra ID say. Source: spec/profile.md §6.5, spec/enterprise.md §7,
//! reference/management-api.json (`ConnectionOptionsAzureAD`).

use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::openid::WELL_KNOWN;
use crate::connections::parameters;
use crate::connections::redirect::RelyingParty;
use crate::domain::connection::Connection;
use crate::domain::transaction::AuthorizationRequest;

/// Where the people of any company may sign in, and at the embedded fake those of its one directory.
const ANY: &str = "organizations";

/// How many groups are read unless the connection says otherwise (`max_groups_to_retrieve`; the number is unverified),
/// and how many it can say.
const USUAL_GROUPS: usize = 250;
const MOST_GROUPS: usize = 10_000;

/// Asked for whatever the connection says: without them the profile can't be read (unverified).
const ALWAYS: [&str; 4] = ["openid", "profile", "email", "User.Read"];

/// What groups are read with.
const READS_GROUPS: &str = "Directory.Read.All";

/// Which age of the endpoints a connection speaks to (`identity_api`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    One,
    Two,
}

impl Api {
    pub(super) fn of(connection: &Connection) -> Self {
        match connection.text_option("identity_api") {
            Some("azure-active-directory-v1.0") => Self::One,
            _ => Self::Two,
        }
    }
}

/// # Errors
/// [`ConnectionError::Misconfigured`] for a connection by WS-Federation.
pub(super) fn check(connection: &Connection) -> Result<(), ConnectionError> {
    let by_wsfed = connection.text_option("waad_protocol") == Some("ws-federation");
    if by_wsfed || connection.flag_option("use_wsfed") {
        let wrong = "Entra ID by WS-Federation is not built yet, only by OpenID Connect";
        return Err(ConnectionError::Misconfigured(wrong.to_owned()));
    }
    Ok(())
}

/// The address of the directory's discovery document.
///
/// # Errors
/// [`ConnectionError::Misconfigured`] when the directory's name can't be one.
pub(super) fn discovery(party: RelyingParty<'_>) -> Result<String, ConnectionError> {
    let (base, directory) = (party.base("microsoft"), directory(party.connection)?);
    Ok(match Api::of(party.connection) {
        Api::One => format!("{base}/{directory}{WELL_KNOWN}"),
        Api::Two => format!("{base}/{directory}/v2.0{WELL_KNOWN}"),
    })
}

/// The directory whose people sign in: any (`waad_common_endpoint`, as it used to be called `useCommonEndpoint`), else
/// the one at `tenant_domain`, else whichever the person belongs to.
fn directory(connection: &Connection) -> Result<&str, ConnectionError> {
    if connection.flag_option("waad_common_endpoint") || connection.flag_option("useCommonEndpoint") {
        return Ok("common");
    }
    let own = connection.text_option("tenant_domain").filter(|domain| !domain.is_empty());
    let Some(domain) = own else { return Ok(ANY) };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let is_name = domain.len() <= 512 && domain.chars().all(fits) && !domain.starts_with('.');
    let wrong = || ConnectionError::Misconfigured(format!("tenant_domain {domain:?} is no name of a directory"));
    is_name.then_some(domain).ok_or_else(wrong)
}

/// What is asked for in the second age: what is always needed, what the options need, the connection's own `scope` and
/// the app's `connection_scope`.
pub(super) fn scope<'a>(connection: &'a Connection, request: &'a AuthorizationRequest) -> Vec<&'a str> {
    let groups = connection.flag_option("ext_groups").then_some(READS_GROUPS);
    let offline = connection.flag_option("ext_refresh_token").then_some("offline_access");
    let own = parameters::scopes(connection, request, &[], &[]);
    parameters::each_once(ALWAYS.into_iter().chain(groups).chain(offline).chain(own))
}

/// How many groups are read.
pub(super) fn most_groups(connection: &Connection) -> usize {
    let most = match connection.options.get("max_groups_to_retrieve") {
        Some(Value::String(number)) => number.parse().ok(),
        Some(Value::Number(number)) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
        _ => None,
    };
    most.map_or(USUAL_GROUPS, |most| most.min(MOST_GROUPS))
}
