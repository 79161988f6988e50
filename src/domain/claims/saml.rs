//! What of a profile becomes attributes of a SAML assertion, by the settings of a client's add-on.
//! Source: spec/enterprise.md §4.1 and §4.2.

use serde_json::Map;
use serde_json::Value;

use crate::domain::profile::claim_uris::EMAIL;
use crate::domain::profile::claim_uris::GIVEN_NAME;
use crate::domain::profile::claim_uris::GROUP;
use crate::domain::profile::claim_uris::NAME;
use crate::domain::profile::claim_uris::NAME_ID;
use crate::domain::profile::claim_uris::SURNAME;
use crate::domain::profile::claim_uris::UPN;

/// What attributes are called that no mapping names.
const OWN: &str = "http://schemas.auth0.com/";

/// The mapping where the settings don't say otherwise.
const DEFAULTS: [(&str, &str); 7] = [
    ("user_id", NAME_ID),
    ("email", EMAIL),
    ("name", NAME),
    ("given_name", GIVEN_NAME),
    ("family_name", SURNAME),
    ("upn", UPN),
    ("groups", GROUP),
];

/// Which attribute names a person, where the settings don't say.
const PROBES: [&str; 3] = [NAME_ID, EMAIL, NAME];

/// Of a profile what is never said: the metadata is the app's own, the others are about logins.
const NEVER: [&str; 7] =
    ["identities", "user_metadata", "app_metadata", "blocked", "last_ip", "last_login", "last_password_reset"];

/// The settings of the add-on `samlp`: an object, as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'a>(pub(crate) &'a Map<String, Value>);

/// An attribute, and its values in their JSON types.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) values: Vec<Value>,
}

impl<'a> Settings<'a> {
    /// A text that isn't empty.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(crate) fn flag(self, name: &str, default: bool) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(default)
    }

    /// A text of `logout`.
    pub(crate) fn logout(self, name: &str) -> Option<&'a str> {
        self.0.get("logout")?.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The attributes of a person, whose whole profile this is; `access_token` is that of the first identity. Each name
    /// is there once, in the order of the mapping; what is no text, number, truth value or list of them is left out.
    pub(crate) fn claims(self, profile: &Map<String, Value>, access_token: Option<&str>) -> Vec<Claim> {
        let mut claims = Claims::default();
        let mappings = self.mappings();
        for (from, names) in &mappings {
            let value = found(profile, from);
            let upn = || found(profile, "email").filter(|_| *from == "upn" && self.flag("createUpnClaim", true));
            for name in names {
                claims.put(name, value.or_else(upn));
            }
        }
        if self.flag("mapIdentities", true) {
            claims.identities(profile, access_token);
        }
        if self.flag("passthroughClaimsWithNoMapping", true) {
            let unmapped = profile.iter().filter(|(name, _)| mappings.iter().all(|(from, _)| from != name));
            for (name, value) in unmapped.filter(|(name, _)| !NEVER.contains(&name.as_str())) {
                let named =
                    if self.flag("mapUnknownClaimsAsIs", false) { name.clone() } else { format!("{OWN}{name}") };
                claims.put(&named, Some(value));
            }
        }
        claims.0
    }

    /// What names the person, by `nameIdentifierProbes`: the first claim of them that has a text.
    pub(crate) fn name_identifier(self, claims: &[Claim]) -> Option<String> {
        let own = self.0.get("nameIdentifierProbes").and_then(Value::as_array);
        let own: Option<Vec<_>> = own.map(|probes| probes.iter().filter_map(Value::as_str).collect());
        let probes = own.filter(|probes| !probes.is_empty()).unwrap_or_else(|| PROBES.to_vec());
        let text = |claim: &Claim| claim.values.first().map(worded).filter(|text| !text.is_empty());
        probes.iter().find_map(|probe| claims.iter().find(|claim| claim.name == *probe).and_then(text))
    }

    /// Each attribute of the profile with the names that it goes by: the settings' over the usual ones.
    fn mappings(self) -> Vec<(&'a str, Vec<&'a str>)> {
        let own = self.0.get("mappings").and_then(Value::as_object);
        let names = |value: &'a Value| match value {
            Value::String(name) => vec![name.as_str()],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let usual = DEFAULTS.iter().filter(|(from, _)| own.is_none_or(|own| !own.contains_key(*from)));
        let usual = usual.map(|(from, name)| (*from, vec![*name]));
        usual.chain(own.into_iter().flatten().map(|(from, value)| (from.as_str(), names(value)))).collect()
    }
}

/// The text of a value.
pub(crate) fn worded(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An attribute of the profile, or of the metadata where the name says so: `app_metadata.plan`.
fn found<'p>(profile: &'p Map<String, Value>, name: &str) -> Option<&'p Value> {
    if let Some(value) = profile.get(name) {
        return Some(value);
    }
    let (outer, rest) = name.split_once('.')?;
    rest.split('.').try_fold(profile.get(outer)?, |value, part| value.get(part))
}

#[derive(Default)]
struct Claims(Vec<Claim>);

impl Claims {
    /// Adds a claim in the place of an earlier one of that name.
    fn put(&mut self, name: &str, value: Option<&Value>) {
        let values = match value {
            Some(Value::Array(values)) => values.iter().filter(|value| is_simple(value)).cloned().collect(),
            Some(value) if is_simple(value) => vec![value.clone()],
            _ => Vec::new(),
        };
        if !values.is_empty() {
            self.0.retain(|claim| claim.name != name);
            self.0.push(Claim { name: name.to_owned(), values });
        }
    }

    /// Facts of the first identity.
    fn identities(&mut self, profile: &Map<String, Value>, access_token: Option<&str>) {
        let Some(first) = profile.get("identities").and_then(|identities| identities.get(0)) else { return };
        for member in ["provider", "connection", "isSocial"] {
            self.put(&format!("{OWN}identities/default/{member}"), first.get(member));
        }
        let token = access_token.map(Value::from);
        self.put(&format!("{OWN}identities/default/access_token"), token.as_ref());
    }
}

fn is_simple(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile() -> Value {
        json!({
            "user_id": "samlp|acme|1", "email": "ana@acme.example", "name": "Ana", "nickname": "ana",
            "email_verified": true, "groups": ["a", "b"], "logins_count": 7, "address": { "city": "Lisbon" }, "none": null,
            "last_ip": "127.0.0.1", "user_metadata": { "shoe": 38 }, "app_metadata": { "plan": { "name": "gold" } },
            "identities": [{ "provider": "samlp", "connection": "acme", "isSocial": false, "user_id": "1" }],
        })
    }

    /// Claims with short names: `n:` for the usual URIs, `a:` for our own.
    #[track_caller]
    fn check(settings: &Value, expected: Value) {
        let profile = profile();
        let claims = Settings(settings.as_object().unwrap()).claims(profile.as_object().unwrap(), None);
        let short = |name: &str| {
            let usual = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
            name.replace(usual, "n:").replace("http://schemas.xmlsoap.org/claims/", "n:").replace(OWN, "a:")
        };
        let found: Map<String, Value> =
            claims.into_iter().map(|claim| (short(&claim.name), claim.values.into())).collect();
        assert_eq!(Value::Object(found), expected);
    }

    #[test]
    fn the_usual_claims() {
        let expected = json!({
            "n:nameidentifier": ["samlp|acme|1"], "n:emailaddress": ["ana@acme.example"], "n:name": ["Ana"],
            "n:upn": ["ana@acme.example"], "n:Group": ["a", "b"], "a:identities/default/provider": ["samlp"],
            "a:identities/default/connection": ["acme"], "a:identities/default/isSocial": [false],
            "a:nickname": ["ana"], "a:email_verified": [true], "a:logins_count": [7],
        });
        check(&json!({}), expected);
    }

    #[test]
    fn the_settings_say_otherwise() {
        let bare = json!({ "passthroughClaimsWithNoMapping": false, "mapIdentities": false, "createUpnClaim": false });
        let usual = json!({
            "n:nameidentifier": ["samlp|acme|1"], "n:emailaddress": ["ana@acme.example"], "n:name": ["Ana"],
            "n:Group": ["a", "b"],
        });
        check(&bare, usual);
        let mut mapped = bare.clone();
        mapped["mappings"] = json!({
            "user_id": "id", "email": ["mail", "urn:oid:0.9.2342.19200300.100.1.3"], "name": null, "groups": [],
            "app_metadata.plan.name": "plan", "user_metadata.shoe": "shoe", "user_metadata.hat": "hat",
        });
        let expected = json!({
            "id": ["samlp|acme|1"], "mail": ["ana@acme.example"],
            "urn:oid:0.9.2342.19200300.100.1.3": ["ana@acme.example"], "plan": ["gold"], "shoe": [38],
        });
        check(&mapped, expected);
        let as_is = json!({ "mapIdentities": false, "mapUnknownClaimsAsIs": true, "mappings": {
            "user_id": [], "email": [], "name": [], "groups": [], "upn": [] } });
        check(&as_is, json!({ "nickname": ["ana"], "email_verified": [true], "logins_count": [7] }));
    }

    #[test]
    fn whoever_is_probed_first_names_the_person() {
        let name = |settings: Value| {
            let (profile, settings) = (profile(), settings.as_object().cloned().unwrap());
            let settings = Settings(&settings);
            settings.name_identifier(&settings.claims(profile.as_object().unwrap(), None))
        };
        assert_eq!(name(json!({})).as_deref(), Some("samlp|acme|1"));
        assert_eq!(name(json!({ "nameIdentifierProbes": ["nothing", EMAIL] })).as_deref(), Some("ana@acme.example"));
        assert_eq!(name(json!({ "mappings": { "user_id": "x" } })).as_deref(), Some("ana@acme.example"));
        assert_eq!(name(json!({ "nameIdentifierProbes": ["nothing"] })), None);
    }
}
