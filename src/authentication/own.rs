//! Which APIs are the tenant's, at the address that it is asked at. Source: design page, section 6.

use std::sync::Arc;

use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::resource_server::MANAGEMENT_PATH;
use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The API that an audience names. The Management API goes by the tenant's addresses.
pub(crate) fn api<'a>(
    tenant: &Tenant,
    state: &'a TenantState,
    asked: &Address,
    audience: &str,
) -> Option<&'a Arc<ResourceServer>> {
    let issuer = audience.strip_suffix(MANAGEMENT_PATH);
    let identifier = match issuer {
        Some(issuer) if asked.is_also(issuer, |host| tenant.owns_host(host)) => MANAGEMENT_IDENTIFIER,
        _ if audience == MANAGEMENT_IDENTIFIER => return None,
        _ => audience,
    };
    state.resource_server_named(identifier)
}
