//! When a site was last asked, in real time: forks that nobody uses any more are let go of.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::watch;

/// What milliseconds are counted from.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The use of one site; clones are of the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// When it was last asked, in milliseconds since [`BEGAN`].
    last: AtomicU64,
    /// How many requests and streams are under way.
    held: AtomicU64,
    /// True once the site is no more.
    ended: watch::Sender<bool>,
}

/// Holds a site in use for as long as it lives.
pub(crate) struct InUse(Usage);

fn now() -> u64 {
    u64::try_from(BEGAN.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl Usage {
    /// Used as of now.
    pub(crate) fn begin() -> Self {
        let usage = Self::default();
        usage.touch();
        usage
    }

    /// Notes a request.
    pub(crate) fn touch(&self) {
        self.0.last.store(now(), Ordering::Relaxed);
    }

    /// In use until what is returned is dropped.
    pub(crate) fn hold(&self) -> InUse {
        self.0.held.fetch_add(1, Ordering::Relaxed);
        InUse(self.clone())
    }

    /// The site is no more: streams that have no end of their own must end.
    pub(crate) fn end(&self) {
        self.0.ended.send_replace(true);
    }

    /// Changes when the site is no more.
    pub(crate) fn ended(&self) -> watch::Receiver<bool> {
        self.0.ended.subscribe()
    }

    /// For how long nobody has asked; nothing while a request or a stream is under way.
    pub(crate) fn idle(&self) -> Duration {
        if self.0.held.load(Ordering::Relaxed) > 0 {
            return Duration::ZERO;
        }
        Duration::from_millis(now().saturating_sub(self.0.last.load(Ordering::Relaxed)))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.touch();
        self.0.0.held.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_held_is_not_idle() {
        let usage = Usage::default();
        let held = usage.hold();
        assert_eq!(usage.idle(), Duration::ZERO);
        drop(held);
        assert!(usage.idle() < Duration::from_secs(1));
    }
}
