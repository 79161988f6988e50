//! The faults of one tenant: added, counted, taken away.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use crate::http::faults::effect::Effect;
use crate::http::faults::entry::Entry;
use crate::http::faults::scope::Scope;
use crate::http::faults::scope::Subject;
use crate::http::faults::strike::Words;
use crate::time::Clock;
use crate::time::Rng;

/// How many faults are on at a time.
pub(crate) const MOST: usize = 1000;

/// The faults of a tenant; clones are the same list. Without any, a request costs one atomic load.
#[derive(Clone)]
pub(crate) struct Faults(Arc<Inner>);

struct Inner {
    count: AtomicUsize,
    entries: Mutex<Vec<Entry>>,
    clock: Clock,
    words: Words,
}

/// Something that goes wrong on purpose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) id: String,
    pub(crate) scope: Scope,
    pub(crate) effect: Effect,
    /// How many requests that fit pass first.
    pub(crate) after: u64,
    /// How often it fires; `None` for ever.
    pub(crate) times: Option<u64>,
    /// How likely it fires, 0 to 1; `None` is always.
    pub(crate) probability: Option<f64>,
}

/// A fault and how often it fired.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Counted {
    pub(crate) fault: Arc<Fault>,
    pub(crate) fired: u64,
    /// How many requests its scope fitted, whether it fired at them or not.
    pub(crate) fitted: u64,
}

/// A fault that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fired {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
}

/// The list is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Faults {
    /// None yet. `words` are those of every boundary when it fails.
    pub(crate) fn new(clock: Clock, words: Words) -> Self {
        Self(Arc::new(Inner { count: AtomicUsize::new(0), entries: Mutex::default(), clock, words }))
    }

    /// None, for another tenant.
    #[must_use]
    pub(crate) fn fork(&self, clock: Clock) -> Self {
        Self::new(clock, self.0.words)
    }

    /// Whether nothing goes wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.count.load(Ordering::Relaxed) == 0
    }

    /// Adds a fault. What is random about it is drawn from `rng`.
    ///
    /// # Errors
    /// [`TooMany`]
    pub(crate) fn add(&self, fault: Fault, rng: Rng) -> Result<Counted, TooMany> {
        let mut entries = self.0.entries.lock();
        if entries.len() == MOST {
            return Err(TooMany);
        }
        let entry = Entry::new(fault, rng);
        let added = counted(&entry);
        entries.push(entry);
        self.0.count.store(entries.len(), Ordering::Relaxed);
        Ok(added)
    }

    /// All, in the order in which they were added.
    pub(crate) fn all(&self) -> Vec<Counted> {
        self.0.entries.lock().iter().map(counted).collect()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Counted> {
        self.0.entries.lock().iter().find(|entry| entry.fault.id == id).map(counted)
    }

    /// Takes a fault away; `false` when there was none.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut entries = self.0.entries.lock();
        let before = entries.len();
        entries.retain(|entry| entry.fault.id != id);
        self.0.count.store(entries.len(), Ordering::Relaxed);
        entries.len() < before
    }

    /// Takes all away.
    pub(crate) fn clear(&self) {
        let mut entries = self.0.entries.lock();
        entries.clear();
        self.0.count.store(0, Ordering::Relaxed);
    }

    /// Whether it must be known who a request is from or about.
    pub(crate) fn ask_who(&self, subject: &Subject<'_>) -> bool {
        let asks = |fault: &Fault| !fault.effect.is_behaviour() && fault.scope.asks_who() && fault.scope.fits(subject);
        self.0.entries.lock().iter().any(|entry| asks(&entry.fault))
    }

    /// Runs something over the entries, in the order in which they were added.
    pub(super) fn with<T>(&self, run: impl FnOnce(&mut [Entry], &Clock, Words) -> T) -> T {
        run(&mut self.0.entries.lock(), &self.0.clock, self.0.words)
    }
}

fn counted(entry: &Entry) -> Counted {
    Counted { fault: Arc::clone(&entry.fault), fired: entry.fired, fitted: entry.fitted }
}

impl Fault {
    /// What the journal tells of it.
    pub(super) fn as_fired(&self) -> Fired {
        Fired { id: self.id.clone(), kind: self.effect.kind() }
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Faults({})", self.0.count.load(Ordering::Relaxed))
    }
}
