//! Binds, "who am I" and the password operation of a session. Source: RFC 4511 §4.2; RFC 4513; RFC 4532; RFC 3062.

use crate::protocols::ldap::extended;
use crate::protocols::ldap::extended::PasswordModify;
use crate::protocols::ldap::message::Bind;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Extended;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::upstreams::active_directory::account::sub_code;
use crate::upstreams::active_directory::bind;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::session::Answers;
use crate::upstreams::active_directory::session::Session;

impl Session {
    pub(super) fn bind(&mut self, asked: Bind) -> Result<Answers, Refusal> {
        let answer = |result| Ok(vec![(Response::Done(Kind::Bind, result), Vec::new())]);
        if asked.version != 3 {
            return Err(Refusal::Protocol("only version 3 of LDAP is spoken here".to_owned()));
        }
        match asked.credentials {
            // A name without a password is nobody's proof: as anonymous as no name (RFC 4513 §5.1.2).
            Credentials::Simple(password) if password.is_empty() => answer(LdapResult::success()),
            Credentials::Simple(password) => {
                self.who = Some(self.authenticate(&asked.name, &password)?);
                answer(LdapResult::success())
            }
            Credentials::Sasl { mechanism, credentials } if mechanism.eq_ignore_ascii_case("PLAIN") => {
                let Some(message) = credentials else {
                    return answer(LdapResult::new(ResultCode::SaslBindInProgress, ""));
                };
                let (name, password) = bind::of_plain(&message)?;
                let full =
                    self.upstreams.read().directory.account_or_short(&name).map(|account| account.dn.to_string());
                let full = full.ok_or(Refusal::Credentials(sub_code::BAD_CREDENTIALS))?;
                self.who = Some(self.authenticate(&full, &password)?);
                answer(LdapResult::success())
            }
            Credentials::Sasl { .. } | Credentials::Unknown(_) => {
                let text = "00002027: LdapErr: DSID-0C0905ED, comment: Invalid Authentication method, data 0, v4563";
                answer(LdapResult::new(ResultCode::AuthMethodNotSupported, text))
            }
        }
    }

    /// Checks a password; what is noted of it stays, whatever comes of it.
    fn authenticate(
        &self,
        name: &str,
        password: &[u8],
    ) -> Result<crate::upstreams::active_directory::entry::EntryId, Refusal> {
        let noted = self.upstreams.write(|draft| {
            let now = draft.now;
            Ok::<_, Refusal>(draft.directory.authenticate(name, password, now))
        });
        noted.flatten()
    }

    pub(super) fn extended(&mut self, asked: &Extended) -> Result<Answers, Refusal> {
        let answer = |value| {
            let operation = Response::Extended { result: LdapResult::success(), oid: None, value };
            Ok(vec![(operation, Vec::new())])
        };
        match asked.oid.as_str() {
            extended::WHO_AM_I => answer(Some(self.who_am_i().into_bytes())),
            extended::PASSWORD_MODIFY => {
                let wrong = |_| Refusal::Protocol("not a request to change a password".to_owned());
                let change = PasswordModify::read(asked.value.as_deref()).map_err(wrong)?;
                let own = self.known()?;
                let made_up = self.write(|editor| {
                    let whose = match change.user.as_deref() {
                        Some(user) => {
                            let found = editor.directory.account_or_short(user);
                            found.ok_or_else(|| Refusal::NoObject(String::new()))?.id
                        }
                        None => own,
                    };
                    editor.password_modify(whose, change.old.as_deref(), change.new.as_deref())
                })?;
                answer(made_up.map(|password| extended::generated_password(password.as_bytes())))
            }
            unknown => Err(Refusal::Protocol(format!("the extended operation {unknown:?} is not known"))),
        }
    }

    /// `u:ACME\jdoe`; nothing for nobody.
    fn who_am_i(&self) -> String {
        let state = self.upstreams.read();
        let directory = &state.directory;
        let entry = self.who.and_then(|who| directory.entry(who));
        let (Some(entry), Some(domain)) = (entry, directory.domain()) else { return String::new() };
        format!("u:{}\\{}", domain.netbios, entry.text("sAMAccountName").unwrap_or_default())
    }
}
