//! The connector's `profileMapper.js`: from an entry of the directory to the profile that the tenant hears of. Users'
//! own files run unmodified. Source: spec/enterprise.md §2.6.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::scripts::console::ConsoleLine;
use crate::scripts::error::ScriptError;
use crate::scripts::sandbox;
use crate::scripts::sandbox::Limits;
use crate::scripts::sandbox::Run;
use crate::scripts::sandbox::Script;
use crate::time::Timestamp;

/// What a mapper is called in errors, unless it has a name of its own.
const FILE: &str = "profileMapper.js";

/// The mapper of who has none: what it gives is what the real connector's gives.
const DEFAULT: &str = include_str!("profile_mapper/default.js");

/// Calls a mapper: with a callback if it has a parameter for one.
const ADAPTER: &str = include_str!("profile_mapper/adapter.js");

/// An entry of a directory, as mappers see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RawEntry {
    /// Text by attribute: one value as a text, several as a list, none as an empty list.
    pub(crate) attributes: Map<String, Value>,
    /// What isn't text, by attribute: mappers see buffers.
    pub(crate) binary: BTreeMap<String, Vec<Vec<u8>>>,
}

/// Why an entry has become no profile.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum MapperError {
    #[error("{FILE}: {0}")]
    Script(#[from] ScriptError),
    #[error("{FILE}: it gave {0}, and should give an object")]
    NoObject(String),
}

/// What a mapper made of an entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mapped {
    pub(crate) profile: Result<Map<String, Value>, MapperError>,
    pub(crate) console: Vec<ConsoleLine>,
}

/// Maps an entry by the user's own mapper, or by the default one. `random` fixes the mapper's random numbers.
pub(crate) async fn map(own: Option<&str>, entry: &RawEntry, now: Timestamp, random: [u8; 32]) -> Mapped {
    let encode = |values: &Vec<Vec<u8>>| values.iter().map(|value| STANDARD.encode(value)).collect::<Value>();
    let binary: Map<_, _> = entry.binary.iter().map(|(name, values)| (name.clone(), encode(values))).collect();
    let finished = sandbox::run(Run {
        script: Script { file: FILE.into(), source: own.unwrap_or(DEFAULT).into() },
        adapter: ADAPTER,
        arguments: vec![Value::Object(entry.attributes.clone()), Value::Object(binary)],
        now,
        random,
        limits: Limits::default(),
    })
    .await;
    let profile = match finished.answer {
        Ok(Some(Value::Object(profile))) => Ok(profile),
        Ok(Some(other)) => Err(MapperError::NoObject(json!(other).to_string().chars().take(80).collect())),
        Ok(None) => Err(MapperError::NoObject("nothing".to_owned())),
        Err(error) => Err(error.into()),
    };
    Mapped { profile, console: finished.console }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jdoe() -> RawEntry {
        let attributes = json!({ "dn": "CN=John Doe,OU=People,DC=acme,DC=example", "cn": "John Doe", "sn": "Doe",
            "objectGUID": "00112233-4455-6677-8899-aabbccddeeff", "givenName": "John", "displayName": "John Doe",
            "sAMAccountName": "jdoe", "userPrincipalName": "jdoe@acme.example", "mail": "jdoe@acme.example",
            "groups": ["Staff"], "department": "R&D", "objectSid": "S-1-5-21-1-2-3-1105", "memberOf": [] });
        let binary = [("thumbnailPhoto".to_owned(), vec![vec![0xff, 0xd8, 0xff]])].into();
        RawEntry { attributes: serde_json::from_value(attributes).unwrap(), binary }
    }

    async fn mapped(own: Option<&str>) -> Result<Value, String> {
        let mapped = map(own, &jdoe(), Timestamp::from_seconds(0), [1; 32]).await;
        mapped.profile.map(Value::Object).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn the_default_passes_on_what_the_connectors_does() {
        let expected = json!({ "id": "00112233-4455-6677-8899-aabbccddeeff", "displayName": "John Doe",
            "name": { "familyName": "Doe", "givenName": "John" }, "nickname": "jdoe", "groups": ["Staff"],
            "emails": [{ "value": "jdoe@acme.example" }],
            "organizationUnits": "CN=John Doe,OU=People,DC=acme,DC=example",
            "dn": "CN=John Doe,OU=People,DC=acme,DC=example", "department": "R&D", "sAMAccountName": "jdoe",
            "userPrincipalName": "jdoe@acme.example" });
        assert_eq!(mapped(None).await, Ok(expected));
    }

    #[tokio::test]
    async fn users_mappers_run_as_they_are() {
        for source in [
            "module.exports = function (raw_data) { return { id: raw_data.sAMAccountName, p: 'data:image/bmp;base64,' + raw_data['thumbnailPhoto'].toString('base64') }; };",
            "'use strict';\nvar util = require('util');\nmodule.exports = function (raw, cb) {\n  setTimeout(function () { cb(null, { id: util.format('%s', raw.sAMAccountName), p: 'data:image/bmp;base64,' + Buffer.from(raw.thumbnailPhoto).toString('base64') }); }, 10);\n};",
            "exports = module.exports = async (raw) => ({ id: raw.sAMAccountName, p: `data:image/bmp;base64,${raw.thumbnailPhoto.toString('base64')}` });",
        ] {
            let expected = json!({ "id": "jdoe", "p": "data:image/bmp;base64,/9j/" });
            assert_eq!(mapped(Some(source)).await, Ok(expected), "{source}");
        }
    }

    #[tokio::test]
    async fn a_mapper_that_is_wrong_is_told_where() {
        for (source, expected) in [
            ("module.exports = { map: 1 };", "profileMapper.js: TypeError: module.exports is not a function"),
            ("module.exports = () => {};", "profileMapper.js: it gave nothing, and should give an object"),
            ("module.exports = () => [1];", "profileMapper.js: it gave [1], and should give an object"),
            (
                "module.exports = (raw) => {\n  return raw.manager.dn;\n};",
                "profileMapper.js: TypeError: cannot read property 'dn' of undefined (profileMapper.js:2:10)",
            ),
            ("module.exports = (raw, cb) => cb('no');", "profileMapper.js: no"),
        ] {
            assert_eq!(mapped(Some(source)).await, Err(expected.to_owned()), "{source}");
        }
    }
}
