//! Codes: sent, and proved by who got them. The login pages, `/passwordless/*` and the grant all come here.

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
use crate::store::state::SecretHash;
use crate::store::state::TenantState;
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
    let key = key(connection, address);
    let settings = PasscodeSettings::of(connection);
    let write = tenant.write(|tx| {
        let known = tx.users.account(&connection.name, attribute(connection), address).map(|account| account.identity);
        if known.is_none() && connection.signup_is_disabled() {
            return Err(PasswordlessError::bad("connection", "Public signup is disabled"));
        }
        let (now, from) = (tx.now, tx.rng().key());
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
        Ok(Started { id: bare(&user_id).to_owned() })
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

/// Somebody who has the address.
#[derive(Clone, Debug)]
pub(crate) struct Proven {
    /// Who was sent the code.
    user_id: UserId,
    /// In lower case.
    address: String,
}

impl Proven {
    /// What the tenant itself vouches for, as an upstream would. Somebody who has come by the address since the code was
    /// sent is the one.
    pub(crate) fn returned(self, state: &TenantState, connection: &Connection) -> Returned {
        let attribute = attribute(connection);
        let known = state.users.account(&connection.name, attribute, &self.address).map(|account| account.identity);
        let id = bare(&known.unwrap_or(self.user_id)).to_owned();
        let raw = Map::from_iter([("user_id".to_owned(), id.into()), (attribute.to_owned(), self.address.into())]);
        Returned::new(RawProfile(raw), ProviderTokens::default())
    }
}

/// The part of a user's id behind the provider.
fn bare(user_id: &UserId) -> &str {
    user_id.as_str().split_once('|').map_or(user_id.as_str(), |(_, id)| id)
}

/// What a code is kept under.
fn key(connection: &Connection, address: &str) -> SecretHash {
    digest::sha256(format!("{}\n{}", connection.name, address.to_lowercase()).as_bytes())
}

/// Spends the code that an address was sent.
///
/// # Errors
/// [`PasscodeError`] within, when it is not the code; such tries are counted.
pub(crate) async fn prove(
    tenant: &Tenant,
    (client_id, connection): (&ClientId, &Connection),
    address: &str,
    code: &str,
) -> Result<Result<Proven, PasscodeError>, Failure> {
    let address = address.trim().to_lowercase();
    let key = key(connection, &address);
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
        Ok::<_, Failure>(Ok(Proven { user_id: passcode.user_id, address }))
    });
    write.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::authentication::testing::Host;
    use crate::domain::connection::Connection;
    use crate::http::failure::Failure;
    use crate::time::Timestamp;

    async fn ask(host: &Host, email: &str) {
        let fields = [("client_id", "web"), ("connection", "email"), ("email", email), ("send", "code")];
        let answer = host.post_form("/passwordless/start", &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    #[tokio::test]
    async fn codes_that_are_over_are_swept_wherever_their_addresses_stand() {
        let host = Host::new();
        let connection: Connection = serde_json::from_value(
            json!({ "id": "con_1", "name": "email", "strategy": "email", "enabled_clients": ["web"] }),
        )
        .unwrap();
        let put = host.tenant.write(|tx| {
            tx.connections.put(connection.id.clone(), connection);
            Ok::<_, Failure>(())
        });
        put.await.unwrap();
        for number in 0..100 {
            ask(&host, &format!("z{number}@people.example")).await;
        }
        let now = host.tenant.now();
        host.tenant.clock().freeze(Timestamp::from_millis(now.millis() + 200_000));
        for number in 0..100 {
            ask(&host, &format!("a{number}@people.example")).await;
        }
        let left = host.tenant.read().passcodes.len();
        assert!(left < 120, "{left} of 200 codes are kept, 100 of which are over");
    }
}
