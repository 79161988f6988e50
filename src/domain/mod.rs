//! What a tenant knows and the rules over it: plain values and pure functions, no I/O.
