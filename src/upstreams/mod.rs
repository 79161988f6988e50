//! The fakes: each a small server of somebody else's protocol, with its own accounts, pages and words.
//! Source: design page, section 2; spec/upstreams.md.

pub(crate) mod accounts;
pub(crate) mod clients;
mod dialogs;
mod grants;
pub(crate) mod provider;
pub(crate) mod state;
