//! The groups that somebody of the organization is in: those of the directory, without what every domain has, which is
//! not synchronized. The primary group isn't either. Source: spec/upstreams.md §4.

use serde_json::Value;
use serde_json::json;

use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::links::Link;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::view::own_sid;
use crate::upstreams::microsoft::organization::Organization;
use crate::upstreams::state::UpstreamState;

/// How far groups count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those that name the person.
    Direct,
    /// And those that these are in.
    Nested,
}

/// Groups as Graph words them, of the person with this id; none of a personal account.
pub(super) fn of(state: &UpstreamState, id: &str, reach: Reach) -> Vec<Value> {
    let entries = entries(state, id, reach);
    entries.map(|(organization, entries)| described(&organization, &entries)).unwrap_or_default()
}

/// The ids of all groups of a person, nested ones too.
pub(super) fn ids(state: &UpstreamState, id: &str) -> Vec<String> {
    let found = entries(state, id, Reach::Nested);
    let ids = found.map(|(organization, groups)| {
        groups.iter().filter_map(|group| Some(organization.object_id(guid(group)?))).collect()
    });
    ids.unwrap_or_default()
}

fn entries<'a>(state: &'a UpstreamState, id: &str, reach: Reach) -> Option<(Organization, Vec<&'a Entry>)> {
    let organization = Organization::of(state)?;
    let directory = &state.directory;
    let person = directory.only("objectGUID", &organization.guid_of(id)?)?;
    let mut ids = match reach {
        Reach::Direct => directory.links().at(Link::Member, Side::To, person.id).collect(),
        Reach::Nested => directory.links().in_chain(Link::Member, Side::To, person.id),
    };
    ids.sort_unstable();
    let found = ids.into_iter().filter_map(|id| directory.entry(id)).map(AsRef::as_ref);
    Some((organization, found.filter(|entry: &&Entry| !entry.is_standard()).collect()))
}

fn described(organization: &Organization, groups: &[&Entry]) -> Vec<Value> {
    let described = groups.iter().filter_map(|group| {
        let short = group.text("sAMAccountName");
        Some(json!({
            "@odata.type": "#microsoft.graph.group",
            "id": organization.object_id(guid(group)?),
            "displayName": group.text("displayName").or_else(|| group.text("cn")).or(short),
            "description": group.text("description"),
            "groupTypes": [],
            "mail": group.text("mail"),
            "mailEnabled": false,
            "mailNickname": short,
            "onPremisesSamAccountName": short,
            "onPremisesSecurityIdentifier": own_sid(group).map(|sid| sid.to_string()),
            "onPremisesSyncEnabled": true,
            "securityEnabled": true,
        }))
    });
    described.collect()
}

fn guid(group: &Entry) -> Option<&[u8]> {
    group.values("objectGUID").first().map(AsRef::as_ref)
}
