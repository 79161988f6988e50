//! The fakes: each a small server of somebody else's protocol.
