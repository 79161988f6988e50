//! What a scenario can read about its people, and what it can put into the values that it expects.

use crate::client::jwt::Jwt;
use crate::client::traces::UserTraces;
use crate::gherkin::document::Document;
use crate::gherkin::parameters::{IdentityProvider, Person, Reading};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

impl World {
    /// Reads something about a person.
    ///
    /// # Errors
    /// A [`Failure`] when it can't be read, because the login failed for example.
    pub async fn read(&mut self, reading: Reading, person: &Person) -> Result<Document, Failure> {
        let name = format!("the {} of {person}", reading.name());
        let members = match reading {
            Reading::Profile => {
                let user_id = self.known(person).user_id()?.to_owned();
                into_map(self.management().await?.user(&user_id).await?)
            }
            Reading::IdToken => {
                let token = self.known(person).session()?.id_token.as_ref();
                token.map(|token| token.claims.clone()).ok_or_else(|| Failure::new(name.clone(), "no ID token"))?
            }
            Reading::AccessToken => {
                let token = self.known(person).session()?.tokens.access_token.clone();
                self.verify(&token).await?.claims
            }
            Reading::Userinfo => {
                let token = self.known(person).session()?.tokens.access_token.clone();
                self.app().await?.userinfo(&token).await?
            }
            Reading::TokenAnswer => self.known(person).session()?.tokens.to_map(),
        };
        Ok(Document::new(name, members))
    }

    /// How the attributes of a person's user came about.
    ///
    /// # Errors
    /// A [`Failure`] when nobody knows the user.
    pub async fn traces(&mut self, person: &Person) -> Result<UserTraces, Failure> {
        let user_id = self.known(person).user_id()?.to_owned();
        Ok(self.control().await?.traces(&user_id).await?)
    }

    /// A token of the tenant's, checked as its receiver does: an access token that is signed with an API's own secret,
    /// with that one.
    ///
    /// # Errors
    /// A [`Failure`] when it is not the tenant's.
    pub async fn verify(&mut self, token: &str) -> Result<Jwt, Failure> {
        if let Some(api) = shared_secret_api(token) {
            let api = self.management().await?.resource_server(&api).await?;
            let secret = api.get("signing_secret").and_then(Value::as_str);
            return Ok(self.app().await?.verify_with(token, secret).await?);
        }
        Ok(self.app().await?.verify(token).await?)
    }

    /// A value in which `{issuer}`, `{client}` and the likes of `{Google sub}` are filled in.
    ///
    /// # Errors
    /// A [`Failure`] when there is no tenant to be had.
    pub async fn fill(&mut self, person: &Person, value: Value) -> Result<Value, Failure> {
        Ok(match value {
            Value::String(text) if text.contains('{') => Value::String(self.fill_text(person, text).await?),
            Value::Array(items) => {
                let mut filled = Vec::new();
                for item in items {
                    filled.push(Box::pin(self.fill(person, item)).await?);
                }
                Value::Array(filled)
            }
            other => other,
        })
    }

    /// [`World::fill`] for a text.
    ///
    /// # Errors
    /// As there.
    pub async fn fill_text(&mut self, person: &Person, text: String) -> Result<String, Failure> {
        let issuer = self.tenant().await?.issuer;
        let mut text = text.replace("{issuer}", &issuer);
        if text.contains("{client}") {
            let client_id = self.app().await?.client_id.clone();
            text = text.replace("{client}", &client_id);
        }
        for provider in IdentityProvider::ALL {
            if let Some(account) = self.known(person).accounts.get(&provider) {
                for (attribute, value) in &account.profile {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    text = text.replace(&format!("{{{} {attribute}}}", provider.name()), &value);
                }
            }
        }
        Ok(text)
    }
}

/// The API that an access token is for, where a secret shared with it signs the token.
fn shared_secret_api(token: &str) -> Option<String> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let claims = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token).ok()?.claims;
    let audience = claims.get("aud").and_then(Value::as_str)?;
    (header.alg == Algorithm::HS256 && claims.contains_key("azp")).then(|| audience.to_owned())
}

/// The members of an object; of anything else, none.
pub(crate) fn into_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
