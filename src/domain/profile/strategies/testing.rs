//! What the tests of all strategies need.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;

pub(super) fn connection(strategy: &str, options: Value) -> Connection {
    let connection = json!({ "id": "con_1", "name": "conn", "strategy": strategy, "options": options });
    serde_json::from_value(connection).unwrap()
}

pub(super) fn raw(raw: Value) -> RawProfile {
    RawProfile(raw.as_object().cloned().unwrap())
}

/// The id and the attributes of a raw profile. On the way its trace is held against the rule: each attribute of the
/// upstream's has one line, each attribute of the user's at least one.
#[track_caller]
pub(super) fn attributes(
    normalize: impl FnOnce(RawProfile) -> Result<NormalizedProfile, ProfileError>,
    raw: Value,
) -> (Value, Value) {
    let raw = self::raw(raw);
    let profile = normalize(raw.clone()).unwrap();
    check_trace(&raw, &profile);
    (serde_json::to_value(profile.id).unwrap(), profile.attributes.into())
}

#[track_caller]
fn check_trace(raw: &RawProfile, profile: &NormalizedProfile) {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for from in profile.trace.0.iter().filter_map(|line| line.from.as_deref()).filter(|from| !from.starts_with('/')) {
        *lines.entry(from).or_default() += 1;
    }
    assert!(lines.values().all(|count| *count == 1), "traced twice: {lines:?}");
    for name in raw.0.keys().filter(|name| *name != "userinfo") {
        assert!(lines.contains_key(name.as_str()), "\"{name}\" is not traced");
    }
    let to: Vec<_> =
        profile.trace.0.iter().filter_map(|line| line.to.as_deref()).flat_map(|to| to.split(", ")).collect();
    for name in profile.attributes.keys() {
        assert!(to.contains(&name.as_str()), "nothing in the trace became \"{name}\"");
    }
}
