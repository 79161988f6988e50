//! One fault with its counters: whether it strikes a request that its scope fits.

use std::collections::VecDeque;
use std::sync::Arc;

use rand::RngExt as _;

use crate::http::faults::effect::Effect;
use crate::http::faults::list::Fault;
use crate::http::faults::scope::Who;
use crate::time::Rng;
use crate::time::Timestamp;

/// How many occasions are remembered.
const MOST_OCCASIONS: usize = 1000;

/// How long a limit holds unless a test says otherwise.
const LIMIT_SECONDS: u32 = 60;

/// A fault that is on.
pub(super) struct Entry {
    pub(super) fault: Arc<Fault>,
    /// How many requests its scope fitted.
    pub(super) fitted: u64,
    pub(super) fired: u64,
    rng: Rng,
    /// When a rate limit is lifted, once it holds.
    lifted_at: Option<Timestamp>,
    /// What was decided for a login or a token that is asked about several times, the last ones.
    occasions: VecDeque<(String, bool)>,
}

impl Entry {
    pub(super) fn new(fault: Fault, rng: Rng) -> Self {
        let fault = Arc::new(fault);
        Self { fault, fitted: 0, fired: 0, rng, lifted_at: None, occasions: VecDeque::new() }
    }

    /// Whether it strikes a request that fits its scope but for who it is about. Counts it.
    pub(super) fn strikes(&mut self, who: &Who, now: Timestamp) -> bool {
        if !self.fault.scope.fits_who(who) || self.lifted_at.is_some_and(|end| now >= end) {
            return false;
        }
        self.fitted += 1;
        let is_early = self.fitted <= self.fault.after;
        let is_done = self.fault.times.is_some_and(|times| self.fired >= times);
        if is_early || is_done || !self.is_drawn() {
            return false;
        }
        self.fired += 1;
        if let Effect::RateLimit { seconds, .. } = self.fault.effect
            && self.lifted_at.is_none()
        {
            self.lifted_at = Some(now.plus_seconds(seconds.unwrap_or(LIMIT_SECONDS).into()));
        }
        true
    }

    /// As [`Entry::strikes`], but the same answer for the same occasion, which counts once.
    pub(super) fn strikes_at(&mut self, occasion: &str, who: &Who, now: Timestamp) -> bool {
        if occasion.is_empty() {
            return self.strikes(who, now);
        }
        if let Some((_, decided)) = self.occasions.iter().find(|(known, _)| known == occasion) {
            return *decided;
        }
        if !self.fault.scope.fits_who(who) {
            return false;
        }
        let decided = self.strikes(who, now);
        if self.occasions.len() == MOST_OCCASIONS {
            self.occasions.pop_front();
        }
        self.occasions.push_back((occasion.to_owned(), decided));
        decided
    }

    /// When the limit is lifted that this fault is.
    pub(super) fn lifted_at(&self, now: Timestamp) -> Timestamp {
        self.lifted_at.unwrap_or(now)
    }

    /// Something between two numbers, both included.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        if least >= most { least } else { self.rng.source().random_range(least..=most) }
    }

    /// Where random bytes come from.
    pub(super) fn key(&mut self) -> [u8; 32] {
        self.rng.key()
    }

    fn is_drawn(&mut self) -> bool {
        match self.fault.probability {
            Some(probability) => self.rng.source().random_bool(probability.clamp(0.0, 1.0)),
            None => true,
        }
    }
}
