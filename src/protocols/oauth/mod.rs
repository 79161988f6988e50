//! OAuth 2.0 messages and rules that both the tenant and the fakes speak.

pub(crate) mod callback;
pub(crate) mod embedded_client;
pub(crate) mod pkce;
