//! Single logout.
