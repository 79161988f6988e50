//! Passwords of a directory: asked there, remembered for when it is down, logged when they don't sign in.
//! Source: spec/enterprise.md §2.5 and §2.8.

use crate::authentication::arrival::Proof;
use crate::authentication::events::event;
use crate::authentication::password;
use crate::authentication::password::Attempt;
use crate::authentication::password::PasswordError;
use crate::authentication::password::on_purpose;
use crate::authentication::visitor::Visitor;
use crate::connections::ad;
use crate::connections::ad::Knock;
use crate::connections::ad::refusal::AdError;
use crate::connections::ad::refusal::AdRefusal;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::directory_login::DirectoryLogin;
use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::domain::password::Password;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::RawProfile;
use crate::domain::profile::cache;
use crate::domain::profile::strategies::normalize;
use crate::domain::ticket::Outcome;
use crate::domain::user::Identity;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;
use crate::time::Rng;

/// Why a password of a directory doesn't sign in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    #[error(transparent)]
    Refused(AdRefusal),
    /// Attack protection, whatever the directory says.
    #[error(transparent)]
    Protected(PasswordError),
    /// The directory can't be asked and nothing fitting is remembered, or it or its connector is set up wrongly: the
    /// tenant log says which.
    #[error("the directory can't be asked")]
    Down,
    #[error(transparent)]
    Internal(#[from] Failure),
}

impl From<PasswordError> for DirectoryError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong => Self::Refused(AdRefusal::WrongPassword),
            PasswordError::Internal(failure) => Self::Internal(failure),
            error => Self::Protected(error),
        }
    }
}

/// Asks the directory of the attempt's connection. A good answer is remembered, unless the connection says otherwise
/// (`options.disable_cache`); when the directory can't be reached, what is remembered of the same name and password
/// counts. Failures of somebody who signed in by that name before are counted as those at a database are.
///
/// # Errors
/// [`DirectoryError`]; each is in the tenant log.
pub(crate) async fn prove(
    tenant: &Tenant,
    visitor: &Visitor,
    outgoing: &Outgoing,
    attempt: Attempt<'_>,
) -> Result<Proof, DirectoryError> {
    let found = known_as(&tenant.read(), attempt);
    let pair = found.as_ref().map(|user_id| (user_id.to_string(), visitor.ip.clone()));
    let is_blocked = pair.as_ref().is_some_and(|pair| password::is_blocked(&tenant.read(), pair));
    // Somebody blocked here is not tried out there.
    let answer = if is_blocked {
        Err(AdRefusal::WrongPassword.into())
    } else {
        ad::authenticate(knock(tenant, outgoing, attempt)).await
    };
    if let Some(refused) = on_purpose::refusal(tenant, visitor, attempt, (found.as_ref(), answer.is_ok())).await? {
        return Err(refused.into());
    }
    let error = match answer {
        Ok(returned) => {
            if let Some(pair) = pair {
                password::forget(tenant, &pair).await?;
            }
            remember(tenant, attempt, &returned).await?;
            return Ok(Proof::Returned(returned));
        }
        Err(error) => error,
    };
    if matches!(error, AdError::Unreachable(_)) {
        match remembered(tenant, attempt).await? {
            Memory::Fits(returned) => return Ok(Proof::Returned(*returned)),
            // What is remembered is no better place to guess at.
            Memory::OtherPassword => {
                let description = described(AdRefusal::WrongPassword);
                let counted = password::count(tenant, visitor, attempt, (pair.clone(), &description)).await?;
                if matches!(counted, PasswordError::TooManyAttempts) {
                    return Err(counted.into());
                }
            }
            Memory::Nothing => {}
        }
    }
    if matches!(error, AdError::Refused(AdRefusal::WrongPassword)) && pair.is_some() {
        let description = described(AdRefusal::WrongPassword);
        return Err(password::count(tenant, visitor, attempt, (pair, &description)).await?.into());
    }
    log(tenant, visitor, attempt, &error).await?;
    Err(refused(attempt.connection, error))
}

/// Changes the password of somebody who knows the old one (`attempt`), be it expired, and tries the new one.
///
/// # Errors
/// [`DirectoryError`]; each is in the tenant log.
pub(crate) async fn change_password(
    tenant: &Tenant,
    visitor: &Visitor,
    outgoing: &Outgoing,
    (attempt, new): (Attempt<'_>, &str),
) -> Result<Proof, DirectoryError> {
    let pair = known_as(&tenant.read(), attempt).map(|user_id| (user_id.to_string(), visitor.ip.clone()));
    if pair.as_ref().is_some_and(|pair| password::is_blocked(&tenant.read(), pair)) {
        return Err(DirectoryError::Protected(PasswordError::TooManyAttempts));
    }
    match ad::change_password(knock(tenant, outgoing, attempt), new).await {
        Ok(()) => log_change(tenant, visitor, attempt, Ok(())).await?,
        Err(AdError::Refused(AdRefusal::WrongPassword)) if pair.is_some() => {
            let description = described(AdRefusal::WrongPassword);
            return Err(password::count(tenant, visitor, attempt, (pair, &description)).await?.into());
        }
        Err(error) => {
            log_change(tenant, visitor, attempt, Err(&error)).await?;
            return Err(refused(attempt.connection, error));
        }
    }
    let attempt = Attempt { password: new, ..attempt };
    let proof = prove(tenant, visitor, outgoing, attempt).await?;
    if let Proof::Returned(returned) = &proof
        && let Some(identity) = identity_of(attempt.connection, &returned.raw)
    {
        let own = key(attempt);
        let forgotten = tenant.write(|tx| {
            forget(tx, attempt.connection, &identity, Some(&own));
            Ok::<_, Failure>(())
        });
        forgotten.await?;
    }
    Ok(proof)
}

/// Sets the password of somebody who proved otherwise who they are; `username` is for the connector to find them by.
///
/// # Errors
/// [`DirectoryError`]; it is for the caller to log it.
pub(crate) async fn set_password(
    tenant: &Tenant,
    outgoing: &Outgoing,
    connection: &Connection,
    (username, password): (&str, &str),
) -> Result<(), DirectoryError> {
    let (now, random) = (tenant.now(), tenant.draw(Rng::key));
    let knock = Knock { connection, outgoing, username, password, now, random };
    ad::set_password(knock).await.map_err(|error| refused(connection, error))
}

/// Forgets what is remembered of an identity, under every name but one: its password is another one now.
pub(crate) fn forget(tx: &mut Tx<'_>, connection: &Connection, identity: &UserId, but: Option<&(String, String)>) {
    tx.directory_logins.retain(|key, login| {
        let is_theirs = || identity_of(connection, &login.profile).as_ref() == Some(identity);
        key.0 != connection.name || Some(key) == but || !is_theirs()
    });
}

fn knock<'a>(tenant: &Tenant, outgoing: &'a Outgoing, attempt: Attempt<'a>) -> Knock<'a> {
    let Attempt { connection, identifier, password, .. } = attempt;
    let (now, random) = (tenant.now(), tenant.draw(Rng::key));
    Knock { connection, outgoing, username: identifier, password, now, random }
}

fn refused(connection: &Connection, error: AdError) -> DirectoryError {
    match error {
        AdError::Refused(refusal) => DirectoryError::Refused(refusal),
        error => {
            tracing::warn!(connection = connection.name, "failed to {error}");
            DirectoryError::Down
        }
    }
}

/// Whose name this is, if they have signed in by it before.
fn known_as(state: &TenantState, attempt: Attempt<'_>) -> Option<UserId> {
    let login = state.directory_logins.get(&key(attempt))?;
    let identity = identity_of(attempt.connection, &login.profile)?;
    state.users.owner_of(&identity).map(|user| user.user_id.clone())
}

/// Who somebody is to the tenant of whom the mapper said this.
fn identity_of(connection: &Connection, raw: &RawProfile) -> Option<UserId> {
    let profile = normalize(connection, raw.clone()).ok()?;
    let id = cache::identity_id(connection, &profile.id);
    Some(Identity::new(connection.strategy, &connection.name, id).as_user_id())
}

/// The connector's name of a refusal, and what it means.
fn described(refusal: AdRefusal) -> String {
    format!("{}: {refusal}", refusal.name())
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

/// What is remembered under a name.
enum Memory {
    Nothing,
    OtherPassword,
    /// With what the last good login gave.
    Fits(Box<Returned>),
}

async fn remembered(tenant: &Tenant, attempt: Attempt<'_>) -> Result<Memory, Failure> {
    let login = tenant.read().directory_logins.get(&key(attempt)).cloned();
    let Some(login) = login.filter(|_| !attempt.connection.flag_option("disable_cache")) else {
        return Ok(Memory::Nothing);
    };
    let typed = attempt.password.to_owned();
    let checked = tokio::task::spawn_blocking(move || login.password.check(&typed).then(|| login.profile.clone()));
    let profile = checked.await.map_err(Failure::new)?;
    let fits = |raw| Memory::Fits(Box::new(Returned::new(raw, ProviderTokens::default())));
    Ok(profile.map_or(Memory::OtherPassword, fits))
}

/// `fu` for a name that nobody has, `fp` for whom the directory turned away, `fc` when it couldn't be asked.
async fn log(tenant: &Tenant, visitor: &Visitor, attempt: Attempt<'_>, error: &AdError) -> Result<(), Failure> {
    let (kind, description) = match error {
        AdError::Refused(refusal @ AdRefusal::WrongUsername) => ("fu", described(*refusal)),
        AdError::Refused(refusal) => ("fp", described(*refusal)),
        error => ("fc", format!("failed to {error}")),
    };
    write_log(tenant, visitor, attempt, (kind, description)).await
}

/// `scp` for a password that was changed, `fcp` for one that was not.
async fn log_change(
    tenant: &Tenant,
    visitor: &Visitor,
    attempt: Attempt<'_>,
    outcome: Result<(), &AdError>,
) -> Result<(), Failure> {
    let entry = match outcome {
        Ok(()) => ("scp", Outcome::CHANGED.message.to_owned()),
        Err(AdError::Refused(refusal)) => ("fcp", described(*refusal)),
        Err(error) => ("fcp", format!("failed to {error}")),
    };
    write_log(tenant, visitor, attempt, entry).await
}

async fn write_log(
    tenant: &Tenant,
    visitor: &Visitor,
    attempt: Attempt<'_>,
    (kind, description): (&'static str, String),
) -> Result<(), Failure> {
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
