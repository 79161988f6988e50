//! The two certificate authorities of this machine, and certificates made for the name asked for.
//! Source: design page, section 10.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use rcgen::KeyPair;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::ClientHello;
use rustls::server::ResolvesServerCert;
use rustls::sign::CertifiedKey;
use rustls::sign::SigningKey;

use crate::keys::authority::Authority;
use crate::keys::authority::Description;
use crate::keys::error::KeyError;
use crate::keys::files;
use crate::keys::files::Readable;

/// How many certificates are kept ready; with more names than that, all are made anew.
const MOST_LEAVES: usize = 1000;

/// Constrained to loopback names: the one that people may trust in their browser.
const LOCAL: Description = Description { file_name: "ca", common_name: "Impostor local CA", loopback_only: true };

/// For the upstreams' real hosts, Docker names and `--host`: only handed to a process.
const OTHER: Description =
    Description { file_name: "other-ca", common_name: "Impostor test CA for other names", loopback_only: false };

/// Makes certificates for the names that this server answers to.
pub(crate) struct Authorities {
    local: Authority,
    other: Authority,
    /// The key of every certificate, once for the maker of certificates and once for TLS.
    key_pair: KeyPair,
    key: Arc<dyn SigningKey>,
    leaves: Mutex<HashMap<String, Arc<CertifiedKey>>>,
    /// Which names certificates are made for.
    answers_to: Box<dyn Fn(&str) -> bool + Send + Sync>,
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
    /// process. `answers_to` tells which names (in lower case) certificates are made for.
    ///
    /// # Errors
    /// [`KeyError`] when a file is damaged or can't be written.
    pub(crate) fn load_or_make(
        dir: Option<&Path>,
        answers_to: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Result<Self, KeyError> {
        dir.map(files::check_dir).transpose()?;
        let _lock = dir.map(|dir| files::lock(dir, "ca")).transpose()?;
        let local = Authority::load_or_make(dir, &LOCAL)?;
        let other = Authority::load_or_make(dir, &OTHER)?;
        if let Some(dir) = dir {
            let (file, bundle) = (CaFiles::of(dir).bundle, format!("{}{}", local.pem, other.pem));
            if files::read(&file)?.as_ref() != Some(&bundle) {
                files::write(&file, &bundle, Readable::ByAll)?;
            }
        }
        let made = |error: &dyn std::fmt::Display| KeyError::Make(error.to_string());
        let key_pair = KeyPair::generate().map_err(|error| made(&error))?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key_pair.serialize_der()));
        let key = any_supported_type(&der).map_err(|error| made(&error))?;
        Ok(Self { local, other, key_pair, key, leaves: Mutex::default(), answers_to: Box::new(answers_to) })
    }

    /// Both authorities' certificates as PEM.
    pub(crate) fn bundle_pem(&self) -> String {
        format!("{}{}", self.local.pem, self.other.pem)
    }

    /// The certificate for a name, made at the first call; `None` for names that this server doesn't answer to.
    /// Clients that connect to an address name none.
    fn certificate(&self, name: Option<&str>) -> Option<Arc<CertifiedKey>> {
        let name = name.map_or_else(|| "localhost".to_owned(), str::to_ascii_lowercase);
        if name != "localhost" && !(self.answers_to)(&name) {
            return None;
        }
        let mut leaves = self.leaves.lock();
        if let Some(leaf) = leaves.get(&name) {
            return Some(Arc::clone(leaf));
        }
        let leaf = Arc::new(self.make_leaf(&name)?);
        if leaves.len() >= MOST_LEAVES {
            leaves.clear();
        }
        leaves.insert(name, Arc::clone(&leaf));
        Some(leaf)
    }

    fn make_leaf(&self, name: &str) -> Option<CertifiedKey> {
        let made = match name {
            // No `*.localhost`: rustls takes no wildcard before one label, and every name gets its own certificate anyway.
            "localhost" => self.local.leaf(&["localhost", "127.0.0.1", "::1"], &self.key_pair),
            _ if name.ends_with(".localhost") => self.local.leaf(&[name], &self.key_pair),
            _ => self.other.leaf(&[name], &self.key_pair),
        };
        let made = made.inspect_err(|error| tracing::debug!("failed to make a certificate for {name:?}: {error}"));
        Some(CertifiedKey::new(vec![made.ok()?], Arc::clone(&self.key)))
    }
}

impl ResolvesServerCert for Authorities {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.certificate(hello.server_name())
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
    use crate::keys::testing::Folder;

    #[test]
    fn authorities_are_made_once_and_kept() {
        let dir = Folder::new();
        let dir = dir.path().join("made").join("if missing");
        let first = Authorities::load_or_make(Some(&dir), |_| true).unwrap();
        let second = Authorities::load_or_make(Some(&dir), |_| true).unwrap();
        assert_eq!(first.bundle_pem(), second.bundle_pem());
        let files = CaFiles::of(&dir);
        assert_eq!(std::fs::read_to_string(&files.bundle).unwrap(), first.bundle_pem());
        assert!(first.bundle_pem().starts_with(&std::fs::read_to_string(&files.ca).unwrap()));
    }

    #[test]
    fn certificates_are_made_for_names_it_answers_to_and_kept() {
        let authorities = Authorities::load_or_make(None, |name| name.ends_with("google.com")).unwrap();
        let leaf = |name| authorities.certificate(name);
        assert!(leaf(Some("foreign.example")).is_none());
        let google = leaf(Some("accounts.google.com")).unwrap();
        assert!(Arc::ptr_eq(&google, &leaf(Some("Accounts.Google.com")).unwrap()));
        assert!(Arc::ptr_eq(&leaf(None).unwrap(), &leaf(Some("localhost")).unwrap()));
    }

    #[test]
    fn only_so_many_certificates_are_kept() {
        let authorities = Authorities::load_or_make(None, |_| true).unwrap();
        for number in 0..=MOST_LEAVES {
            assert!(authorities.certificate(Some(&format!("n{number}.localhost"))).is_some());
        }
        assert_eq!(authorities.leaves.lock().len(), 1);
    }
}
