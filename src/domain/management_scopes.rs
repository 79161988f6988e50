//! The scopes of the Management API, by what they are about. Source: the API reference, and recorded resource servers.

use crate::domain::resource_server::Permission;

/// What may be acted on, and how.
const BY_RESOURCE: &[(&str, &[&str])] = &[
    ("actions", &["create", "delete", "read", "update"]),
    ("anomaly_blocks", &["delete", "read"]),
    ("attack_protection", &["read", "update"]),
    ("authentication_methods", &["create", "delete", "read", "update"]),
    ("branding", &["delete", "read", "update"]),
    ("client_credentials", &["create", "delete", "read", "update"]),
    ("client_grants", &["create", "delete", "read", "update"]),
    ("client_keys", &["create", "delete", "read", "update"]),
    ("client_summary", &["read"]),
    ("client_token_vault_privileged_access", &["update"]),
    ("clients", &["create", "delete", "read", "update"]),
    ("connection_profiles", &["create", "delete", "read", "update"]),
    ("connections", &["create", "delete", "read", "update"]),
    ("connections_keys", &["create", "read", "update"]),
    ("connections_options", &["read", "update"]),
    ("current_user", &["delete", "read"]),
    ("current_user_device_credentials", &["create", "delete"]),
    ("current_user_identities", &["update"]),
    ("current_user_metadata", &["update"]),
    ("custom_domains", &["create", "delete", "read", "update"]),
    ("custom_signing_keys", &["create", "delete", "read", "update"]),
    ("device_credentials", &["create", "delete", "read", "update"]),
    ("directory_provisionings", &["create", "delete", "read", "update"]),
    ("email_provider", &["create", "delete", "read", "update"]),
    ("email_templates", &["create", "read", "update"]),
    ("encryption_keys", &["create", "delete", "read", "update"]),
    ("entitlements", &["read"]),
    ("event_deliveries", &["read", "update"]),
    ("event_streams", &["create", "delete", "read", "update"]),
    ("events", &["read"]),
    ("experimentation", &["create", "delete", "read", "update"]),
    ("federated_connections_tokens", &["delete", "read"]),
    ("flows", &["create", "delete", "read", "update"]),
    ("flows_executions", &["delete", "read"]),
    ("flows_vault", &["read"]),
    ("flows_vault_connections", &["create", "delete", "read", "update"]),
    ("forms", &["create", "delete", "read", "update"]),
    ("grants", &["delete", "read"]),
    ("group_members", &["read"]),
    ("group_roles", &["create", "delete", "read"]),
    ("groups", &["create", "delete", "read", "update"]),
    ("guardian_enrollment_tickets", &["create"]),
    ("guardian_enrollments", &["delete", "read"]),
    ("guardian_factors", &["read", "update"]),
    ("hooks", &["create", "delete", "read", "update"]),
    ("insights", &["read"]),
    ("limits", &["read", "update"]),
    ("log_streams", &["create", "delete", "read", "update"]),
    ("logs", &["read"]),
    ("logs_users", &["read"]),
    ("mfa_policies", &["read", "update"]),
    ("network_acl_keys", &["create", "delete", "read", "update"]),
    ("network_acls", &["create", "delete", "read", "update"]),
    ("organization_client_grants", &["create", "delete", "read"]),
    ("organization_clients", &["create", "delete", "read", "update"]),
    ("organization_connections", &["create", "delete", "read", "update"]),
    ("organization_discovery_domains", &["create", "delete", "read", "update"]),
    ("organization_group_roles", &["create", "delete", "read"]),
    ("organization_groups", &["create", "delete", "read"]),
    ("organization_invitations", &["create", "delete", "read"]),
    ("organization_member_effective_roles", &["read"]),
    ("organization_member_role_source_groups", &["read"]),
    ("organization_member_roles", &["create", "delete", "read"]),
    ("organization_members", &["create", "delete", "read"]),
    ("organizations", &["create", "delete", "read", "update"]),
    ("organizations_summary", &["read"]),
    ("passwords_checking_job", &["create", "delete"]),
    ("phone_providers", &["create", "delete", "read", "update"]),
    ("phone_templates", &["create", "delete", "read", "update"]),
    ("portals", &["create", "delete", "read", "update"]),
    ("prompts", &["read", "update"]),
    ("rate_limit_policies", &["create", "delete", "read", "update"]),
    ("refresh_tokens", &["delete", "read", "update"]),
    ("resource_servers", &["create", "delete", "read", "update"]),
    ("role_members", &["create", "delete", "read"]),
    ("roles", &["create", "delete", "read", "update"]),
    ("rules", &["create", "delete", "read", "update"]),
    ("rules_configs", &["delete", "read", "update"]),
    ("scim_config", &["create", "delete", "read", "update"]),
    ("scim_token", &["create", "delete", "read"]),
    ("security_metrics", &["read"]),
    ("self_service_profile_custom_texts", &["read", "update"]),
    ("self_service_profiles", &["create", "delete", "read", "update"]),
    ("sessions", &["delete", "read", "update"]),
    ("shields", &["create", "delete", "read", "update"]),
    ("signing_keys", &["create", "read", "update"]),
    ("sso_access_tickets", &["create", "delete"]),
    ("stats", &["read"]),
    ("tenant_settings", &["read", "update"]),
    ("token_exchange_profiles", &["create", "delete", "read", "update"]),
    ("tokens", &["blacklist"]),
    ("triggers", &["read", "update"]),
    ("user_attribute_profiles", &["create", "delete", "read", "update"]),
    ("user_custom_blocks", &["create", "delete", "read"]),
    ("user_effective_permissions", &["read"]),
    ("user_effective_roles", &["read"]),
    ("user_idp_tokens", &["read"]),
    ("user_permission_source_roles", &["read"]),
    ("user_role_source_groups", &["read"]),
    ("user_tickets", &["create"]),
    ("users", &["create", "delete", "read", "update"]),
    ("users_app_metadata", &["create", "delete", "read", "update"]),
    ("vdcs_templates", &["create", "delete", "read", "update"]),
];

/// Every scope of the Management API, each with its description: `read:users`, "Read Users".
pub(crate) fn all() -> Vec<Permission> {
    let of_resource = |(resource, actions): &(&str, &[&str])| {
        let scope = |action: &&str| Permission {
            value: format!("{action}:{resource}"),
            description: Some(format!("{} {}", titled(action), titled(resource))),
        };
        actions.iter().map(scope).collect::<Vec<_>>()
    };
    BY_RESOURCE.iter().flat_map(of_resource).collect()
}

/// `user_idp_tokens` as `User Idp Tokens`.
fn titled(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    name.split('_').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_has_its_name_and_its_description() {
        let scopes = all();
        let found = scopes.iter().find(|scope| scope.value == "read:users_app_metadata").unwrap();
        assert_eq!(found.description.as_deref(), Some("Read Users App Metadata"));
        let mut values: Vec<_> = scopes.iter().map(|scope| &scope.value).collect();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), scopes.len());
    }
}
