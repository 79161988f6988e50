//! Passwords of a directory: asked there, remembered for when it is down, logged when they don't sign in.
//! Source: spec/enterprise.md §2.5 and §2.8.

use crate::authentication::arrival::Proof;
use crate::authentication::events::event;
use crate::authentication::password::Attempt;
use crate::authentication::visitor::Visitor;
use crate::connections::ad;
use crate::connections::ad::Knock;
use crate::connections::ad::refusal::AdError;
use crate::connections::ad::refusal::AdRefusal;
use crate::connections::redirect::Returned;
use crate::domain::directory_login::DirectoryLogin;
use crate::domain::log::LogEvent;
use crate::domain::password::Password;
use crate::domain::profile::ProviderTokens;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// Why a password of a directory doesn't sign in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    #[error(transparent)]
    Refused(AdRefusal),
    /// The directory can't be asked and nothing fitting is remembered, or it or its connector is set up wrongly: the
    /// tenant log says which.
    #[error("the directory can't be asked")]
    Down,
    #[error(transparent)]
    Internal(#[from] Failure),
}

/// Asks the directory of the attempt's connection. A good answer is remembered, unless the connection says otherwise
/// (`options.disable_cache`); when the directory can't be reached, what is remembered of the same name and password
/// counts.
///
/// # Errors
/// [`DirectoryError`]; each is in the tenant log.
pub(crate) async fn prove(
    tenant: &Tenant,
    visitor: &Visitor,
    outgoing: &Outgoing,
    attempt: Attempt<'_>,
) -> Result<Proof, DirectoryError> {
    let Attempt { connection, identifier, password, .. } = attempt;
    let (now, random) = (tenant.now(), tenant.draw(Rng::key));
    let knock = Knock { connection, outgoing, username: identifier, password, now, random };
    let error = match ad::authenticate(knock).await {
        Ok(returned) => {
            remember(tenant, attempt, &returned).await?;
            return Ok(Proof::Returned(returned));
        }
        Err(error) => error,
    };
    if matches!(error, AdError::Unreachable(_))
        && let Some(remembered) = remembered(tenant, attempt).await?
    {
        return Ok(Proof::Returned(remembered));
    }
    log(tenant, visitor, attempt, &error).await?;
    match error {
        AdError::Refused(refusal) => Err(DirectoryError::Refused(refusal)),
        _ => Err(DirectoryError::Down),
    }
}

/// Names in what is remembered are told apart by their case.
fn key(attempt: Attempt<'_>) -> (String, String) {
    (attempt.connection.name.clone(), attempt.identifier.trim().to_owned())
}

async fn remember(tenant: &Tenant, attempt: Attempt<'_>, returned: &Returned) -> Result<(), Failure> {
    if attempt.connection.flag_option("disable_cache") {
        return Ok(());
    }
    let key = key(attempt);
    let before = tenant.read().directory_logins.get(&key).cloned();
    let typed = attempt.password.to_owned();
    // The hash stays as long as the password does.
    let hash = tokio::task::spawn_blocking(move || match before {
        Some(before) if before.password.check(&typed) => Some(before.password.clone()),
        _ => Password::hash(&typed),
    });
    let Some(password) = hash.await.map_err(Failure::new)? else { return Ok(()) };
    let profile = returned.raw.clone();
    tenant
        .write(|tx| {
            tx.directory_logins.put(key, DirectoryLogin { password, profile });
            Ok::<_, Failure>(())
        })
        .await
}

/// What the last good login by this name gave, if it was with this password.
async fn remembered(tenant: &Tenant, attempt: Attempt<'_>) -> Result<Option<Returned>, Failure> {
    if attempt.connection.flag_option("disable_cache") {
        return Ok(None);
    }
    let Some(login) = tenant.read().directory_logins.get(&key(attempt)).cloned() else { return Ok(None) };
    let typed = attempt.password.to_owned();
    let checked = tokio::task::spawn_blocking(move || login.password.check(&typed).then(|| login.profile.clone()));
    let profile = checked.await.map_err(Failure::new)?;
    Ok(profile.map(|raw| Returned { raw, tokens: ProviderTokens::default() }))
}

/// `fu` for a name that nobody has, `fp` for whom the directory turned away, `fc` when it couldn't be asked.
async fn log(tenant: &Tenant, visitor: &Visitor, attempt: Attempt<'_>, error: &AdError) -> Result<(), Failure> {
    let (kind, description) = match error {
        AdError::Refused(refusal @ AdRefusal::WrongUsername) => ("fu", format!("{}: {refusal}", refusal.name())),
        AdError::Refused(refusal) => ("fp", format!("{}: {refusal}", refusal.name())),
        error => ("fc", format!("failed to {error}")),
    };
    if kind == "fc" {
        tracing::warn!(connection = attempt.connection.name, "{description}");
    }
    tenant
        .write(|tx| {
            let entry = LogEvent {
                description,
                client_id: Some(attempt.client_id.clone()),
                connection: Some(attempt.connection.name.clone()),
                ..event(kind, tx.now, &visitor.ip)
            };
            tx.log(entry);
            Ok::<_, Failure>(())
        })
        .await
}
