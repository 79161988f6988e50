//! Active Directory and other LDAP directories, as the real service's connector asks them: find the person as the
//! service account, bind as the person, read the groups, map. Source: spec/enterprise.md §2.5 to §2.8.

mod directory;
mod entry;
pub(crate) mod refusal;

use std::sync::Arc;

use crate::connections::ad::directory::Directory;
use crate::connections::ad::directory::Found;
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
    let Opened { connector, mut service, base, found } = open(knock).await?;
    let let_in_all_the_same = bind(knock, &connector, &found.dn).await?;
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
    let console = mapped.console.into_iter().map(|line| format!("{}: {}", line.level, line.text)).collect();
    Ok(Returned { console, ..Returned::new(RawProfile(mapped.profile?), ProviderTokens::default()) })
}

/// Changes the password of somebody who knows the old one, be it expired.
///
/// # Errors
/// [`AdError`]
pub(crate) async fn change_password(knock: Knock<'_>, new: &str) -> Result<(), AdError> {
    let Opened { connector, mut service, found, .. } = open(knock).await?;
    match bind(knock, &connector, &found.dn).await {
        Ok(_) | Err(AdError::Refused(AdRefusal::PasswordExpired | AdRefusal::PasswordChangeRequired)) => {}
        Err(error) => return Err(error),
    }
    service.write_password(&found.dn, (Some(knock.password), new), &connector).await?;
    service.close().await;
    Ok(())
}

/// Sets the password of somebody who proved otherwise who they are. The knock's own password is the new one.
///
/// # Errors
/// [`AdError`]
pub(crate) async fn set_password(knock: Knock<'_>) -> Result<(), AdError> {
    let Opened { connector, mut service, found, .. } = open(knock).await?;
    service.write_password(&found.dn, (None, knock.password), &connector).await?;
    service.close().await;
    Ok(())
}

/// Whether the directory can be asked as the service account.
///
/// # Errors
/// [`AdError`]
pub(crate) async fn check(connection: &Connection, outgoing: &Outgoing) -> Result<(), AdError> {
    let connector = connection.connector.clone().unwrap_or_default();
    let (service, _) = begin(connection, &connector, outgoing).await?;
    service.close().await;
    Ok(())
}

/// A directory, asked about somebody as the service account.
struct Opened {
    connector: Arc<Connector>,
    service: Directory,
    base: String,
    found: Found,
}

async fn open(knock: Knock<'_>) -> Result<Opened, AdError> {
    // A bind without a password is one as nobody, and succeeds (RFC 4513 §5.1.2).
    if knock.password.is_empty() {
        return Err(AdRefusal::WrongPassword.into());
    }
    if knock.username.trim().is_empty() || knock.username.len().max(knock.password.len()) > MOST_BYTES {
        return Err(AdRefusal::WrongUsername.into());
    }
    let connector = knock.connection.connector.clone().unwrap_or_default();
    let (mut service, base) = begin(knock.connection, &connector, knock.outgoing).await?;
    let filter = connector.user_filter(knock.username.trim(), |text| escape(text.as_bytes()));
    let found = service.find(&base, &filter).await?.ok_or(AdRefusal::WrongUsername)?;
    Ok(Opened { connector, service, base, found })
}

/// A conversation as the service account, and where people are.
async fn begin(
    connection: &Connection,
    connector: &Connector,
    outgoing: &Outgoing,
) -> Result<(Directory, String), AdError> {
    let mut service = Directory::open(connector, url(connector, connection), outgoing).await?;
    service.bind_as_service(connector).await?;
    let base = match &connector.base {
        Some(base) => base.clone(),
        None => service.naming_context().await?,
    };
    Ok((service, base))
}

/// Whether this is the person's password, over a connection of its own, so that the service account stays bound.
async fn bind(knock: Knock<'_>, connector: &Connector, dn: &str) -> Result<Option<AdRefusal>, AdError> {
    let mut own = Directory::open(connector, url(connector, knock.connection), knock.outgoing).await?;
    let outcome = own.bind_as_person(dn, knock.password, connector).await?;
    own.close().await;
    Ok(outcome)
}

fn url<'a>(connector: &'a Connector, connection: &'a Connection) -> Option<&'a str> {
    connector.url.as_deref().or(connection.upstream_url.as_deref())
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
