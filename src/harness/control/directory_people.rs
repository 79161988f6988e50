//! People of the directory, on demand: at `ad`, in Active Directory's words. What isn't given is made up.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::fixtures::directory::words;
use crate::fixtures::generate;
use crate::harness::control::error::ControlError;
use crate::harness::control::making;
use crate::harness::control::making::PersonRequest;
use crate::protocols::ldap::dn::Rdn;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::server::site::Site;
use crate::time::Rng;
use crate::upstreams::UpstreamState;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::links::Link;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::Trait;
use crate::upstreams::active_directory::view::View;

/// What the directory is called where the fakes have their names.
pub(super) const PLACE: &str = "ad";

/// Says where the person's entry is; the names of groups that they are in.
const NAME: &str = "distinguishedName";
const GROUPS: &str = "memberOf";

/// Makes people, all or none.
///
/// # Errors
/// [`ControlError`] when the tenant has no directory, or it does not take them.
pub(super) fn create(site: &Site, request: &PersonRequest) -> Result<Vec<Value>, ControlError> {
    let of_others = [
        ("connection", request.connection.is_some()),
        ("grants", request.grants.is_some()),
        ("user_metadata", request.user_metadata.is_some()),
        ("app_metadata", request.app_metadata.is_some()),
        ("blocked", request.blocked.is_some()),
        ("email_verified", request.email_verified.is_some()),
    ];
    if let Some((name, _)) = of_others.into_iter().find(|(_, given)| *given) {
        return Err(ControlError::Invalid(format!("a person of the directory has no \"{name}\"")));
    }
    let now = site.upstreams.now();
    site.upstreams.write(|draft| {
        let mut rng = Rng::from_key(draft.rng().key());
        let fakes: &mut UpstreamState = draft;
        let mut made = Vec::new();
        for _ in 0..request.count.unwrap_or(1) {
            let person = Drawn::of(request, &fakes.directory, &mut rng)?;
            let directory = &mut fakes.directory;
            let mut editor = Editor { directory, now, rng: &mut rng, writer: Writer::Setup };
            let id = person.add(&mut editor)?;
            let view = View { directory: &fakes.directory, now };
            let mut told = fakes.directory.entry(id).map(|entry| shown(view, entry)).unwrap_or_default();
            if let Some(told) = told.as_object_mut() {
                told.insert("password".to_owned(), person.password.into());
            }
            made.push(told);
        }
        Ok(made)
    })
}

/// Everybody of the directory, but those that every domain has.
pub(super) fn list(site: &Site) -> Vec<Value> {
    let fakes = site.upstreams.read();
    let directory = &fakes.directory;
    let view = View { directory, now: site.upstreams.now() };
    let base = directory.domain().and_then(|domain| directory.entry(domain.id));
    let entries = base.into_iter().flat_map(|base| directory.within(base));
    let mut people: Vec<_> = entries.filter(|entry| is_person(entry)).collect();
    people.sort_by_key(|entry| entry.id);
    people.into_iter().map(|entry| shown(view, entry)).collect()
}

/// One of them, by account name.
///
/// # Errors
/// [`ControlError::NotFound`]
pub(super) fn read(site: &Site, id: &str) -> Result<Value, ControlError> {
    let fakes = site.upstreams.read();
    let view = View { directory: &fakes.directory, now: site.upstreams.now() };
    Ok(shown(view, find(&fakes.directory, id)?))
}

/// Changes attributes; `null` takes one away.
///
/// # Errors
/// [`ControlError`]; then nothing changed.
pub(super) fn update(site: &Site, id: &str, attributes: &Map<String, Value>) -> Result<Value, ControlError> {
    let now = site.upstreams.now();
    site.upstreams.write(|draft| {
        let mut rng = Rng::from_key(draft.rng().key());
        let fakes: &mut UpstreamState = draft;
        let own = find(&fakes.directory, id)?.id;
        let directory = &mut fakes.directory;
        let mut editor = Editor { directory, now, rng: &mut rng, writer: Writer::Setup };
        let plain = attributes.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(GROUPS));
        let changes = plain.map(|(name, value)| {
            let attribute = Attribute { name: name.as_str().into(), values: values(name, value)? };
            Ok::<_, ControlError>(Change { kind: ChangeKind::Replace, attribute })
        });
        editor.modify(own, &changes.collect::<Result<Vec<_>, _>>()?, true).map_err(refused)?;
        if let Some((_, groups)) = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(GROUPS)) {
            let before: Vec<_> = editor.directory.links().at(Link::Member, Side::To, own).collect();
            for group in before {
                editor.unlink(Link::Member, group, own);
            }
            join(&mut editor, own, groups)?;
        }
        let view = View { directory: &fakes.directory, now };
        Ok(fakes.directory.entry(own).map(|entry| shown(view, entry)).unwrap_or_default())
    })
}

/// Takes somebody out.
///
/// # Errors
/// [`ControlError`]
pub(super) fn delete(site: &Site, id: &str) -> Result<(), ControlError> {
    let now = site.upstreams.now();
    site.upstreams.write(|draft| {
        let mut rng = Rng::from_key(draft.rng().key());
        let dn = find(&draft.directory, id)?.dn.to_string();
        let directory = &mut draft.directory;
        let mut editor = Editor { directory, now, rng: &mut rng, writer: Writer::Setup };
        editor.delete(&dn, true).map_err(refused)
    })
}

/// A person on the way into the directory.
struct Drawn<'a> {
    dn: String,
    password: String,
    attributes: Vec<Attribute>,
    groups: Option<&'a Value>,
}

impl<'a> Drawn<'a> {
    fn of(request: &'a PersonRequest, directory: &Directory, rng: &mut Rng) -> Result<Self, ControlError> {
        let none =
            || ControlError::Invalid("the tenant has no directory: its fixture has no upstreams/ad.ldif".to_owned());
        let domain = directory.domain().ok_or_else(none)?;
        let number = i64::try_from(rng.below(1_000_000)).unwrap_or_default();
        let made_up = match making::of_locale(request, rng)? {
            Some(person) => Some(person),
            None => generate::one("en_US", number, rng),
        };
        let made_up = made_up.ok_or_else(none)?;
        let account = request.username.clone().unwrap_or_else(|| {
            let letters = made_up.email.chars().filter(char::is_ascii_lowercase).take(12).collect::<String>();
            format!("{letters}{}", rng.digits(6))
        });
        let password = request.password.clone().unwrap_or_else(|| format!("Passw0rd!{account}"));
        let (given, family) = match &request.name {
            Some(name) => name.rsplit_once(' ').unwrap_or((name.as_str(), "")),
            None => (made_up.given_name.as_str(), made_up.family_name.as_str()),
        };
        let full = request.name.clone().unwrap_or_else(|| made_up.name.clone());
        let mail = request.email.clone().unwrap_or_else(|| format!("{account}@{}", domain.dns));
        let mut texts: Map<String, Value> = Map::new();
        let usual = [
            ("objectClass", "user"),
            ("sAMAccountName", &account),
            ("userPassword", &password),
            ("givenName", given),
            ("sn", family),
            ("displayName", &full),
            ("mail", &mail),
        ];
        let given_names: Vec<_> = request.attributes.keys().map(|name| name.to_lowercase()).collect();
        let usual = usual.into_iter().filter(|(_, text)| !text.is_empty());
        let usual = usual.filter(|(name, _)| !given_names.contains(&name.to_lowercase()));
        texts.extend(usual.map(|(name, text)| (name.to_owned(), text.into())));
        let own = request.attributes.iter().filter(|(name, value)| !is_special(name) && !value.is_null());
        texts.extend(own.map(|(name, value)| (name.clone(), value.clone())));
        let special = |wanted: &str| request.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let users = domain.below("CN=Users");
        let dn = match special(NAME) {
            Some((_, value)) => value.as_str().unwrap_or_default().to_owned(),
            None if request.name.is_some() => format!("{},{users}", Rdn::new("CN", &full)),
            None => format!("{},{users}", Rdn::new("CN", &format!("{full} ({account})"))),
        };
        let attributes = texts.iter().map(|(name, value)| {
            Ok::<_, ControlError>(Attribute { name: name.as_str().into(), values: values(name, value)? })
        });
        let groups = special(GROUPS).map(|(_, groups)| groups);
        Ok(Self { dn, password, attributes: attributes.collect::<Result<_, _>>()?, groups })
    }

    fn add(&self, editor: &mut Editor<'_>) -> Result<EntryId, ControlError> {
        let id = editor.add(&self.dn, &self.attributes).map_err(refused)?;
        if let Some(groups) = self.groups {
            join(editor, id, groups)?;
        }
        Ok(id)
    }
}

fn is_special(name: &str) -> bool {
    [NAME, GROUPS].iter().any(|special| special.eq_ignore_ascii_case(name))
}

/// Puts somebody into groups, named by their account names or in full.
fn join(editor: &mut Editor<'_>, own: EntryId, groups: &Value) -> Result<(), ControlError> {
    let names = match groups {
        Value::Null => Vec::new(),
        Value::Array(names) => names.iter().collect(),
        name => vec![name],
    };
    for name in names {
        let name = name.as_str().unwrap_or_default();
        let found = editor.directory.named("sAMAccountName", name).or_else(|| editor.directory.find(name).ok());
        let group = found.filter(|entry| entry.is_a("group")).map(|group| group.id);
        let none = || ControlError::Invalid(format!("there is no group \"{name}\": write its name, or its DN"));
        let group = group.ok_or_else(none)?;
        let dn = editor.directory.entry(own).map(|entry| entry.dn.to_string()).unwrap_or_default();
        editor.link(Link::Member, group, dn.as_bytes()).map_err(refused)?;
    }
    Ok(())
}

/// Values of an attribute as JSON has them.
fn values(name: &str, value: &Value) -> Result<Vec<std::sync::Arc<[u8]>>, ControlError> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.as_bytes().into()),
        Value::Number(number) => Ok(number.to_string().as_bytes().into()),
        Value::Bool(flag) => Ok(if *flag { b"TRUE".as_slice() } else { b"FALSE".as_slice() }.into()),
        _ => Err(ControlError::Invalid(format!("\"{name}\" must be a text, a number, or a list of them"))),
    };
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => values.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}

fn find<'a>(directory: &'a Directory, id: &str) -> Result<&'a Entry, ControlError> {
    let found = directory.named("sAMAccountName", id).filter(|entry| is_person(entry));
    found.map(|entry| &**entry).ok_or_else(|| ControlError::NotFound { what: "person", name: id.to_owned() })
}

fn is_person(entry: &Entry) -> bool {
    entry.is_a("user") && !entry.is_a("computer") && !entry.is_standard()
}

/// Somebody with their attributes, those with bytes in base64.
fn shown(view: View<'_>, entry: &Entry) -> Value {
    let text = |value: &std::sync::Arc<[u8]>| match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => STANDARD.encode(value),
    };
    let attribute = |id: crate::upstreams::active_directory::schema::AttributeId| {
        let mut texts: Vec<_> = view.values(entry, id).iter().map(text).collect();
        let value = match texts.len() {
            0 => return None,
            1 if !id.is(Trait::Several) => texts.pop().unwrap_or_default().into(),
            _ => json!(texts),
        };
        Some((id.name().to_owned(), value))
    };
    let profile: Map<String, Value> = View::shown(entry).into_iter().filter_map(attribute).collect();
    json!({
        "at": PLACE,
        "id": entry.text("sAMAccountName"),
        "email": entry.text("mail"),
        "name": entry.text("displayName").or_else(|| entry.text("name")),
        "profile": profile,
    })
}

fn refused(refusal: Refusal) -> ControlError {
    let text = words::of(&refusal);
    match refusal {
        Refusal::Exists | Refusal::NotUnique(_) => ControlError::Conflict(text),
        _ => ControlError::Invalid(text),
    }
}
