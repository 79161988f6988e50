//! What Microsoft Graph says of the person who signed in. Source: spec/upstreams.md §4, spec/profile.md §6.5.

use serde_json::Map;
use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::oauth2;
use crate::connections::redirect::RelyingParty;
use crate::connections::waad::settings;
use crate::connections::windowslive::at;
use crate::domain::profile::strategies::waad::properties;
use crate::domain::transaction::UpstreamVisit;

/// How many groups a page can have.
const PAGE: usize = 999;

/// How many pages are read, however small they are.
const MOST_PAGES: usize = 100;

/// `/me`, with the properties that the connection keeps something of.
///
/// # Errors
/// [`ConnectionError::Profile`] when it speaks of somebody else than the claims, and those of [`oauth2::fetch`].
pub(super) async fn me(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    token: Option<&str>,
    claims: &Map<String, Value>,
) -> Result<Map<String, Value>, ConnectionError> {
    const API: &str = "profile API";
    let selected = properties(party.connection).join(",");
    let url = format!("{}?$select={selected}", address(visit, "/me"));
    let me = oauth2::fetch(party, &url, token, API).await?;
    let id = me.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).ok_or(ConnectionError::Garbled(API))?;
    // A personal account has another id there than in its tokens.
    if claims.get("oid").and_then(Value::as_str).is_some_and(|oid| oid != id && id.len() == oid.len()) {
        return Err(ConnectionError::Profile("the profile is not of the person whom the ID token names".into()));
    }
    Ok(me)
}

/// The groups that the person is in, page by page, up to as many as the connection wants; with `ext_nested_groups` those
/// too that these are in.
///
/// # Errors
/// [`ConnectionError::Garbled`] when the next page is elsewhere, and those of [`oauth2::fetch`].
pub(super) async fn groups(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    token: Option<&str>,
) -> Result<Vec<Value>, ConnectionError> {
    const API: &str = "groups API";
    let most = settings::most_groups(party.connection);
    let nested = party.connection.flag_option("ext_nested_groups");
    let list = address(visit, if nested { "/me/transitiveMemberOf" } else { "/me/memberOf" });
    let mut next = Some(format!("{list}?$top={}", most.clamp(1, PAGE)));
    let mut groups: Vec<Value> = Vec::new();
    for _ in 0..MOST_PAGES {
        let Some(url) = next.take().filter(|_| groups.len() < most) else { break };
        // The token is for nobody else.
        if !url.starts_with(&address(visit, "/")) {
            return Err(ConnectionError::Garbled(API));
        }
        let mut page = oauth2::fetch(party, &url, token, API).await?;
        let Some(Value::Array(found)) = page.remove("value") else { return Err(ConnectionError::Garbled(API)) };
        groups.extend(found.into_iter().filter(is_group));
        next = page.get("@odata.nextLink").and_then(Value::as_str).map(str::to_owned);
    }
    groups.truncate(most);
    Ok(groups)
}

/// People are members of roles and administrative units, too.
fn is_group(member: &Value) -> bool {
    let kind = member.get("@odata.type").and_then(Value::as_str);
    kind.is_none_or(|kind| kind.eq_ignore_ascii_case("#microsoft.graph.group"))
}

fn address(visit: &UpstreamVisit, path: &str) -> String {
    format!("{}/v1.0{path}", at(&visit.base, "graph.microsoft.com"))
}
