//! The public keys of the tenant. Source: spec/tokens.md §8, RFC 7517 §5.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::authentication::discovery::BRIEFLY;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::ring::TENANT_ROLE;
use crate::store::tenant::Tenant;

/// `GET /.well-known/jwks.json`: the current key, the next one, and after a rotation the previous one.
pub(super) async fn read(tenant: Tenant, keyring: Keyring) -> Result<Response, Failure> {
    let state = tenant.read();
    let with_alg = !state.settings.flag("remove_alg_from_jwks");
    let mut keys = Vec::new();
    for slot in state.signing.published() {
        keys.push(keyring.signing_key(TENANT_ROLE, slot).await.map_err(Failure::new)?.jwk(with_alg));
    }
    Ok(([(CACHE_CONTROL, BRIEFLY)], Json(json!({ "keys": keys }))).into_response())
}

#[cfg(test)]
mod tests {
    use crate::authentication::testing::Host;

    #[tokio::test]
    async fn two_keys_are_published_and_their_algorithm_is_a_matter_of_a_flag() {
        let host = Host::new();
        let keys = host.get("/.well-known/jwks.json").await.json();
        assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
        assert_eq!(keys["keys"][0]["alg"], "RS256");
        assert_ne!(keys["keys"][0]["kid"], keys["keys"][1]["kid"]);

        let changed: Result<(), ()> = host
            .tenant
            .write(|tx| {
                let mut settings = (*tx.settings).clone();
                settings.flags.insert("remove_alg_from_jwks".to_owned(), true.into());
                tx.settings = settings.into();
                Ok(())
            })
            .await;
        changed.unwrap();
        assert!(host.get("/.well-known/jwks.json").await.json()["keys"][0].get("alg").is_none());
    }
}
