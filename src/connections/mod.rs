//! The tenant as relying party: where to send the person, how to read what comes back. Each strategy ends in a
//! `RawProfile`, unread. Source: spec/upstreams.md, design page section 4.
