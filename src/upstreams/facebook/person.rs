//! What Graph says of a person: which fields exist, and which permission each wants. Source: spec/upstreams.md §2.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::facebook::fields::Field;
use crate::upstreams::facebook::picture;
use crate::upstreams::facebook::session::Session;
use crate::upstreams::facebook::version::Version;
use crate::upstreams::handle::Base;

/// Who sees a field.
#[derive(Clone, Copy)]
enum Wants {
    /// Every app that the person signed in to.
    Nothing,
    Permission(&'static str),
    /// A permission that was retired in 2018: given by old versions, or if the account's grants name it.
    Retired(&'static str),
}

/// Fields that every app sees, where the account has them.
const PUBLIC: &[&str] = &[
    "id",
    "name",
    "first_name",
    "last_name",
    "middle_name",
    "name_format",
    "short_name",
    "picture",
    // Asked for by everybody for years, and left out by newer versions unless the account says otherwise.
    "address",
    "context",
    "cover",
    "currency",
    "devices",
    "favorite_athletes",
    "favorite_teams",
    "inspirational_people",
    "install_type",
    "installed",
    "is_verified",
    "languages",
    "locale",
    "meeting_for",
    "public_key",
    "quotes",
    "security_settings",
    "sports",
    "test_group",
    "third_party_id",
    "timezone",
    "updated_time",
    "verified",
    "video_upload_limits",
    "viewer_can_send_gift",
];

/// Fields that want a permission.
const WITH_PERMISSION: &[(&str, &str)] = &[
    ("email", "email"),
    ("birthday", "user_birthday"),
    ("gender", "user_gender"),
    ("age_range", "user_age_range"),
    ("link", "user_link"),
    ("hometown", "user_hometown"),
    ("location", "user_location"),
    ("friends", "user_friends"),
    ("likes", "user_likes"),
    ("photos", "user_photos"),
    ("posts", "user_posts"),
    ("videos", "user_videos"),
];

/// Fields whose permission was retired.
const RETIRED: &[(&str, &str)] = &[
    ("relationship_status", "user_relationships"),
    ("significant_other", "user_relationships"),
    ("interested_in", "user_relationship_details"),
    ("education", "user_education_history"),
    ("work", "user_work_history"),
    ("religion", "user_religion_politics"),
    ("political", "user_religion_politics"),
    ("about", "user_about_me"),
    ("bio", "user_about_me"),
    ("website", "user_website"),
];

fn wants(field: &str) -> Option<Wants> {
    let of = |table: &[(&str, &'static str)]| table.iter().find(|(name, _)| *name == field).map(|(_, wanted)| *wanted);
    let public = || PUBLIC.contains(&field).then_some(Wants::Nothing);
    public().or_else(|| of(WITH_PERMISSION).map(Wants::Permission)).or_else(|| of(RETIRED).map(Wants::Retired))
}

/// Of the fields asked for, those that the person filled in and lets the app know; `id` always.
///
/// # Errors
/// [`GraphError::UnknownField`]: a field that nobody has, and that is no attribute of this account either.
pub(super) fn view(
    base: &Base,
    session: &Session,
    fields: &[Field],
    version: Version,
) -> Result<Map<String, Value>, GraphError> {
    let mut view = Map::new();
    for field in fields {
        let known = wants(&field.name);
        if known.is_none() && !session.account.attributes.contains_key(&field.name) {
            return Err(GraphError::UnknownField(field.name.clone()));
        }
        // What only this account has is what a test gave it to be seen.
        if is_seen(session, known.unwrap_or(Wants::Nothing), version)
            && let Some(value) = value(base, session, field)
        {
            view.insert(field.shown_as().to_owned(), of_members(value, &field.members));
        }
    }
    view.entry("id").or_insert_with(|| session.account.id.as_str().into());
    Ok(view)
}

fn is_seen(session: &Session, wants: Wants, version: Version) -> bool {
    match wants {
        Wants::Nothing => true,
        Wants::Permission(permission) => session.consent.granted.contains(permission),
        Wants::Retired(permission) => {
            let named =
                session.account.grants.as_ref().is_some_and(|grants| grants.iter().any(|one| one == permission));
            session.consent.granted.contains(permission) && (named || version <= Version::LAST_WIDE)
        }
    }
}

/// What the account has; what every account has though nobody filled it in.
fn value(base: &Base, session: &Session, field: &Field) -> Option<Value> {
    let account = &session.account;
    match (field.name.as_str(), account.attributes.get(&field.name)) {
        ("picture", own) => Some(picture::object(base, account, own, field)),
        (_, Some(own)) => Some(own.clone()),
        ("short_name", None) => account.text("first_name").map(Value::from),
        ("name_format", None) => Some("{first} {last}".into()),
        ("friends", None) => Some(json!({ "data": [], "summary": { "total_count": 0 } })),
        _ => None,
    }
}

/// Of an object, the members asked for; objects of one member `data` are looked through.
fn of_members(value: Value, members: &[Field]) -> Value {
    if members.is_empty() {
        return value;
    }
    match value {
        Value::Object(mut object) => {
            if let Some(data) = object.remove("data") {
                object.insert("data".to_owned(), of_members(data, members));
                return Value::Object(object);
            }
            let asked = |name: &String| members.iter().any(|member| member.name == *name);
            object.retain(|name, _| asked(name));
            Value::Object(object)
        }
        Value::Array(items) => items.into_iter().map(|item| of_members(item, members)).collect(),
        plain => plain,
    }
}
