//! What a fake does differently when a test asks for it: it is declined, tells no address, signs otherwise.

use std::sync::Arc;

use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::scope::Who;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Fake;

impl<D: Dialect> Fake<D> {
    /// The account as an app is told of it: perhaps without its addresses. What is told on one `occasion` (of one token,
    /// say) agrees.
    pub(super) fn shown(&self, account: Arc<Account>, (client_id, occasion): (&str, &str)) -> Arc<Account> {
        let who = who(client_id, Some(&account));
        match self.behaviours.ask(Behaviour::NoEmail, &who, occasion) {
            Some(_) => Arc::new(without_email(&account)),
            None => account,
        }
    }

    /// Whether the person is sent back as if they had declined.
    pub(super) fn declines(&self, request: &Request, account: Option<&Account>) -> bool {
        let occasion = request.state.as_deref().unwrap_or_default();
        self.behaviours.ask(Behaviour::Declines, &who(&request.client_id, account), occasion).is_some()
    }
}

/// An app, and all that the person is called at the provider.
pub(super) fn who(client_id: &str, account: Option<&Account>) -> Who {
    let people = account.map(|account| {
        let names = account.known_by().into_iter().map(|(_, name)| name.to_owned());
        let ids = [account.id.clone(), format!("{}:{}", account.provider.as_str(), account.id)];
        ids.into_iter().chain(names).collect()
    });
    Who { client: Some(client_id.to_owned()), people: people.unwrap_or_default() }
}

fn without_email(account: &Account) -> Account {
    let words = account.provider.words();
    let mut without = account.clone();
    without.attributes.retain(|name, _| {
        let is_address = ["email", "emails", "mail", words.email].contains(&name.as_str());
        !is_address && Some(name.as_str()) != words.email_verified
    });
    without
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::upstreams::provider::Provider;

    #[test]
    fn an_account_without_addresses_keeps_the_rest() {
        let check = |provider, attributes: serde_json::Value, left: &[&str]| {
            let serde_json::Value::Object(attributes) = attributes else { panic!() };
            let account = Account { provider, id: "1".into(), attributes, grants: None, position: 0 };
            let without = without_email(&account);
            assert_eq!(without.attributes.keys().collect::<Vec<_>>(), left);
            assert_eq!(without.email(), None);
        };
        check(Provider::Google, json!({ "sub": "1", "email": "a", "email_verified": true, "hd": "h" }), &["sub", "hd"]);
        check(Provider::Github, json!({ "id": 1, "email": "a", "emails": [] }), &["id"]);
        check(Provider::Microsoft, json!({ "id": "1", "mail": "a", "userPrincipalName": "a" }), &["id"]);
    }
}
