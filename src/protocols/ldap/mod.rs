//! LDAPv3: messages, filters, names and LDIF, read and written; whose directory it is, is told elsewhere.
//! Source: RFC 4511 (protocol), 4514 (names), 4515 (filters), 2849 (LDIF).

pub(crate) mod ber;
pub(crate) mod control;
pub(crate) mod decode;
mod decode_search;
pub(crate) mod dn;
pub(crate) mod dn_text;
pub(crate) mod encode;
pub(crate) mod extended;
pub(crate) mod filter;
pub(crate) mod filter_ber;
pub(crate) mod filter_print;
pub(crate) mod filter_text;
pub(crate) mod frame;
pub(crate) mod ldif;
pub(crate) mod ldif_lines;
pub(crate) mod message;
pub(crate) mod result;
pub(crate) mod writer;

#[cfg(any(test, fuzzing))]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
