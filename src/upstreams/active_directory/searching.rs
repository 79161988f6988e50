//! Searches and comparisons of a session, with pages and sorting. Source: RFC 4511 §4.5, §4.10; RFC 2696; RFC 2891.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::protocols::ldap::control;
use crate::protocols::ldap::control::PageRequest;
use crate::protocols::ldap::control::SortKey;
use crate::protocols::ldap::filter::Assertion;
use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::message::Compare;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::root;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::search::Found;
use crate::upstreams::active_directory::search::MOST_ENTRIES;
use crate::upstreams::active_directory::selection::Selection;
use crate::upstreams::active_directory::session::Answers;
use crate::upstreams::active_directory::session::Session;
use crate::upstreams::active_directory::view::View;

/// How many entries a search with pages may find in all.
const MOST_PAGED: usize = 1_000_000;

/// What the controls of a search ask for.
struct Asked {
    page: Option<PageRequest>,
    sort: Option<Sort>,
}

struct Sort {
    keys: Vec<SortKey>,
    /// Better nothing than something that isn't sorted.
    critical: bool,
}

impl Session {
    pub(super) fn search(&mut self, search: Search, controls: &[Control]) -> Result<Answers, Refusal> {
        let state = self.upstreams.read();
        let view = View { directory: &state.directory, now: self.upstreams.now() };
        if search.base.is_empty() && search.scope == Scope::Base {
            let test = view.test(&search.filter);
            // Everything there is has a class.
            let passes = matches!(search.filter, Filter::Present(_))
                || !matches!(test, crate::upstreams::active_directory::matching::Test::Never);
            let found = passes.then(|| Response::Entry(root::root_dse(view, &search.attributes, search.types_only)));
            return Ok(ended(found.into_iter().collect(), LdapResult::success(), Vec::new()));
        }
        self.known()?;
        if let Some(domain) = view.directory.domain()
            && search.scope == Scope::Base
            && key_of(&search.base) == key_of(&domain.category("Aggregate"))
        {
            let schema = Response::Entry(root::schema(domain, &search.attributes, search.types_only));
            return Ok(ended(vec![schema], LdapResult::success(), Vec::new()));
        }
        let asked = asked(controls)?;
        match asked.page {
            Some(ref page) if !page.cookie.is_empty() => {
                let Some((left, total)) = self.pages.take(&page.cookie, &search) else {
                    return Err(Refusal::Unwilling("the cookie is of no search of this connection".to_owned()));
                };
                Ok(self.page(view, (search, left, total), page.size, Vec::new()))
            }
            asked_page => {
                let limit = limit(search.size_limit);
                let at_once = limit.min(MOST_ENTRIES);
                // The first ones of those sorted are known only when all are.
                let needs_all = asked_page.is_some() || asked.sort.is_some();
                let mut found = view.search(&search, if needs_all { MOST_PAGED } else { at_once })?;
                let (sorted, more) = sorted(view, &mut found, asked.sort.as_ref());
                if let Err(refusal) = sorted {
                    return Ok(ended(Vec::new(), refusal.result(), more));
                }
                match asked_page {
                    Some(page) if found.cut.is_none() => {
                        let total = found.ids.len();
                        let left = found.ids.into_iter().take(limit).collect();
                        Ok(self.page(view, (search, left, total), page.size, more))
                    }
                    _ => {
                        if found.ids.len() > at_once {
                            found.ids.truncate(at_once);
                            found.cut.get_or_insert(ResultCode::SizeLimitExceeded);
                        }
                        let result = found.cut.map_or_else(LdapResult::success, |code| LdapResult::new(code, ""));
                        Ok(ended(shown(view, &search, found.ids), result, more))
                    }
                }
            }
        }
    }

    fn page(
        &mut self,
        view: View<'_>,
        (search, mut left, total): (Search, VecDeque<EntryId>, usize),
        size: u32,
        mut controls: Vec<Control>,
    ) -> Answers {
        let estimate = u32::try_from(total).unwrap_or(u32::MAX);
        if size == 0 {
            // The client has had enough of it.
            controls.push(Control::page(estimate, b""));
            return ended(Vec::new(), LdapResult::success(), controls);
        }
        let count = limit(size).min(MOST_ENTRIES).min(left.len());
        let now: Vec<_> = left.drain(..count).collect();
        let entries = shown(view, &search, now);
        if left.is_empty() {
            controls.push(Control::page(estimate, b""));
        } else {
            controls.push(Control::page(estimate, &self.pages.keep(search, left, total)));
        }
        ended(entries, LdapResult::success(), controls)
    }

    pub(super) fn compare(&self, asked: &Compare) -> Result<Answers, Refusal> {
        self.known()?;
        let state = self.upstreams.read();
        let view = View { directory: &state.directory, now: self.upstreams.now() };
        let entry = Arc::clone(view.directory.find(&asked.dn)?);
        let unknown = || Refusal::UnknownAttribute(asked.attribute.clone());
        let attribute = AttributeId::named(&asked.attribute).ok_or_else(unknown)?;
        if view.values(&entry, attribute).is_empty() {
            return Err(Refusal::NoValue(attribute.name()));
        }
        key::asserted(attribute, &asked.value).ok_or(Refusal::BadValue(attribute.name()))?;
        let assertion = Assertion { attribute: asked.attribute.clone(), value: asked.value.clone() };
        let is_so = view.passes(&entry, &view.test(&Filter::Equality(assertion))) == Some(true);
        let code = if is_so { ResultCode::CompareTrue } else { ResultCode::CompareFalse };
        Ok(vec![(Response::Done(Kind::Compare, LdapResult::new(code, "")), Vec::new())])
    }
}

fn asked(controls: &[Control]) -> Result<Asked, Refusal> {
    let find = |oid: &str| controls.iter().find(|control| control.oid == oid);
    let wrong = |_| Refusal::Protocol("the value of a control makes no sense".to_owned());
    let sort = find(control::SORT_REQUEST);
    let sort = sort.map(|control| Ok(Sort { keys: control.sort_keys()?, critical: control.critical }));
    Ok(Asked {
        page: find(control::PAGED_RESULTS).map(Control::page_request).transpose().map_err(wrong)?,
        sort: sort.transpose().map_err(wrong)?,
    })
}

/// Sorts what was found, if asked to; tells what came of it. Source: RFC 2891 §2.
fn sorted(view: View<'_>, found: &mut Found, asked: Option<&Sort>) -> (Result<(), Refusal>, Vec<Control>) {
    let Some(Sort { keys, critical }) = asked else { return (Ok(()), Vec::new()) };
    match view.sort(&mut found.ids, keys) {
        Ok(()) => (Ok(()), vec![Control::sorted(ResultCode::Success, None)]),
        Err(attribute) => {
            let answer = vec![Control::sorted(ResultCode::NoSuchAttribute, Some(&attribute))];
            let unsorted = Refusal::Extension(format!("nothing is sorted by {attribute}"));
            (if *critical { Err(unsorted) } else { Ok(()) }, answer)
        }
    }
}

fn shown(view: View<'_>, search: &Search, ids: Vec<EntryId>) -> Vec<Response> {
    let selection = Selection::of(&search.attributes, search.types_only);
    let entries = ids.iter().filter_map(|id| view.directory.entry(*id));
    entries.map(|entry| Response::Entry(selection.answer(view, entry))).collect()
}

fn ended(found: Vec<Response>, result: LdapResult, controls: Vec<Control>) -> Answers {
    let mut answers: Answers = found.into_iter().map(|response| (response, Vec::new())).collect();
    answers.push((Response::Done(Kind::Search, result), controls));
    answers
}

/// 0 is no limit.
fn limit(asked: u32) -> usize {
    if asked == 0 { usize::MAX } else { usize::try_from(asked).unwrap_or(usize::MAX) }
}

fn key_of(name: &str) -> Option<String> {
    name.parse().ok().map(|name: crate::protocols::ldap::dn::Dn| name.key())
}
