//! Codes: sent, and proved by who got them. The login pages, `/passwordless/*` and the grant all come here.

use axum::http::HeaderValue;
use serde_json::Map;
use url::form_urlencoded::Serializer;

use crate::authentication::events::event;
use crate::authentication::passwordless::error::PasswordlessError;
use crate::authentication::visitor::Visitor;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::domain::passcode::Passcode;
use crate::domain::passcode::PasscodeError;
use crate::domain::passcode::PasscodeSettings;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::RawProfile;
use crate::domain::profile::database::is_email;
use crate::http::failure::Failure;
use crate::keys::digest;
use crate::messages::sender::Sender;
use crate::messages::sender::Sent;
use crate::store::tenant::Tenant;

/// How many codes that may be over are looked at when one is sent.
const SWEPT: usize = 8;

/// Whom to send a code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipient<'a> {
    pub(crate) client_id: &'a ClientId,
    pub(crate) connection: &'a Connection,
    /// An e-mail address or a phone number, checked.
    pub(crate) address: &'a str,
}

/// Somebody's part in a login: the code went out.
#[derive(Clone, Debug)]
pub(crate) struct Started {
    /// The part of the user's id behind the provider.
    pub(crate) id: String,
}

/// The attribute that people of a connection are known by: `email` or `phone_number`.
pub(crate) fn attribute(connection: &Connection) -> &'static str {
    if connection.strategy.as_str() == "sms" { "phone_number" } else { "email" }
}

/// Whether this can be sent a code.
pub(crate) fn fits(connection: &Connection, address: &str) -> bool {
    match attribute(connection) {
        "email" => is_email(address),
        _ => address
            .strip_prefix('+')
            .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())),
    }
}

/// Sends a code, which takes the worth of the one sent before. With `parameters` it goes as a link, which comes back with
/// them.
///
/// # Errors
/// When nobody has the address and the connection takes nobody new.
pub(crate) async fn send(
    tenant: &Tenant,
    visitor: &Visitor,
    recipient: Recipient<'_>,
    parameters: Option<&[(String, String)]>,
) -> Result<Started, PasswordlessError> {
    let Recipient { client_id, connection, address } = recipient;
    let sender = Sender::of(tenant, &visitor.address);
    let key = (connection.name.clone(), address.to_lowercase());
    let settings = PasscodeSettings::of(connection);
    let write = tenant.write(|tx| {
        let known = tx.users.account(&connection.name, attribute(connection), address).map(|account| account.identity);
        if known.is_none() && connection.signup_is_disabled() {
            return Err(PasswordlessError::bad("connection", "Public signup is disabled"));
        }
        let (now, from) = (tx.now, (String::new(), tx.rng().hex(8)));
        tx.passcodes.sweep(&from, SWEPT, |passcode| passcode.is_alive(now));
        // Who asks again before the first login stays the same somebody.
        let waiting = tx.passcodes.get(&key).map(|passcode| passcode.user_id.clone());
        let drawn = || UserId::new(connection.strategy.as_str(), &tx.rng().hex(24));
        let user_id = known.or(waiting).unwrap_or_else(drawn);
        let code = tx.rng().digits(settings.length);
        let link = parameters.map(|parameters| link(visitor, recipient, &code, parameters));
        let expires_at = now.plus_seconds(settings.lifetime_seconds);
        let hash = digest::sha256(code.as_bytes());
        let passcode =
            Passcode { hash, user_id: user_id.clone(), client_id: client_id.clone(), expires_at, failures: 0 };
        tx.passcodes.put(key, passcode);
        let sent = Sent { to: address, code: &code, link: link.as_deref(), user_id: &user_id, client_id };
        sender.passcode(tx, connection, sent);
        tx.log(LogEvent {
            description: format!("Code/Link sent to {address}"),
            client_id: Some(client_id.clone()),
            connection: Some(connection.name.clone()),
            ..event(if link.is_some() { "cls" } else { "cs" }, now, &visitor.ip)
        });
        let id = user_id.as_str().split_once('|').map_or(user_id.as_str(), |(_, id)| id).to_owned();
        Ok(Started { id })
    });
    write.await
}

/// The address that signs in: the app's parameters, and the code.
fn link(visitor: &Visitor, recipient: Recipient<'_>, code: &str, parameters: &[(String, String)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parameters);
    query.append_pair("client_id", recipient.client_id.as_str());
    query.append_pair("connection", &recipient.connection.name);
    query.append_pair(attribute(recipient.connection), recipient.address);
    query.append_pair("verification_code", code);
    visitor.address.url(&format!("/passwordless/verify_redirect?{}", query.finish()))
}

/// Spends the code that an address was sent. What comes of it is what the tenant itself vouches for, as an upstream would.
///
/// # Errors
/// [`PasscodeError`] within, when it is not the code; such tries are counted.
pub(crate) async fn prove(
    tenant: &Tenant,
    (client_id, connection): (&ClientId, &Connection),
    address: &str,
    code: &str,
) -> Result<Result<Returned, PasscodeError>, Failure> {
    let key = (connection.name.clone(), address.trim().to_lowercase());
    let hash = digest::sha256(code.trim().as_bytes());
    let write = tenant.write(|tx| {
        // What was sent for one app signs in to no other.
        let sent = tx.passcodes.get(&key).filter(|passcode| passcode.client_id == *client_id);
        let Some(passcode) = sent.map(|passcode| Passcode::clone(passcode)) else {
            return Ok(Err(PasscodeError::Wrong));
        };
        if let Err(error) = passcode.check(&hash, tx.now) {
            let failures = passcode.failures.saturating_add(1);
            tx.passcodes.put(key, Passcode { failures, ..passcode });
            return Ok(Err(error));
        }
        tx.passcodes.remove(&key);
        let id = passcode.user_id.as_str();
        let id = id.split_once('|').map_or(id, |(_, id)| id);
        let raw = Map::from_iter([
            ("user_id".to_owned(), id.into()),
            (attribute(connection).to_owned(), key.1.as_str().into()),
        ]);
        Ok::<_, Failure>(Ok(Returned { raw: RawProfile(raw), tokens: ProviderTokens::default() }))
    });
    write.await
}

/// What a page that was opened by a code's link is not to tell others.
pub(super) const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
