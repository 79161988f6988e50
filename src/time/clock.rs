//! The time as a tenant sees it: the system's, moved or frozen.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;

use crate::time::Timestamp;

/// A clock that a test can freeze, set and advance. Clones share it; [`Clock::fork`] parts from it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Arc<RwLock<Setting>>);

/// How a clock is set: what a snapshot keeps of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Setting {
    /// Runs with the system's clock, so many milliseconds ahead of it (behind, if negative).
    Running {
        ahead: i64,
    },
    Frozen(Timestamp),
}

impl Default for Setting {
    fn default() -> Self {
        Self::Running { ahead: 0 }
    }
}

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        match *self.0.read() {
            Setting::Running { ahead } => Timestamp::from_millis(system_millis().saturating_add(ahead)),
            Setting::Frozen(at) => at,
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        matches!(*self.0.read(), Setting::Frozen(_))
    }

    /// Stops the clock at `at`.
    pub(crate) fn freeze(&self, at: Timestamp) {
        *self.0.write() = Setting::Frozen(at);
    }

    /// Lets the clock run on from `at`.
    pub(crate) fn run_from(&self, at: Timestamp) {
        *self.0.write() = Setting::Running { ahead: at.millis().saturating_sub(system_millis()) };
    }

    /// Moves the clock forward, frozen or not.
    pub(crate) fn advance(&self, by: Duration) {
        let by_millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let mut setting = self.0.write();
        *setting = match *setting {
            Setting::Running { ahead } => Setting::Running { ahead: ahead.saturating_add(by_millis) },
            Setting::Frozen(at) => Setting::Frozen(at.plus(by)),
        };
    }

    pub(crate) fn setting(&self) -> Setting {
        *self.0.read()
    }

    /// Sets the clock as another one, or this one earlier, was set.
    pub(crate) fn set(&self, setting: Setting) {
        *self.0.write() = setting;
    }

    /// Back to the system's time.
    pub(crate) fn reset(&self) {
        *self.0.write() = Setting::default();
    }

    /// A clock of its own that shows the same time.
    #[must_use]
    pub(crate) fn fork(&self) -> Self {
        Self(Arc::new(RwLock::new(*self.0.read())))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time of day")]
fn system_millis() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as `PT25H` or `P1DT30M`.
/// `None` for anything else; years and months have no fixed length and are refused.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let (date, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text.strip_prefix('P')?, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let date_seconds = seconds_of(date, &[('W', 604_800.0), ('D', 86_400.0)])?;
    let time_seconds = seconds_of(time, &[('H', 3600.0), ('M', 60.0), ('S', 1.0)])?;
    Duration::try_from_secs_f64(date_seconds + time_seconds).ok()
}

/// Sums `12H30M`-like text; each unit at most once and in the order given.
fn seconds_of(mut text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut seconds = 0.0;
    for &(unit, length) in units {
        if let Some((number, rest)) = text.split_once(unit) {
            if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
                return None;
            }
            seconds += number.parse::<f64>().ok()? * length;
            text = rest;
        }
    }
    text.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_iso_8601_writes_them() {
        for (text, seconds) in [("PT25H", 90_000), ("P1DT30M", 88_200), ("PT0.5S", 0), ("P1W", 604_800)] {
            assert_eq!(parse_duration(text).map(|duration| duration.as_secs()), Some(seconds), "{text}");
        }
        for wrong in ["", "P", "PT", "25H", "P1Y", "PT1H1H", "PT-1H", "PTH", "P1D2", "PT1e9S"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_frozen_clock_stands_until_advanced() {
        let clock = Clock::default();
        clock.freeze(Timestamp::from_seconds(1000));
        assert_eq!(clock.now().seconds(), 1000);
        let fork = clock.fork();
        clock.advance(Duration::from_secs(5));
        assert_eq!((clock.now().seconds(), fork.now().seconds()), (1005, 1000));
    }
}
