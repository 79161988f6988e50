//! A person proved who they are: the one way from a login page or an upstream to a session.
//! Source: design page section 4, spec/caching.md §1 and §9, spec/profile.md §8.

use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::transaction;
use crate::authentication::authorize::with_cookies;
use crate::authentication::passwordless::passcodes::Proven;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::connections::error::Doubt;
use crate::connections::redirect::Once;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::SignedIn;
use crate::domain::profile::cache;
use crate::domain::profile::cache::Login;
use crate::domain::profile::strategies::normalize;
use crate::domain::session::UpstreamSession;
use crate::domain::transaction::Arrival;
use crate::domain::transaction::Stage;
use crate::domain::transaction::Transaction;
use crate::domain::user::User;
use crate::http::failure::Failure;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// How a person proved who they are.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    /// An upstream vouches for them.
    Returned(Returned),
    /// They knew the password of this identity of the connection, or have just signed up with it. It is named by the user
    /// id that it has, or had before it was linked.
    Password(UserId),
    /// They typed the code that they were sent, or followed the link with it.
    Passcode(Proven),
}

impl Proof {
    /// What the person is called in their session at the upstream.
    fn session(&self) -> Option<UpstreamSession> {
        match self {
            Self::Returned(returned) => returned.session.as_deref().cloned(),
            _ => None,
        }
    }
}

/// Signs the person in: profile, user, session and transaction in one write. Answers with the session's cookies and
/// the redirect to `/authorize/resume`.
///
/// # Errors
/// At the app: [`Refusal::UserBlocked`], and the attempt counts as a login all the same; [`Refusal::UserDoesNotExist`].
/// On our page: [`Refusal::UnknownTransaction`], when the login ended meanwhile.
pub(crate) async fn sign_in(
    tenant: &Tenant,
    visitor: &Visitor,
    transaction: &Transaction,
    connection: &Connection,
    proof: Proof,
) -> Result<Response, AuthorizeError> {
    let begun = tenant
        .write(|tx| -> Result<Option<session::Begun>, AuthorizeError> {
            let mut transaction = transaction::again(tx, &transaction.id)?;
            let to = || TrustedRedirect::of(&transaction);
            let upstream = proof.session();
            let arrived = take_in(tx, visitor, connection, proof).map_err(|refusal| to().refuse(refusal))?;
            let Arrived { user_id, is_blocked, transient } = arrived;
            if is_blocked {
                tx.transactions.remove(transaction.id.as_str());
                return Ok(None);
            }
            let begun = session::begin(tx, visitor, &user_id, &connection.name);
            if let Some(upstream) = upstream {
                session::note_upstream(tx, &begun, upstream);
            }
            transaction.stage = Stage::SignedIn(Arrival {
                user_id,
                session_id: begun.id.clone(),
                connection: connection.name.clone(),
                auth_time: tx.now,
                transient,
                consented: false,
            });
            tx.transactions.put(transaction.id.clone(), transaction);
            Ok(Some(begun))
        })
        .await?;
    let Some(begun) = begun else { return Err(TrustedRedirect::of(transaction).refuse(Refusal::UserBlocked)) };
    let resume = redirect(&format!("/authorize/resume?state={}", transaction.id))?;
    Ok(with_cookies(resume, visitor.session_cookies(&begun.secret, &tenant.read().settings)))
}

/// Who arrived, whatever comes of it.
pub(crate) struct Arrived {
    pub(crate) user_id: UserId,
    /// A blocked user's attempt counts as a login all the same.
    pub(crate) is_blocked: bool,
    /// Attributes of this login that must not be kept (spec/caching.md §3).
    pub(crate) transient: Map<String, Value>,
}

/// Brings the user up to date by a login, and keeps how their attributes came about.
///
/// # Errors
/// [`Refusal::UserDoesNotExist`]; [`Refusal::Upstream`] when what the upstream said is no profile, [`Refusal::Assertion`]
/// when it said it before.
pub(crate) fn take_in(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    connection: &Connection,
    proof: Proof,
) -> Result<Arrived, Refusal> {
    if let Proof::Returned(Returned { once: Some(once), .. }) = &proof {
        spend(tx, once)?;
    }
    let SignedIn { user, trace, transient } = refresh(tx, visitor, connection, proof)?;
    let (user_id, is_blocked) = (user.user_id.clone(), user.is_blocked());
    tx.put_user(user).map_err(Failure::new)?;
    if let Some(trace) = trace {
        tx.traces.record(trace);
    }
    Ok(Arrived { user_id, is_blocked, transient })
}

/// Uses up what vouches for somebody.
fn spend(tx: &mut Tx<'_>, once: &Once) -> Result<(), Refusal> {
    if tx.assertions.get(&once.hash).is_some_and(|until| tx.now < **until) {
        return Err(Refusal::Assertion(Box::new(Doubt {
            check: "replay",
            description: "the assertion was used before".to_owned(),
            message: None,
        })));
    }
    tx.assertions.put(once.hash, once.until);
    Ok(())
}

/// The user, brought up to date by this login.
fn refresh(tx: &Tx<'_>, visitor: &Visitor, connection: &Connection, proof: Proof) -> Result<SignedIn, Refusal> {
    let returned = match proof {
        Proof::Password(identity) => {
            let user = tx.users.owner_of(&identity).ok_or(Refusal::UserDoesNotExist)?;
            let user = cache::arrived(User::clone(user), tx.now, &visitor.ip);
            return Ok(SignedIn { user, trace: None, transient: Map::new() });
        }
        Proof::Returned(returned) => returned,
        Proof::Passcode(proven) => proven.returned(tx, connection),
    };
    let garbled = |error: &dyn std::fmt::Display| Refusal::Upstream {
        code: "server_error",
        description: format!("failed to obtain user profile: {error}"),
    };
    let profile = normalize(connection, returned.raw).map_err(|error| garbled(&error))?;
    let id = cache::identity_id(connection, &profile.id).to_string();
    let existing = tx.users.with_identity(connection.strategy, &id).map(|user| (**user).clone());
    let tokens: ProviderTokens = returned.tokens;
    let login = Login { connection, tokens, ip: &visitor.ip, now: tx.now };
    let mut signed_in = cache::refresh(existing, profile, &login).map_err(|_| Refusal::UserDoesNotExist)?;
    if let Some(trace) = &mut signed_in.trace {
        trace.console = returned.console;
    }
    Ok(signed_in)
}
