//! The current key's certificate, for who verifies SAML or WS-Federation, or pins it. Source: spec/tokens.md §8.
//!
//! The forms but `/pem` and `/cer` are unverified. `?cert=connection` names a key that isn't built apart: it is the same.

use std::sync::Arc;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::ring::TENANT_ROLE;
use crate::keys::signing_key::SigningKey;
use crate::store::tenant::Tenant;

const PLAIN: &str = "text/plain; charset=utf-8";

/// `GET /pem`: PEM.
pub(super) async fn pem(tenant: Tenant, keyring: Keyring) -> Result<Response, Failure> {
    let key = current(&tenant, &keyring).await?;
    Ok(answer("application/x-pem-file", format!("{}\r\n", key.certificate_pem())))
}

/// `GET /rawpem`: PEM, to be shown and not saved.
pub(super) async fn raw_pem(tenant: Tenant, keyring: Keyring) -> Result<Response, Failure> {
    Ok(answer(PLAIN, current(&tenant, &keyring).await?.certificate_pem()))
}

/// `GET /cer`: DER.
pub(super) async fn cer(tenant: Tenant, keyring: Keyring) -> Result<Response, Failure> {
    Ok(answer("application/pkix-cert", current(&tenant, &keyring).await?.certificate_der().to_vec()))
}

/// `GET /pb7`: PKCS #7, in DER.
pub(super) async fn pb7(tenant: Tenant, keyring: Keyring) -> Result<Response, Failure> {
    Ok(answer("application/x-pkcs7-certificates", current(&tenant, &keyring).await?.pkcs7_der()))
}

/// `GET /fingerprint`: the SHA-1 in pairs of hexadecimal digits.
pub(super) async fn fingerprint(tenant: Tenant, keyring: Keyring) -> Result<Response, Failure> {
    Ok(answer(PLAIN, current(&tenant, &keyring).await?.fingerprint()))
}

async fn current(tenant: &Tenant, keyring: &Keyring) -> Result<Arc<SigningKey>, Failure> {
    let slot = tenant.read().signing.current;
    keyring.signing_key(TENANT_ROLE, slot).await.map_err(Failure::new)
}

fn answer(content_type: &'static str, body: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, content_type)], body).into_response()
}

#[cfg(test)]
mod tests {
    use crate::authentication::testing::Host;
    use crate::keys::digest;

    #[tokio::test]
    async fn all_forms_are_of_the_key_that_signs() {
        let host = Host::new();
        let keys = host.get("/.well-known/jwks.json").await.json();
        let certificate = digest::from_base64(keys["keys"][0]["x5c"][0].as_str().unwrap()).unwrap();
        assert_eq!(host.get("/cer").await.body, certificate);
        let pem = host.get("/pem").await.text();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\r\n") && pem.ends_with("-----END CERTIFICATE-----\r\n"));
        assert_eq!(host.get("/rawpem").await.text(), pem.trim_end());
        let message = host.get("/pb7").await.body;
        assert!(message.windows(certificate.len()).any(|part| part == certificate));
        assert_eq!(
            host.get("/fingerprint").await.text().replace(':', "").to_lowercase(),
            digest::hex(&digest::sha1(&certificate))
        );
    }
}
