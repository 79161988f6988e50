//! What may be frozen, moved and seeded: timestamps, clocks, randomness.
