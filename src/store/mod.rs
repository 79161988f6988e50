//! A tenant's state: tables with indexes and uniqueness rules, changed by atomic writes.
