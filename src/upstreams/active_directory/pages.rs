//! Searches that are answered a page at a time. Source: RFC 2696.

use std::collections::VecDeque;

use crate::protocols::ldap::message::Search;
use crate::upstreams::active_directory::entry::EntryId;

/// How many searches of a client may wait for their next page; the oldest ones are forgotten.
const MOST_WAITING: usize = 16;

/// What is left of a client's searches.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    waiting: VecDeque<Waiting>,
    last: u64,
}

#[derive(Debug)]
struct Waiting {
    cookie: [u8; 8],
    search: Search,
    left: VecDeque<EntryId>,
    total: usize,
}

impl Pages {
    /// Keeps what a search found for later pages; gives back the cookie that stands for it.
    pub(crate) fn keep(&mut self, search: Search, left: VecDeque<EntryId>, total: usize) -> [u8; 8] {
        if self.waiting.len() >= MOST_WAITING {
            self.waiting.pop_front();
        }
        self.last += 1;
        let cookie = self.last.to_be_bytes();
        self.waiting.push_back(Waiting { cookie, search, left, total });
        cookie
    }

    /// What is left of the search that a cookie stands for, which must be asked for in the same words, and how much it
    /// found in all. A cookie is good for one page.
    pub(crate) fn take(&mut self, cookie: &[u8], search: &Search) -> Option<(VecDeque<EntryId>, usize)> {
        let place = self.waiting.iter().position(|waiting| waiting.cookie == cookie)?;
        let waiting = self.waiting.remove(place)?;
        let same = Search { size_limit: search.size_limit, time_limit: search.time_limit, ..waiting.search };
        (same == *search).then_some((waiting.left, waiting.total))
    }
}
