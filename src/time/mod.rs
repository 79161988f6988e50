//! What may be frozen, moved and seeded: timestamps, clocks, randomness. A base module: everything may use it.

mod clock;
mod rng;
mod timestamp;

pub(crate) use clock::{Clock, Setting, parse_duration};
pub(crate) use rng::Rng;
pub(crate) use timestamp::Timestamp;
