//! A value copied on write: read by snapshot without locks, changed atomically, forked in O(1).
//! Source: design page, section 3.

pub(crate) mod map;
pub(crate) mod set;

use std::ops::Deref;
use std::ops::DerefMut;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::time::Clock;
use crate::time::Rng;
use crate::time::Timestamp;

/// A shared value with its clock and random source. Clones are handles to the same value; [`Shared::fork`]
/// parts from it. `T` should be cheap to clone (persistent maps, `Arc`s).
pub(crate) struct Shared<T>(Arc<Inner<T>>);

struct Inner<T> {
    current: ArcSwap<T>,
    /// Held by the one writer; readers never wait for it.
    writer: Mutex<Writer>,
    clock: Clock,
    /// Who waits for a change hears of it here.
    changes: watch::Sender<()>,
}

/// The random source, and what the next write's own source starts from: a write that fails has drawn nothing.
struct Writer {
    rng: Rng,
    next: [u8; 32],
}

impl Writer {
    fn new(mut rng: Rng) -> Self {
        let next = rng.key();
        Self { rng, next }
    }
}

/// A private copy of the value during one write. It becomes the value if the write succeeds.
pub(crate) struct Draft<T> {
    /// When the write happens, by the cell's clock.
    pub(crate) now: Timestamp,
    value: T,
    rng: Rng,
}

impl<T: Clone> Shared<T> {
    pub(crate) fn new(value: T, clock: Clock, rng: Rng) -> Self {
        Self::of(ArcSwap::from_pointee(value), rng, clock)
    }

    fn of(current: ArcSwap<T>, rng: Rng, clock: Clock) -> Self {
        let writer = Mutex::new(Writer::new(rng));
        Self(Arc::new(Inner { current, writer, clock, changes: watch::Sender::new(()) }))
    }

    /// The value as it is now; it doesn't change underfoot.
    pub(crate) fn read(&self) -> Arc<T> {
        self.0.current.load_full()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Runs `change` on a private copy, which becomes the value if `change` returns `Ok`.
    ///
    /// # Errors
    /// What `change` returned; then nothing happened, no randomness was drawn either.
    pub(crate) fn write<R, E>(&self, change: impl FnOnce(&mut Draft<T>) -> Result<R, E>) -> Result<R, E> {
        let mut writer = self.0.writer.lock();
        let value = T::clone(&self.0.current.load());
        let mut draft = Draft { now: self.0.clock.now(), value, rng: Rng::from_key(writer.next) };
        let result = change(&mut draft)?;
        writer.next = writer.rng.key();
        self.0.current.store(Arc::new(draft.value));
        self.0.changes.send_replace(());
        Ok(result)
    }

    /// Puts `value` in the place of the current one, as reset and restore do; gives back the one that was there, which
    /// may take long to let go of. Randomness goes on from where it was: nothing handed out before is drawn again.
    pub(crate) fn replace(&self, value: Arc<T>) -> Arc<T> {
        let _one_writer = self.0.writer.lock();
        let before = self.0.current.swap(value);
        self.0.changes.send_replace(());
        before
    }

    /// Hears of every change from now on: ask for it before the value is read, and none is missed.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.0.changes.subscribe()
    }

    /// Draws from the cell's random source without changing the value.
    pub(crate) fn draw<R>(&self, draw: impl FnOnce(&mut Rng) -> R) -> R {
        draw(&mut self.0.writer.lock().rng)
    }

    /// A cell of its own with the same value and time, and with randomness of its own by `name`.
    #[must_use]
    pub(crate) fn fork(&self, name: &str) -> Self {
        self.fork_on(name, self.0.clock.fork())
    }

    /// As [`Shared::fork`], but on a clock given: the two halves of a tenant share one.
    #[must_use]
    pub(crate) fn fork_on(&self, name: &str, clock: Clock) -> Self {
        let rng = self.0.writer.lock().rng.fork(name);
        Self::of(ArcSwap::new(self.read()), rng, clock)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Draft<T> {
    pub(crate) fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }
}

impl<T> Deref for Draft<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Draft<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell() -> Shared<u32> {
        Shared::new(1, Clock::default(), Rng::new(Some(1)))
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let cell = cell();
        let failed: Result<(), &str> = cell.write(|draft| {
            **draft = 2;
            draft.rng().hex(8);
            Err("no")
        });
        assert_eq!((failed, *cell.read()), (Err("no"), 1));
        let id_of = |cell: &Shared<u32>| cell.write(|draft| Ok::<_, ()>(draft.rng().hex(8)));
        let untouched = Shared::new(1, Clock::default(), Rng::new(Some(1)));
        assert_eq!(id_of(&cell), id_of(&untouched));
    }

    #[test]
    fn a_snapshot_and_a_fork_do_not_see_later_writes() {
        let cell = cell();
        let (snapshot, fork) = (cell.read(), cell.fork("f"));
        let written: Result<(), ()> = cell.write(|draft| {
            **draft = 5;
            Ok(())
        });
        assert_eq!((written, *cell.read(), *snapshot, *fork.read()), (Ok(()), 5, 1, 1));
    }

    #[test]
    fn going_back_does_not_draw_the_same_again() {
        let cell = cell();
        let next = || cell.write(|draft| Ok::<_, ()>(draft.rng().hex(8))).unwrap();
        let (snapshot, drawn) = (cell.read(), next());
        cell.replace(snapshot);
        assert_ne!(next(), drawn);
    }
}
