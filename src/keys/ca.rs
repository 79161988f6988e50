//! The two certificate authorities of this machine, and certificates made for the name asked for.
//! Source: design page, section 10.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CidrSubnet;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::GeneralSubtree;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::NameConstraints;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::ClientHello;
use rustls::server::ResolvesServerCert;
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

use crate::keys::error::KeyError;
use crate::keys::files;

/// How many certificates are kept ready; with more names than that, all are made anew.
const MOST_LEAVES: usize = 1000;

/// How long a certificate for a name is valid: browsers take no more than 398 days.
const LEAF_DAYS: i64 = 397;

const AUTHORITY_DAYS: i64 = 3650;

/// Makes certificates for the names that this server answers to.
pub(crate) struct Authorities {
    /// Constrained to loopback names: the one that people may trust in their browser.
    local: Authority,
    /// For the upstreams' real hosts, Docker names and `--host`: only handed to a process.
    other: Authority,
    /// The key of every leaf.
    key: Arc<dyn rustls::sign::SigningKey>,
    key_pair: KeyPair,
    leaves: Mutex<HashMap<String, Arc<CertifiedKey>>>,
    /// Which names certificates are made for.
    answers_to: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

/// One authority.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// Where the certificates of the authorities lie, for those who are to trust them.
#[derive(Clone, Debug)]
pub(crate) struct CaFiles {
    /// The loopback authority alone.
    pub(crate) ca: PathBuf,
    /// Both.
    pub(crate) bundle: PathBuf,
}

impl CaFiles {
    /// The files in a directory of keys.
    pub(crate) fn of(dir: &Path) -> Self {
        Self { ca: dir.join("ca.pem"), bundle: dir.join("bundle.pem") }
    }
}

impl Authorities {
    /// Reads the authorities of `dir`, or makes them and writes them there; without a directory, they end with the
    /// process. `answers_to` tells which names certificates are made for.
    ///
    /// # Errors
    /// [`KeyError`] when a file is damaged or can't be written.
    pub(crate) fn load_or_make(
        dir: Option<&Path>,
        answers_to: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Result<Self, KeyError> {
        let _lock = dir.map(files::lock).transpose()?;
        let local = Authority::load_or_make(dir, "ca", "Impostor local CA", Some(loopback()))?;
        let other = Authority::load_or_make(dir, "other-ca", "Impostor test CA for other names", None)?;
        if let Some(dir) = dir {
            files::write(&CaFiles::of(dir).bundle, &format!("{}{}", local.pem, other.pem))?;
        }
        let key_pair = KeyPair::generate().map_err(made)?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key_pair.serialize_der()));
        let key = any_supported_type(&der).map_err(made)?;
        let answers_to = Box::new(answers_to);
        Ok(Self { local, other, key, key_pair, leaves: Mutex::default(), answers_to })
    }

    /// Both authorities' certificates as PEM.
    pub(crate) fn bundle_pem(&self) -> String {
        format!("{}{}", self.local.pem, self.other.pem)
    }

    /// The certificate for a name, made at the first call.
    fn leaf(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let mut leaves = self.leaves.lock();
        if let Some(leaf) = leaves.get(name) {
            return Some(Arc::clone(leaf));
        }
        let leaf = Arc::new(self.make_leaf(name).ok()?);
        if leaves.len() >= MOST_LEAVES {
            leaves.clear();
        }
        leaves.insert(name.to_owned(), Arc::clone(&leaf));
        Some(leaf)
    }

    fn make_leaf(&self, name: &str) -> Result<CertifiedKey, rcgen::Error> {
        let is_local = name == "localhost" || name.ends_with(".localhost");
        let (authority, names) = match name {
            // No `*.localhost`: rustls takes no wildcard of one label, and every name gets its own certificate anyway.
            "localhost" => (&self.local, ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec()),
            _ if is_local => (&self.local, vec![name.to_owned()]),
            _ => (&self.other, vec![name.to_owned()]),
        };
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        (params.not_before, params.not_after) = validity(LEAF_DAYS);
        let certificate = params.signed_by(&self.key_pair, &authority.issuer)?;
        Ok(CertifiedKey::new(vec![certificate.der().clone()], Arc::clone(&self.key)))
    }
}

impl Authority {
    fn load_or_make(
        dir: Option<&Path>,
        file_name: &str,
        common_name: &str,
        constraints: Option<NameConstraints>,
    ) -> Result<Self, KeyError> {
        let Some(dir) = dir else {
            let (authority, _) = Self::make(common_name, constraints).map_err(made)?;
            return Ok(authority);
        };
        let (pem_file, key_file) = (dir.join(format!("{file_name}.pem")), dir.join(format!("{file_name}.key.pem")));
        if let (Some(pem), Some(key)) = (files::read(&pem_file)?, files::read(&key_file)?) {
            let damaged = |error: rcgen::Error| KeyError::File { file: pem_file.clone(), cause: error.to_string() };
            let key = KeyPair::from_pem(&key).map_err(damaged)?;
            return Ok(Self { issuer: Issuer::from_ca_cert_pem(&pem, key).map_err(damaged)?, pem });
        }
        let (authority, key) = Self::make(common_name, constraints).map_err(made)?;
        files::write(&key_file, &key)?;
        files::write(&pem_file, &authority.pem)?;
        Ok(authority)
    }

    /// Makes an authority; also its private key as PEM.
    fn make(common_name: &str, constraints: Option<NameConstraints>) -> Result<(Self, String), rcgen::Error> {
        let key = KeyPair::generate()?;
        let private = key.serialize_pem();
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = constraints;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.distinguished_name.push(DnType::OrganizationName, "Impostor, for tests only");
        (params.not_before, params.not_after) = validity(AUTHORITY_DAYS);
        let pem = params.self_signed(&key)?.pem();
        Ok((Self { issuer: Issuer::new(params, key), pem }, private))
    }
}

/// What the local authority is good for: `localhost` and what is below it, 127.0.0.0/8 and `::1` (RFC 5280 §4.2.1.10).
fn loopback() -> NameConstraints {
    let permitted_subtrees = vec![
        GeneralSubtree::DnsName("localhost".to_owned()),
        GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8)),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(std::net::Ipv6Addr::LOCALHOST.octets(), 128)),
    ];
    NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() }
}

/// From a day ago. Clients check certificates by the system's clock, which no tenant's clock moves.
fn validity(days: i64) -> (OffsetDateTime, OffsetDateTime) {
    let from = OffsetDateTime::now_utc() - time::Duration::days(1);
    (from, from + time::Duration::days(days))
}

fn made(error: impl std::fmt::Display) -> KeyError {
    KeyError::Make(error.to_string())
}

impl ResolvesServerCert for Authorities {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            // Clients that connect to an address send no name.
            None => self.leaf("localhost"),
            Some(name) if (self.answers_to)(name) => self.leaf(&name.to_ascii_lowercase()),
            Some(_) => None,
        }
    }
}

impl std::fmt::Debug for Authorities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authorities")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_made_once_and_kept() {
        let dir = std::env::temp_dir().join(format!("impostor-ca-{}", std::process::id()));
        files::check_dir(&dir).unwrap();
        let first = Authorities::load_or_make(Some(&dir), |_| true).unwrap();
        let second = Authorities::load_or_make(Some(&dir), |_| true).unwrap();
        assert_eq!(first.bundle_pem(), second.bundle_pem());
        assert_eq!(std::fs::read_to_string(CaFiles::of(&dir).bundle).unwrap(), first.bundle_pem());
        assert!(second.leaf("acme.localhost").is_some() && second.leaf("accounts.google.com").is_some());
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
