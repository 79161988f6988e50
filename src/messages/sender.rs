//! The tenant as a sender of mails.

use crate::domain::connection::Connection;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::mailbox::Mailbox;
use crate::domain::message::Kind;
use crate::domain::message::Message;
use crate::domain::message::Template;
use crate::domain::ticket::LIFETIME_SECONDS;
use crate::domain::ticket::Purpose;
use crate::domain::ticket::Ticket;
use crate::http::address::Address;
use crate::messages::letter;
use crate::messages::tickets;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// A code, and whom it goes to.
pub(crate) struct Sent<'a> {
    pub(crate) to: &'a str,
    pub(crate) code: &'a str,
    pub(crate) link: Option<&'a str>,
    pub(crate) user_id: &'a UserId,
    pub(crate) client_id: &'a ClientId,
}

/// Who sends, and where the links lead.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    /// The tenant's name, as people know it.
    name: String,
    address: Address,
}

impl Sender {
    /// The tenant, whose pages are at the address that it was asked at.
    pub(crate) fn of(tenant: &Tenant, address: &Address) -> Self {
        let name = tenant.read().settings.friendly_name.clone();
        Self { name: name.unwrap_or_else(|| tenant.name().to_owned()), address: address.clone() }
    }

    /// Sends the mail that verifies an address.
    pub(crate) fn verify_email(&self, tx: &mut Tx<'_>, mailbox: &Mailbox, client_id: Option<&ClientId>) {
        self.send(tx, Purpose::VerifyEmail, mailbox, client_id);
    }

    /// Sends the mail that lets somebody choose another password. Whoever reads it has the address, so it verifies that,
    /// too (unverified).
    pub(crate) fn change_password(&self, tx: &mut Tx<'_>, mailbox: &Mailbox, client_id: Option<&ClientId>) {
        let purpose = Purpose::ChangePassword { marks_verified: true, mailed: true };
        self.send(tx, purpose, mailbox, client_id);
    }

    /// Sends the mail that lets somebody in again from `ip`.
    pub(crate) fn unblock(&self, tx: &mut Tx<'_>, mailbox: &Mailbox, ip: &str) {
        let purpose = Purpose::Unblock { ip: ip.to_owned() };
        self.send(tx, purpose, mailbox, None);
    }

    /// Sends a code that signs in: by mail, where `link` is the address that signs in with it if there is one, or by SMS.
    pub(crate) fn passcode(&self, tx: &mut Tx<'_>, connection: &Connection, sent: Sent<'_>) {
        let is_sms = connection.strategy.as_str() == "sms";
        let (kind, template) =
            if is_sms { (Kind::Sms, Template::PasswordlessSms) } else { (Kind::Email, Template::PasswordlessEmail) };
        let letter = letter::passcode(connection, &self.name, sent.code, sent.link);
        let message = Message {
            id: format!("msg_{}", tx.rng().alphanumeric(16)),
            at: tx.now,
            kind,
            template,
            from: match connection.text_option("from").filter(|from| is_sms && !from.is_empty()) {
                Some(from) => from.to_owned(),
                None if is_sms => self.name.clone(),
                None => format!("{} <no-reply@{}>", self.name, self.address.host()),
            },
            to: sent.to.to_owned(),
            subject: (!is_sms).then(|| letter.subject.to_owned()),
            text: letter.text,
            html: (!is_sms).then_some(letter.html),
            link: sent.link.map(str::to_owned),
            ticket: None,
            code: Some(sent.code.to_owned()),
            user_id: sent.user_id.clone(),
            connection: connection.name.clone(),
            client_id: Some(sent.client_id.clone()),
        };
        tx.send(message);
    }

    fn send(&self, tx: &mut Tx<'_>, purpose: Purpose, mailbox: &Mailbox, client_id: Option<&ClientId>) {
        let template = match purpose {
            Purpose::VerifyEmail => Template::VerifyEmail,
            Purpose::ChangePassword { .. } => Template::ResetEmail,
            Purpose::Unblock { .. } => Template::BlockedAccount,
        };
        let ticket = Ticket {
            purpose,
            mailbox: mailbox.clone(),
            result_url: None,
            include_email: false,
            client_id: client_id.cloned(),
            expires_at: tx.now.plus_seconds(LIFETIME_SECONDS),
            used_at: None,
        };
        let drawn = tickets::draw(tx, &self.address, ticket);
        let letter = letter::write(template, mailbox, &self.name, &drawn.url);
        let id = format!("msg_{}", tx.rng().alphanumeric(16));
        let message = Message {
            id,
            at: tx.now,
            kind: Kind::Email,
            template,
            from: format!("{} <no-reply@{}>", self.name, self.address.host()),
            to: mailbox.email.clone(),
            subject: Some(letter.subject.to_owned()),
            text: letter.text,
            html: Some(letter.html),
            link: Some(drawn.url),
            ticket: Some(drawn.secret),
            code: None,
            user_id: mailbox.user_id.clone(),
            connection: mailbox.connection.clone(),
            client_id: client_id.cloned(),
        };
        tx.send(message);
    }
}
