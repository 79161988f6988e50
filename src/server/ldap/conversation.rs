//! Who answers what comes in over one connection.

use std::sync::Arc;

use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::message::Scope;

/// One client's conversation with a directory: who it is bound as, its pages, and the like.
///
/// Never sees `StartTLS` and unbind, which are the connection's.
pub(crate) trait Conversation: Send + 'static {
    /// The answers to a request, in their order; the last one ends it. None to those that nobody answers.
    fn answer(&mut self, request: Message<Request>) -> Vec<Message<Response>>;

    /// Whether the answer to a request may take so long that others should not wait for it.
    fn is_long(&self, request: &Request) -> bool {
        matches!(request, Request::Search(search) if search.scope != Scope::Base)
    }

    /// From now on nobody can listen in.
    fn secured(&mut self);
}

/// Begins a conversation for each connection; told whether TLS is spoken from the start.
pub(crate) type Begin = Arc<dyn Fn(bool) -> Box<dyn Conversation> + Send + Sync>;
