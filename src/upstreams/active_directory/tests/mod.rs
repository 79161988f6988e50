//! The directory as its clients find it: one session each, over a small company.

mod binds;
mod changes;
mod passwords;
mod plans;
mod results;
mod searches;

use std::time::Duration;

use crate::keys::Keyring;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Bind;
use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Dereference;
use crate::protocols::ldap::message::Entry;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::MessageId;
use crate::protocols::ldap::message::Modify;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;
use crate::protocols::ldap::result::LdapResult;
use crate::time::Clock;
use crate::time::Rng;
use crate::time::Timestamp;
use crate::upstreams::Upstreams;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::session::Session;
use crate::upstreams::state::UpstreamState;

const BASE: &str = "DC=acme,DC=example";

/// A person: step of the name below the domain, account, and other attributes.
type Known = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const PEOPLE: &[Known] = &[
    ("CN=Ana Ruiz,OU=Sales", "ana", &[("sn", "Ruiz"), ("givenName", "Ana"), ("mail", "ana@acme.example")]),
    ("CN=Bo Lind,OU=Sales", "bo", &[("sn", "Lind"), ("givenName", "Bo"), ("employeeNumber", "7")]),
    ("CN=Čeněk *(x)\\\\,OU=Sales", "cenek", &[("userAccountControl", "514")]),
    ("CN=Expired,OU=Sales", "expired", &[("accountExpires", "132223104000000000")]),
    ("CN=Stale,OU=Sales", "stale", &[("pwdLastSet", "132223104000000000")]),
    ("CN=New,OU=Sales", "new", &[("pwdLastSet", "0")]),
];

/// A group: step of the name, and the steps of its members.
const GROUPS: &[(&str, &[&str])] = &[
    ("CN=Team", &["CN=Ana Ruiz,OU=Sales", "CN=Bo Lind,OU=Sales"]),
    ("CN=House", &["CN=Team"]),
    // A circle.
    ("CN=World", &["CN=House", "CN=World"]),
];

/// A client of a directory of its own.
struct Client {
    session: Session,
    upstreams: Upstreams,
    clock: Clock,
}

impl Client {
    /// Bound as nobody, where nobody listens in.
    fn new() -> Self {
        let clock = Clock::default();
        clock.freeze(Timestamp::from_seconds(1_900_000_000));
        let mut state = UpstreamState::default();
        let mut rng = Rng::new(Some(1));
        let directory = &mut state.directory;
        set_up(&mut Editor { directory, now: clock.now(), rng: &mut rng, writer: Writer::Setup }).unwrap();
        let upstreams = Upstreams::new(state, clock.clone(), rng, Keyring::in_memory());
        Self { session: Session::new(upstreams.clone(), true), upstreams, clock }
    }

    /// Bound as somebody, whose password is that of the name.
    fn of(account: &str) -> Self {
        let mut client = Self::new();
        assert_eq!(client.bind(&format!("ACME\\{account}"), &password(account)), "ok");
        client
    }

    /// The same directory, where somebody listens in.
    fn in_plain(&self, account: &str) -> Self {
        let (upstreams, clock) = (self.upstreams.clone(), self.clock.clone());
        let mut client = Self { session: Session::new(upstreams.clone(), false), upstreams, clock };
        assert_eq!(client.bind(&format!("ACME\\{account}"), &password(account)), "ok");
        client
    }

    fn answers(&mut self, operation: Request, controls: Vec<Control>) -> Vec<Message<Response>> {
        self.session.answer(Message { id: MessageId(7), operation, controls })
    }

    /// What comes of a request: `ok`, or the number of the result and its text.
    fn ask(&mut self, operation: Request) -> String {
        told(self.answers(operation, Vec::new()).last())
    }

    fn bind(&mut self, name: &str, password: &str) -> String {
        let credentials = Credentials::Simple(password.as_bytes().to_vec());
        self.ask(Request::Bind(Bind { version: 3, name: name.to_owned(), credentials }))
    }

    fn modify(&mut self, step: &str, kind: ChangeKind, name: &str, values: &[&[u8]]) -> String {
        let values = values.iter().map(|value| (*value).into()).collect();
        let changes = vec![Change { kind, attribute: Attribute { name: name.into(), values } }];
        self.ask(Request::Modify(Modify { dn: below(step), changes }))
    }

    fn entries(&mut self, search: Search, controls: Vec<Control>) -> Vec<Entry> {
        let entry = |answer: Message<Response>| match answer.operation {
            Response::Entry(entry) => Some(entry),
            _ => None,
        };
        self.answers(Request::Search(search), controls).into_iter().filter_map(entry).collect()
    }

    /// The accounts that a filter finds in the whole domain, in the order of the answer.
    fn finds(&mut self, filter: &str) -> Vec<String> {
        self.entries(search(filter), Vec::new()).iter().map(|entry| value(entry, "sAMAccountName")).collect()
    }

    /// The values of an attribute of an entry.
    fn values(&mut self, step: &str, name: &str) -> Vec<String> {
        let search = Search {
            base: below(step),
            scope: Scope::Base,
            attributes: vec![name.to_owned()],
            ..search("(objectClass=*)")
        };
        let found = self.entries(search, Vec::new());
        let attributes = found.iter().flat_map(|entry| &entry.attributes);
        attributes.flat_map(|attribute| &attribute.values).map(|value| text(value)).collect()
    }

    fn pass(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(minutes * 60));
    }
}

pub(in crate::upstreams) fn set_up(editor: &mut Editor<'_>) -> Result<(), Refusal> {
    editor.set_up(BASE, None, &[])?;
    editor.add(&below("OU=Sales"), &[one("objectClass", "organizationalUnit")])?;
    for (step, account, more) in PEOPLE {
        let mut attributes = vec![one("objectClass", "user"), one("sAMAccountName", account)];
        attributes.push(one("userPassword", &password(account)));
        attributes.push(one("userPrincipalName", &format!("{account}@acme.example")));
        attributes.extend(more.iter().map(|(name, value)| one(name, value)));
        editor.add(&below(step), &attributes)?;
    }
    for (step, members) in GROUPS {
        let members = members.iter().map(|member| below(member).into_bytes().into()).collect();
        let members = Attribute { name: "member".into(), values: members };
        editor.add(&below(step), &[one("objectClass", "group"), members])?;
    }
    let administrator = editor.directory.find(&below("CN=Administrator,CN=Users"))?.id;
    let changes = [("userPassword", password("Administrator")), ("userAccountControl", "66048".to_owned())];
    let changes = changes.map(|(name, value)| Change { kind: ChangeKind::Replace, attribute: one(name, &value) });
    editor.modify(administrator, &changes, true)
}

fn one(name: &str, value: &str) -> Attribute {
    Attribute { name: name.into(), values: vec![value.as_bytes().into()] }
}

pub(in crate::upstreams) fn password(account: &str) -> String {
    format!("Passw0rd!{account}")
}

fn below(step: &str) -> String {
    format!("{step},{BASE}")
}

fn search(filter: &str) -> Search {
    Search {
        base: BASE.to_owned(),
        scope: Scope::Subtree,
        dereference: Dereference::Never,
        size_limit: 0,
        time_limit: 0,
        types_only: false,
        filter: filter.parse().unwrap(),
        attributes: Vec::new(),
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

fn value(entry: &Entry, name: &str) -> String {
    let found = entry.attributes.iter().find(|attribute| *attribute.name == *name);
    found.and_then(|attribute| attribute.values.first()).map_or_else(|| entry.dn.to_string(), |value| text(value))
}

fn told(answer: Option<&Message<Response>>) -> String {
    match answer.map(|answer| &answer.operation) {
        Some(Response::Done(_, result) | Response::Extended { result, .. }) => worded(result),
        _ => "nothing".to_owned(),
    }
}

fn worded(result: &LdapResult) -> String {
    match result.code.number() {
        0 => "ok".to_owned(),
        code => format!("{code} {}", result.message),
    }
}

/// Whether an answer has this number and these words.
#[track_caller]
fn is(answer: &str, expected: &str) {
    let (code, words) = expected.split_once(' ').unwrap_or((expected, ""));
    let same = answer.split(' ').next() == Some(code) && answer.contains(words);
    assert!(same, "{answer:?} is not {expected:?}");
}
