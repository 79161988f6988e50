//! Logins to an organization: which one is asked for, and whether the person belongs to it.
//! Source: spec/authentication-api.md §2, spec/tokens.md §7.

use serde_json::Value;

use crate::authentication::authorize::refusal::Refusal;
use crate::domain::client::Client;
use crate::domain::id::OrganizationId;
use crate::domain::organization::Membership;
use crate::domain::transaction::Arrival;
use crate::domain::transaction::AuthorizationRequest;
use crate::http::parameters::Parameters;
use crate::store::state::TenantState;
use crate::store::tx::Tx;

/// The organization that the app names by its id, or by its name where the tenant allows names.
///
/// # Errors
/// [`Refusal`] when the client may name none, must name one, or names one that is not there.
pub(super) fn asked(
    state: &TenantState,
    client: &Client,
    parameters: &Parameters,
) -> Result<Option<OrganizationId>, Refusal> {
    let setting = |name: &str| client.extra.get(name).and_then(Value::as_str);
    let usage = setting("organization_usage").unwrap_or("deny");
    let Some(named) = parameters.get("organization") else {
        return match (usage, setting("organization_require_behavior").unwrap_or("no_prompt")) {
            ("require", "no_prompt") => Err(Refusal::OrganizationRequired),
            ("require", _) => Err(Refusal::NotBuilt("choosing an organization")),
            _ => Ok(None),
        };
    };
    if usage == "deny" {
        return Err(Refusal::OrganizationNotAllowed);
    }
    let by_name = || state.organization_named(named).filter(|_| state.settings.shows_organization_names());
    let found = state.organizations.get(named).or_else(by_name);
    found.map(|found| Some(found.id.clone())).ok_or_else(|| Refusal::UnknownOrganization(named.to_owned()))
}

/// Whether who arrived belongs to the organization of the request. Who came by a connection that makes members of
/// everybody (`assign_membership_on_login`) belongs to it from now on.
///
/// # Errors
/// [`Refusal::NotAMember`].
pub(super) fn check_member(tx: &mut Tx<'_>, request: &AuthorizationRequest, arrival: &Arrival) -> Result<(), Refusal> {
    let Some(id) = &request.organization else { return Ok(()) };
    if tx.memberships.get(id, &arrival.user_id).is_some() {
        return Ok(());
    }
    let connection = tx.connection_named(&arrival.connection).map(|connection| connection.id.clone());
    let organization = tx.organizations.get(id.as_str());
    let assigns = organization.zip(connection).is_some_and(|(organization, connection)| {
        organization.connection(&connection).is_some_and(|enabled| enabled.assign_membership_on_login)
    });
    if !assigns {
        let (user, organization) = (arrival.user_id.to_string(), id.to_string());
        return Err(Refusal::NotAMember { user, organization });
    }
    tx.memberships.put(Membership {
        organization_id: id.clone(),
        user_id: arrival.user_id.clone(),
        roles: std::collections::BTreeSet::new(),
    });
    Ok(())
}
