//! A value copied on write, read by snapshot, forked in O(1).
