//! Messages of the protocols spoken: parse and print.
