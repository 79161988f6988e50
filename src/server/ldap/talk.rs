//! Conversations with the directory of a tenant.

use std::sync::Arc;

use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::server::ldap::conversation::Begin;
use crate::server::ldap::conversation::Conversation;
use crate::server::site::Site;

/// A client's conversation with the directory of a site.
struct Talk {
    site: Site,
}

/// Has clients talk with the directory of a site.
pub(crate) fn begin(site: &Site) -> Begin {
    let site = site.clone();
    Arc::new(move |_secure| Box::new(Talk { site: site.clone() }))
}

impl Conversation for Talk {
    fn answer(&mut self, request: Message<Request>) -> Vec<Message<Response>> {
        self.site.usage.touch();
        let Some(kind) = request.operation.kind() else { return Vec::new() };
        let result = LdapResult::new(ResultCode::UnwillingToPerform, "the directory is not built yet");
        vec![Message { id: request.id, operation: Response::Done(kind, result), controls: Vec::new() }]
    }

    fn secured(&mut self) {}
}
