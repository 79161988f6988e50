//! LDAP over TCP: ports, TLS, and messages cut out of bytes; what is answered is a [`conversation::Conversation`]'s.
//! Source: RFC 4511 §4.1.1, §4.14, §5; design page, section 6.

mod connection;
pub(crate) mod conversation;
pub(crate) mod in_process;
mod incoming;
pub(crate) mod listener;
pub(crate) mod ports;
pub(crate) mod talk;
#[cfg(test)]
mod tests;
