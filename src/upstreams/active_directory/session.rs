//! One client's conversation with the directory: who it is, and the answers to what it asks. Source: RFC 4511 §4.

use crate::protocols::ldap::control;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::message::Search;
use crate::protocols::ldap::result::LdapResult;
use crate::time::Rng;
use crate::upstreams::Upstreams;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::pages::Pages;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::root;
use crate::upstreams::active_directory::view::View;

/// What is known of a client.
pub(crate) struct Session {
    pub(super) upstreams: Upstreams,
    /// `None` is anonymous.
    pub(super) who: Option<EntryId>,
    /// Nobody can listen in.
    pub(super) secure: bool,
    pub(super) pages: Pages,
}

/// What an answer is made of; the message's id is added.
pub(super) type Answers = Vec<(Response, Vec<Control>)>;

impl Session {
    /// A client that is new; `secure` if TLS is spoken from the start.
    pub(crate) fn new(upstreams: Upstreams, secure: bool) -> Self {
        Self { upstreams, who: None, secure, pages: Pages::default() }
    }

    /// From now on nobody can listen in.
    pub(crate) fn secured(&mut self) {
        self.secure = true;
    }

    /// Whether the answer to a search takes no time.
    pub(crate) fn is_quick(&self, search: &Search) -> bool {
        View { directory: &self.upstreams.read().directory, now: self.upstreams.now() }.is_quick(search)
    }

    /// The answers to a request, in their order; none to those that nobody answers.
    pub(crate) fn answer(&mut self, message: Message<Request>) -> Vec<Message<Response>> {
        let Some(kind) = message.operation.kind() else { return Vec::new() };
        let answers = self
            .answers(message.operation, &message.controls)
            .unwrap_or_else(|refusal| vec![(done(kind, refusal.result()), Vec::new())]);
        let id = message.id;
        answers.into_iter().map(|(operation, controls)| Message { id, operation, controls }).collect()
    }

    fn answers(&mut self, request: Request, controls: &[Control]) -> Result<Answers, Refusal> {
        let unknown = controls.iter().find(|it| it.critical && !root::CONTROLS.contains(&it.oid.as_str()));
        if let Some(unknown) = unknown {
            return Err(Refusal::Extension(unknown.oid.clone()));
        }
        let has = |oid: &str| controls.iter().any(|control| control.oid == oid);
        match request {
            Request::Bind(bind) => {
                self.who = None;
                self.pages = Pages::default();
                self.bind(bind)
            }
            Request::Search(search) => self.search(search, controls),
            Request::Compare(compare) => self.compare(&compare),
            Request::Add(add) => self.change(Kind::Add, |editor| editor.add(&add.dn, &add.attributes).map(|_| ())),
            Request::Delete(dn) => {
                let tree = has(control::TREE_DELETE);
                self.change(Kind::Delete, |editor| editor.delete(&dn, tree))
            }
            Request::ModifyDn(asked) => self.change(Kind::ModifyDn, |editor| editor.modify_dn(&asked)),
            Request::Modify(modify) => {
                let permissive = has(control::PERMISSIVE_MODIFY);
                self.change(Kind::Modify, |editor| {
                    let id = editor.directory.find(&modify.dn)?.id;
                    editor.modify(id, &modify.changes, permissive)
                })
            }
            Request::Extended(extended) => self.extended(&extended),
            Request::Unbind | Request::Abandon(_) => Ok(Vec::new()),
        }
    }

    fn change(
        &self,
        kind: Kind,
        change: impl FnOnce(&mut Editor<'_>) -> Result<(), Refusal>,
    ) -> Result<Answers, Refusal> {
        self.write(change)?;
        Ok(vec![(done(kind, LdapResult::success()), Vec::new())])
    }

    /// Writes as the one who is bound, all or nothing. Of a wrong old password it stays that somebody tried it: noted in
    /// the same write, so that nobody gets more tries by making them at once.
    pub(super) fn write<T>(&self, change: impl FnOnce(&mut Editor<'_>) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let writer = Writer::Client { who: self.known()?, secure: self.secure };
        let written = self.upstreams.write(|draft| {
            let now = draft.now;
            let mut rng = Rng::from_key(draft.rng().key());
            let before = draft.directory.clone();
            match change(&mut Editor { directory: &mut draft.directory, now, rng: &mut rng, writer }) {
                Err(Refusal::OldPassword(whose)) => {
                    draft.directory = before;
                    draft.directory.note_failure(whose, now);
                    Ok(Err(Refusal::OldPassword(whose)))
                }
                done => done.map(Ok),
            }
        });
        written.flatten()
    }

    /// Who is bound.
    ///
    /// # Errors
    /// [`Refusal::NotBound`].
    pub(super) fn known(&self) -> Result<EntryId, Refusal> {
        self.who.ok_or(Refusal::NotBound)
    }
}

pub(super) fn done(kind: Kind, result: LdapResult) -> Response {
    match kind {
        Kind::Extended => Response::Extended { result, oid: None, value: None },
        kind => Response::Done(kind, result),
    }
}
