//! What is the tenant's own at the address that it is asked at: issuers, APIs. Source: design page, section 6.

use std::sync::Arc;

use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::resource_server::MANAGEMENT_PATH;
use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// Whether the tenant answers at the issuer: tokens of all its addresses are its own.
pub(super) fn is_issuer(tenant: &Tenant, state: &TenantState, asked: &Address, issuer: &str) -> bool {
    let is_own = |host: &str| {
        let named = host.strip_suffix(".localhost") == Some(tenant.name());
        named || state.domains.iter().any(|domain| domain == host)
    };
    asked.is_also(issuer, is_own)
}

/// The API that an audience names. The Management API goes by the tenant's addresses.
pub(super) fn api<'a>(
    tenant: &Tenant,
    state: &'a TenantState,
    asked: &Address,
    audience: &str,
) -> Option<&'a Arc<ResourceServer>> {
    let issuer = audience.strip_suffix(MANAGEMENT_PATH);
    let identifier = match issuer {
        Some(issuer) if is_issuer(tenant, state, asked, issuer) => MANAGEMENT_IDENTIFIER,
        _ if audience == MANAGEMENT_IDENTIFIER => return None,
        _ => audience,
    };
    state.resource_server_named(identifier)
}
