//! One certificate authority: made once, kept in a directory, signs certificates for names. Source: design page, section 10.

use std::net::Ipv6Addr;
use std::path::Path;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CidrSubnet;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::Error;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::GeneralSubtree;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::NameConstraints;
use rustls::pki_types::CertificateDer;
use time::Duration;
use time::OffsetDateTime;

use crate::keys::error::KeyError;
use crate::keys::files;
use crate::keys::files::Readable;

/// How long a certificate for a name is valid: browsers take no more than 398 days.
const LEAF_DAYS: i64 = 397;

const AUTHORITY_DAYS: i64 = 3650;

/// A certificate authority with its private key.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate.
    pub(super) pem: String,
}

/// What an authority is made as.
pub(super) struct Description {
    /// The name of its files.
    pub(super) file_name: &'static str,
    pub(super) common_name: &'static str,
    /// Signs for names of this machine alone.
    pub(super) loopback_only: bool,
}

impl Authority {
    /// Reads the authority from `dir`, or makes it and writes it there; without a directory, it ends with the process.
    /// The caller holds the lock of the directory's authorities.
    ///
    /// # Errors
    /// [`KeyError`] when a file is damaged or can't be written.
    pub(super) fn load_or_make(dir: Option<&Path>, description: &Description) -> Result<Self, KeyError> {
        let make = || Self::make(description).map_err(|error| KeyError::Make(error.to_string()));
        let Some(dir) = dir else {
            return make().map(|(authority, _)| authority);
        };
        let file = dir.join(format!("{}.pem", description.file_name));
        let key_file = dir.join(format!("{}.key.pem", description.file_name));
        if let (Some(pem), Some(key)) = (files::read(&file)?, files::read(&key_file)?) {
            let damaged = |error: Error| {
                let cause = format!("it is damaged ({error}); delete it and {} to have a new one", key_file.display());
                KeyError::Read { file: file.clone(), cause }
            };
            let key = KeyPair::from_pem(&key).map_err(damaged)?;
            return Ok(Self { issuer: Issuer::from_ca_cert_pem(&pem, key).map_err(damaged)?, pem });
        }
        let (authority, key) = make()?;
        files::write(&key_file, &key, Readable::ByOwner)?;
        files::write(&file, &authority.pem, Readable::ByAll)?;
        Ok(authority)
    }

    /// Makes an authority; also its private key as PEM.
    fn make(description: &Description) -> Result<(Self, String), Error> {
        let key = KeyPair::generate()?;
        let private = key.serialize_pem();
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = description.loopback_only.then(loopback);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, description.common_name);
        params.distinguished_name.push(DnType::OrganizationName, "Impostor, for tests only");
        (params.not_before, params.not_after) = validity(AUTHORITY_DAYS);
        let pem = params.self_signed(&key)?.pem();
        Ok((Self { issuer: Issuer::new(params, key), pem }, private))
    }

    /// A server's certificate for `names`, the first of which is also its subject.
    ///
    /// # Errors
    /// When a name can't stand in a certificate.
    pub(super) fn leaf(&self, names: &[&str], key: &KeyPair) -> Result<CertificateDer<'static>, Error> {
        let mut params = CertificateParams::new(names.iter().copied().map(str::to_owned).collect::<Vec<_>>())?;
        params.distinguished_name = DistinguishedName::new();
        for name in names.iter().take(1) {
            params.distinguished_name.push(DnType::CommonName, *name);
        }
        // Python 3.13 wants it.
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        (params.not_before, params.not_after) = validity(LEAF_DAYS);
        Ok(params.signed_by(key, &self.issuer)?.der().clone())
    }
}

/// `localhost` and what is below it, 127.0.0.0/8 and `::1` (RFC 5280 §4.2.1.10).
fn loopback() -> NameConstraints {
    let permitted_subtrees = vec![
        GeneralSubtree::DnsName("localhost".to_owned()),
        GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8)),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(Ipv6Addr::LOCALHOST.octets(), 128)),
    ];
    NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() }
}

/// From a day ago, for clocks that are behind.
#[expect(
    clippy::disallowed_methods,
    reason = "clients check certificates by the system's clock, which no tenant moves"
)]
fn validity(days: i64) -> (OffsetDateTime, OffsetDateTime) {
    let from = OffsetDateTime::now_utc() - Duration::days(1);
    (from, from + Duration::days(days))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;
    use rustls::crypto::aws_lc_rs::default_provider;
    use rustls::pki_types::ServerName;
    use rustls::pki_types::UnixTime;
    use rustls::pki_types::pem::PemObject as _;

    use super::*;
    use crate::keys::testing::Folder;

    const LOCAL: Description = Description { file_name: "ca", common_name: "Test CA", loopback_only: true };
    const OTHER: Description = Description { file_name: "other", common_name: "Test CA", loopback_only: false };

    /// Whether a client that trusts `authority` takes its certificate for `name`.
    fn is_taken(authority: &Authority, name: &str, after: std::time::Duration) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let leaf = authority.leaf(&[name], &KeyPair::generate().unwrap()).unwrap();
        let server = ServerName::try_from(name).unwrap();
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(UnixTime::now().as_secs()) + after);
        rustls::client::danger::ServerCertVerifier::verify_server_cert(&*verifier, &leaf, &[], &server, &[], now)
            .is_ok()
    }

    #[test]
    fn the_local_authority_is_worth_nothing_beyond_this_machine() {
        let dir = Folder::new();
        for dir in [None, Some(dir.path()), Some(dir.path())] {
            let local = Authority::load_or_make(dir, &LOCAL).unwrap();
            for name in ["localhost", "acme.localhost", "127.0.0.1", "127.9.9.9", "::1"] {
                assert!(is_taken(&local, name, std::time::Duration::ZERO), "{name}");
            }
            for name in ["accounts.google.com", "localhost.example", "tenant", "192.168.0.1", "::2"] {
                assert!(!is_taken(&local, name, std::time::Duration::ZERO), "{name}");
            }
        }
        let other = Authority::load_or_make(None, &OTHER).unwrap();
        assert!(is_taken(&other, "accounts.google.com", std::time::Duration::ZERO));
    }

    #[test]
    fn a_certificate_for_a_name_lasts_about_a_year() {
        let local = Authority::load_or_make(None, &LOCAL).unwrap();
        for (days, taken) in [(395, true), (397, false)] {
            assert_eq!(is_taken(&local, "localhost", std::time::Duration::from_hours(24 * days)), taken, "{days} days");
        }
    }

    #[test]
    fn a_damaged_file_is_told() {
        let dir = Folder::new();
        drop(Authority::load_or_make(Some(dir.path()), &OTHER).unwrap());
        std::fs::write(dir.path().join("other.pem"), "nonsense").unwrap();
        let told = Authority::load_or_make(Some(dir.path()), &OTHER).err().unwrap().to_string();
        assert!(told.contains("other.pem: it is damaged") && told.contains("other.key.pem"), "{told}");
    }
}
