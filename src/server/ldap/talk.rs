//! Conversations with the directory of a tenant.

use std::sync::Arc;

use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::server::ldap::conversation::Begin;
use crate::server::ldap::conversation::Conversation;
use crate::server::site::Site;
use crate::upstreams::active_directory::session::Session;

/// A client's conversation with the directory of a site.
struct Talk {
    site: Site,
    session: Session,
}

/// Has clients talk with the directory of a site.
pub(crate) fn begin(site: &Site) -> Begin {
    let site = site.clone();
    Arc::new(move |secure| Box::new(Talk { site: site.clone(), session: Session::new(site.upstreams.clone(), secure) }))
}

impl Conversation for Talk {
    fn answer(&mut self, request: Message<Request>) -> Vec<Message<Response>> {
        self.site.usage.touch();
        self.session.answer(request)
    }

    fn is_long(&self, request: &Request) -> bool {
        matches!(request, Request::Search(search) if !self.session.is_quick(search))
    }

    fn secured(&mut self) {
        self.session.secured();
    }
}
