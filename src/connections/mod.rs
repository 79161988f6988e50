//! The tenant as relying party: one strategy a file, ending in a `RawProfile`.
