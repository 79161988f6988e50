//! Active Directory and other LDAP directories, as the real service's connector asks them: find the person as the
//! service account, bind as the person, read the groups, map. Source: spec/enterprise.md §2.5 to §2.8.

mod directory;
mod entry;
pub(crate) mod refusal;

use std::sync::Arc;

use crate::connections::ad::directory::Directory;
use crate::connections::ad::refusal::AdError;
use crate::connections::ad::refusal::AdRefusal;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::connector::Connector;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::RawProfile;
use crate::http::outgoing::Outgoing;
use crate::protocols::ldap::filter_print::escape;
use crate::scripts::profile_mapper;
use crate::time::Timestamp;

/// The longest name and password that are asked about: no directory has longer ones.
const MOST_BYTES: usize = 1024;

/// Someone who wants in by a directory.
#[derive(Clone, Copy)]
pub(crate) struct Knock<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) outgoing: &'a Outgoing,
    /// As typed: what it is compared with, the connector's filter says.
    pub(crate) username: &'a str,
    pub(crate) password: &'a str,
    pub(crate) now: Timestamp,
    /// Fixes what the mapper draws.
    pub(crate) random: [u8; 32],
}

/// Asks the directory about a person, by its own protocol, and gives what the mapper says of them.
///
/// # Errors
/// [`AdError`]
pub(crate) async fn authenticate(knock: Knock<'_>) -> Result<Returned, AdError> {
    // A bind without a password is one as nobody, and succeeds (RFC 4513 §5.1.2).
    if knock.password.is_empty() {
        return Err(AdRefusal::WrongPassword.into());
    }
    if knock.username.trim().is_empty() || knock.username.len().max(knock.password.len()) > MOST_BYTES {
        return Err(AdRefusal::WrongUsername.into());
    }
    let connector = knock.connection.connector.clone().unwrap_or_default();
    let url = connector.url.as_deref().or(knock.connection.upstream_url.as_deref());
    let mut service = Directory::open(&connector, url, knock.outgoing).await?;
    service.bind_as_service(&connector).await?;
    let base = match &connector.base {
        Some(base) => base.clone(),
        None => service.naming_context().await?,
    };
    let filter = connector.user_filter(knock.username.trim(), |text| escape(text.as_bytes()));
    let found = service.find(&base, &filter).await?.ok_or(AdRefusal::WrongUsername)?;
    // A connection of its own, so that the service account stays bound for the groups.
    let mut own = Directory::open(&connector, url, knock.outgoing).await?;
    let let_in_all_the_same = own.bind_as_person(&found.dn, knock.password, &connector).await?;
    own.close().await;
    let groups = if connector.groups { Some(groups(&mut service, &connector, &base, &found.dn).await?) } else { None };
    service.close().await;
    let mut entry = entry::raw(found);
    if let Some(groups) = groups {
        entry.attributes.insert("groups".to_owned(), groups.into());
    }
    if let Some(status) = let_in_all_the_same {
        entry.attributes.insert("ldapStatus".to_owned(), status.status().into());
    }
    let mapped = profile_mapper::map(connector.mapper.as_deref(), &entry, knock.now, knock.random).await;
    for line in &mapped.console {
        tracing::info!(connection = knock.connection.name, "profileMapper.js, {}: {}", line.level, line.text);
    }
    Ok(Returned { raw: RawProfile(mapped.profile?), tokens: ProviderTokens::default() })
}

/// The names of all groups that a person is in, also by way of others.
async fn groups(
    service: &mut Directory,
    connector: &Arc<Connector>,
    base: &str,
    dn: &str,
) -> Result<Vec<String>, AdError> {
    let base = connector.groups_base.as_deref().unwrap_or(base);
    let filter = connector.groups_filter(dn, |text| escape(text.as_bytes()));
    service.values(base, &filter, &connector.group_property).await
}

#[cfg(test)]
mod tests;
