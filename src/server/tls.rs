//! TLS with certificates made for the name asked for.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::TlsAcceptor;

use crate::keys::ca::Authorities;

/// Accepts TLS 1.2 and 1.3, offers HTTP/2 and HTTP/1.1. Touches no process-global provider.
///
/// # Errors
/// When the library doesn't have the protocol versions, which it always does.
pub(crate) fn acceptor(authorities: Arc<Authorities>) -> Result<TlsAcceptor, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(authorities);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config).into())
}

/// The same for LDAP, whose clients name no protocol, or one of their own.
pub(crate) fn for_ldap(acceptor: &TlsAcceptor) -> TlsAcceptor {
    let mut config = ServerConfig::clone(acceptor.config());
    config.alpn_protocols.clear();
    Arc::new(config).into()
}
