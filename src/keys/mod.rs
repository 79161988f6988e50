//! Keys: made lazily, kept between runs, signed and verified with.
