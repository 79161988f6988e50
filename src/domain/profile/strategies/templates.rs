//! `mapping_mode: use_map`: attributes are made from templates, `${context.tokenset.email}`; what no template names is
//! dropped. Source: spec/profile.md §6.11.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::claims::custom::is_restricted;
use crate::domain::connection::Connection;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::mapping::Mapping;
use crate::domain::user::OWN_ATTRIBUTES;

const TOKEN: &str = "access_token";

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Literal(&'a str),
    /// The place between `${context.` and `}`.
    Place(&'a str),
}

/// Makes each attribute of `attribute_map.attributes`. Names that are restricted or the tenant's own are not set; one
/// whose place is empty is absent.
pub(super) fn normalize(connection: &Connection, raw: RawProfile) -> Result<NormalizedProfile, ProfileError> {
    let context = context(connection, &raw.0);
    let mut profile = Mapping::of(flat(raw.0), "sub")?;
    let map = connection.options.get("attribute_map").and_then(|map| map.get("attributes"));
    for (to, template) in map.and_then(Value::as_object).into_iter().flatten() {
        if is_restricted(to) {
            profile.refuse(to, "its name is restricted, map the claim to another one");
        } else if OWN_ATTRIBUTES.contains(&to.as_str()) {
            profile.refuse(to, "the attribute is the tenant's own");
        } else {
            let pieces = template.as_str().map(pieces).unwrap_or_default();
            let value = if template.is_string() { fill(&pieces, &context) } else { Some(template.clone()) };
            let sources: Vec<_> = pieces.iter().filter_map(Piece::source).collect();
            match value {
                Some(value) => profile.make(to, value, &sources, &format!("follows the template {template}")),
                None => profile.refuse(to, &format!("its template {template} finds nothing")),
            }
        }
    }
    Ok(profile.pass_through_unless(|name| {
        Some(if name == TOKEN {
            "a token is kept in the identity alone"
        } else {
            "no template of attribute_map names it"
        })
    }))
}

/// What templates see.
fn context(connection: &Connection, raw: &Map<String, Value>) -> Value {
    let mut tokenset = raw.clone();
    let userinfo = tokenset.remove("userinfo").unwrap_or_default();
    let connection = json!({
        "id": connection.id.as_str(),
        "name": connection.name,
        "strategy": connection.strategy.as_str(),
    });
    json!({ "tokenset": tokenset, "userinfo": userinfo, "connection": connection })
}

/// The claims, each of the userinfo endpoint's under its own name: `userinfo.email`.
fn flat(mut raw: Map<String, Value>) -> RawProfile {
    if let Some(Value::Object(userinfo)) = raw.remove("userinfo") {
        raw.extend(userinfo.into_iter().map(|(name, value)| (format!("userinfo.{name}"), value)));
    }
    RawProfile(raw)
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, (place, after))) =
        rest.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        pieces.push(Piece::Literal(before));
        pieces.push(Piece::Place(place.trim().strip_prefix("context.").unwrap_or_default()));
        rest = after;
    }
    pieces.push(Piece::Literal(rest));
    pieces.retain(|piece| *piece != Piece::Literal(""));
    pieces
}

/// A place alone gives its value in its type; text around it makes text of it, and nothing of what isn't there.
fn fill(pieces: &[Piece<'_>], context: &Value) -> Option<Value> {
    match pieces {
        [] => Some("".into()),
        [Piece::Place(place)] => find(context, place).cloned(),
        pieces => {
            let text = |piece: &Piece<'_>| match piece {
                Piece::Literal(text) => (*text).to_owned(),
                Piece::Place(place) => match find(context, place) {
                    Some(Value::String(text)) => text.clone(),
                    Some(value) => value.to_string(),
                    None => String::new(),
                },
            };
            Some(pieces.iter().map(text).collect::<String>().into())
        }
    }
}

/// A claim's name may have dots and slashes itself (`https://acme.example/plan`), so the whole rest is tried first.
fn find<'a>(value: &'a Value, place: &str) -> Option<&'a Value> {
    if let Some(found) = value.get(place) {
        return Some(found).filter(|value| !value.is_null());
    }
    let (first, rest) = place.split_once('.')?;
    find(value.get(first)?, rest)
}

impl Piece<'_> {
    /// The attribute that it is read from, as [`flat`] names it.
    fn source(&self) -> Option<String> {
        let Piece::Place(place) = self else { return None };
        match place.split_once('.')? {
            ("tokenset", claim) => Some(claim.to_owned()),
            ("userinfo", claim) => Some(format!("userinfo.{claim}")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::profile::strategies::testing::attributes;
    use crate::domain::profile::strategies::testing::connection;

    #[track_caller]
    fn check(map: Value, expected: Value) {
        let raw = json!({ "sub": "u1", "email": "ona@people.example", "email_verified": true, "given": "Ona",
            "family": "Fake", "groups": ["admins"], "https://acme.example/plan": "gold", "empty": null,
            "address": { "country": "PT" }, "access_token": "t-o-k-e-n", "userinfo": { "sub": "u1", "dept": "R&D" } });
        let options = json!({ "attribute_map": { "mapping_mode": "use_map", "attributes": map } });
        let connection = connection("oidc", options);
        assert_eq!(attributes(|raw| normalize(&connection, raw), raw).1, expected);
    }

    #[test]
    fn a_template_takes_a_value_as_it_is_or_makes_text_of_several() {
        let taken = json!({ "email": "${context.tokenset.email}", "email_verified": "${context.tokenset.email_verified}",
            "name": "${context.tokenset.given} ${context.tokenset.family}", "from": "via ${context.connection.name}",
            "department": "${context.userinfo.dept}", "plan": "${context.tokenset.https://acme.example/plan}",
            "country": "${context.tokenset.address.country}", "fixed": "x", "flag": true });
        let made = json!({ "email": "ona@people.example", "email_verified": true, "name": "Ona Fake",
            "from": "via conn", "department": "R&D", "plan": "gold", "country": "PT", "fixed": "x", "flag": true });
        check(taken, made);
        check(json!({ "token": "${context.tokenset.access_token}" }), json!({ "token": "t-o-k-e-n" }));
    }

    #[test]
    fn what_no_template_names_or_finds_is_absent() {
        check(json!({}), json!({}));
        check(json!({ "a": "${context.tokenset.nothing}", "b": "${context.tokenset.empty}" }), json!({}));
        check(json!({ "c": "${context.elsewhere.x}", "d": "${broken" }), json!({ "d": "${broken" }));
    }

    #[test]
    fn a_restricted_claim_can_be_kept_under_another_name() {
        let map = json!({ "groups": "${context.tokenset.groups}", "federated_groups": "${context.tokenset.groups}",
            "user_id": "${context.tokenset.given}" });
        check(map, json!({ "federated_groups": ["admins"] }));
    }
}
