//! APIs by the identifiers that callers know them by: the Management API goes by the tenant's own addresses.
//! Source: design page, section 6.

use std::sync::Arc;

use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::resource_server::MANAGEMENT_PATH;
use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The identifier that callers see in the place of the one that the tenant keeps.
pub(super) fn shown(identifier: &str, address: &Address) -> String {
    if identifier == MANAGEMENT_IDENTIFIER {
        return format!("{}{MANAGEMENT_PATH}", address.issuer());
    }
    identifier.to_owned()
}

/// The identifier that the tenant keeps in the place of the one that a caller writes.
pub(super) fn kept<'a>(written: &'a str, tenant: &Tenant, address: &Address) -> &'a str {
    let issuer = written.strip_suffix(MANAGEMENT_PATH);
    match issuer {
        Some(issuer) if address.is_also(issuer, |host| tenant.owns_host(host)) => MANAGEMENT_IDENTIFIER,
        _ => written,
    }
}

/// The API that a caller names by its identifier.
pub(super) fn named<'a>(
    state: &'a TenantState,
    (tenant, address): (&Tenant, &Address),
    written: &str,
) -> Option<&'a Arc<ResourceServer>> {
    if written == MANAGEMENT_IDENTIFIER {
        return None;
    }
    state.resource_server_named(kept(written, tenant, address))
}
