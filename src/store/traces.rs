//! What became of each person's attributes at their last logins. Kept by identity, so that a link or unlink takes them
//! along by itself; bounded, because it is for people who look into one login and not a history.

use std::ops::RangeInclusive;
use std::sync::Arc;

use imbl::OrdMap;

use crate::domain::id::UserId;
use crate::domain::profile::trace::LoginTrace;

/// How many logins of one identity are kept.
const MOST_EACH: usize = 5;

/// How many logins are kept in all.
const MOST: usize = 5_000;

/// The last logins of each identity, by `provider|id` of the identity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces {
    by_login: OrdMap<(UserId, u64), Arc<LoginTrace>>,
    /// All that is kept, in the order of time.
    in_order: OrdMap<u64, UserId>,
}

impl Traces {
    /// Adds a login; the oldest of the identity, or of all, goes for it.
    pub(crate) fn record(&mut self, login: LoginTrace) {
        let number = self.in_order.get_max().map_or(0, |(last, _)| last + 1);
        let identity = login.identity.clone();
        self.by_login.insert((identity.clone(), number), Arc::new(login));
        self.in_order.insert(number, identity.clone());
        let of_identity: Vec<_> = self.numbers_of(&identity);
        if of_identity.len() > MOST_EACH
            && let Some(oldest) = of_identity.first()
        {
            self.remove(&identity, *oldest);
        }
        if self.in_order.len() > MOST
            && let Some((oldest, identity)) = self.in_order.get_min().cloned()
        {
            self.remove(&identity, oldest);
        }
    }

    /// The logins with this identity, oldest first.
    pub(crate) fn of(&self, identity: &UserId) -> impl DoubleEndedIterator<Item = &Arc<LoginTrace>> {
        self.by_login.range(all(identity)).map(|(_, login)| login)
    }

    /// Forgets the logins with this identity.
    pub(crate) fn forget(&mut self, identity: &UserId) {
        for number in self.numbers_of(identity) {
            self.remove(identity, number);
        }
    }

    fn numbers_of(&self, identity: &UserId) -> Vec<u64> {
        self.by_login.range(all(identity)).map(|((_, number), _)| *number).collect()
    }

    fn remove(&mut self, identity: &UserId, number: u64) {
        self.by_login.remove(&(identity.clone(), number));
        self.in_order.remove(&number);
    }
}

fn all(identity: &UserId) -> RangeInclusive<(UserId, u64)> {
    (identity.clone(), 0)..=(identity.clone(), u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::profile::trace::Trace;
    use crate::time::Timestamp;

    fn login(identity: &str, seconds: i64) -> LoginTrace {
        LoginTrace {
            identity: identity.into(),
            connection: "c".into(),
            at: Timestamp::from_seconds(seconds),
            lines: Trace::default(),
            console: Vec::new(),
        }
    }

    fn times(traces: &Traces, identity: &str) -> Vec<i64> {
        traces.of(&identity.into()).map(|login| login.at.millis() / 1000).collect()
    }

    #[test]
    fn the_last_logins_of_each_identity_are_kept() {
        let mut traces = Traces::default();
        for seconds in 1..=7 {
            traces.record(login("github|1", seconds));
        }
        traces.record(login("github|12", 9));
        assert_eq!(times(&traces, "github|1"), [3, 4, 5, 6, 7]);
        traces.forget(&"github|1".into());
        assert!(times(&traces, "github|1").is_empty());
        assert_eq!(times(&traces, "github|12"), [9]);
        assert_eq!(traces.in_order.len(), 1);
    }

    #[test]
    fn the_oldest_of_all_goes_when_there_are_too_many() {
        let mut traces = Traces::default();
        for number in 0..=MOST {
            traces.record(login(&format!("github|{number}"), 0));
        }
        assert!(times(&traces, "github|0").is_empty());
        assert_eq!((times(&traces, "github|1").len(), traces.by_login.len()), (1, MOST));
    }
}
