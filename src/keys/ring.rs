//! The key ring: every key of a server by role and slot, made when first asked for. Source: design page, section 10.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Map;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::keys::error::KeyError;
use crate::keys::files;
use crate::keys::files::Readable;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::Kept;
use crate::keys::signing_key::SigningKey;
use crate::keys::verify::Jws;
use crate::keys::verify::TokenError;
use crate::keys::verify::VerifyingKey;

/// The role of a tenant's keys: no fake signs with them.
pub(crate) const TENANT_ROLE: &str = "tenant";

/// Keys by role (`tenant`, `google`, …) and slot; clones share them. One role never signs with another's key.
///
/// A tenant's state names slots only: forks share the ring, so a slot is made once, and rotation takes the next one.
#[derive(Clone)]
pub(crate) struct Keyring(Arc<Inner>);

struct Inner {
    /// Where keys are kept; in memory alone without.
    dir: Option<PathBuf>,
    keys: Mutex<HashMap<(String, u32), Slot>>,
}

/// One key, there or still being made.
type Slot = Arc<OnceCell<Arc<SigningKey>>>;

impl Keyring {
    /// Keys that end with the process.
    pub(crate) fn in_memory() -> Self {
        Self(Arc::new(Inner { dir: None, keys: Mutex::default() }))
    }

    /// Keys kept in `dir`, which is made if it isn't there.
    ///
    /// # Errors
    /// [`KeyError::Directory`] when it can't be made or written.
    pub(crate) fn in_dir(dir: PathBuf) -> Result<Self, KeyError> {
        files::check_dir(&dir)?;
        Ok(Self(Arc::new(Inner { dir: Some(dir), keys: Mutex::default() })))
    }

    /// Where keys are kept, if they are.
    pub(crate) fn dir(&self) -> Option<&Path> {
        self.0.dir.as_deref()
    }

    /// The key of a role's slot, made off the async threads at the first call, once however many ask at a time.
    ///
    /// # Errors
    /// [`KeyError`] when a key file is damaged or can't be written.
    pub(crate) async fn signing_key(&self, role: &str, slot: u32) -> Result<Arc<SigningKey>, KeyError> {
        let cell = Arc::clone(self.0.keys.lock().entry((role.to_owned(), slot)).or_default());
        let key = cell.get_or_try_init(|| async {
            let (dir, role) = (self.0.dir.clone(), role.to_owned());
            let making = tokio::task::spawn_blocking(move || load_or_make(dir.as_deref(), &role, slot));
            making.await.map_err(|error| KeyError::Make(error.to_string()))?.map(Arc::new)
        });
        key.await.cloned()
    }

    /// The claims of a token that a tenant signed with one of its published slots; the algorithm is pinned. Times,
    /// issuer and audience are the caller's to check.
    ///
    /// # Errors
    /// [`TokenError`]; a key that can't be made counts as unknown.
    pub(crate) async fn verify_own(
        &self,
        token: &str,
        slots: impl Iterator<Item = u32> + Send,
        algorithm: Algorithm,
    ) -> Result<Map<String, Value>, TokenError> {
        let jws = Jws::parse(token)?;
        for slot in slots {
            let key = self.signing_key(TENANT_ROLE, slot).await.map_err(|_| TokenError::UnknownKey)?;
            if jws.kid() == Some(key.kid()) {
                return jws.verify(&VerifyingKey::of(&key, algorithm));
            }
        }
        Err(TokenError::UnknownKey)
    }

    /// Starts making a key that will soon be asked for. A failure shows when it is.
    pub(crate) fn warm(&self, role: &'static str, slot: u32) {
        let ring = self.clone();
        tokio::spawn(async move {
            let _ = ring.signing_key(role, slot).await;
        });
    }
}

/// Reads the key's file, or makes the key and writes it; under the key's lock, so that two processes share one key.
fn load_or_make(dir: Option<&Path>, role: &str, slot: u32) -> Result<SigningKey, KeyError> {
    let common_name = format!("impostor-{role}");
    let Some(dir) = dir else {
        return SigningKey::make(&common_name).map(|(key, _)| key);
    };
    let name = format!("{role}-{slot}");
    let file = dir.join(format!("{name}.json"));
    let _lock = files::lock(dir, &name)?;
    if let Some(text) = files::read(&file)? {
        let damaged =
            || KeyError::Read { file: file.clone(), cause: "it is damaged; delete it to have a new key".into() };
        let kept: Kept = serde_json::from_str(&text).map_err(|_| damaged())?;
        return SigningKey::of_kept(&kept).ok_or_else(damaged);
    }
    let (key, kept) = SigningKey::make(&common_name)?;
    let text = serde_json::to_string_pretty(&kept).map_err(|error| KeyError::Make(error.to_string()))?;
    files::write(&file, &text, Readable::ByOwner)?;
    Ok(key)
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::keys::testing::Folder;

    fn ring(dir: &Folder) -> Keyring {
        Keyring::in_dir(dir.path().join("keys")).unwrap()
    }

    #[tokio::test]
    async fn all_who_ask_get_one_key() {
        let ring = Keyring::in_memory();
        ring.warm("tenant", 0);
        let (one, other) =
            tokio::join!(ring.signing_key("tenant", 0), async { ring.clone().signing_key("tenant", 0).await });
        assert!(Arc::ptr_eq(&one.unwrap(), &other.unwrap()));
    }

    #[tokio::test]
    async fn each_role_and_slot_has_a_key_of_its_own() {
        let ring = Keyring::in_memory();
        let (tenant, next, google) =
            tokio::join!(ring.signing_key("tenant", 0), ring.signing_key("tenant", 1), ring.signing_key("google", 0));
        let (tenant, next, google) = (tenant.unwrap(), next.unwrap(), google.unwrap());
        assert_ne!(tenant.kid(), next.kid());
        assert_ne!(tenant.public(), next.public());
        assert_ne!(tenant.public(), google.public());
    }

    #[tokio::test]
    async fn processes_that_share_a_directory_share_keys() {
        let dir = Folder::new();
        let (one, other) = (ring(&dir), ring(&dir));
        let (first, second) = tokio::join!(one.signing_key("tenant", 0), other.signing_key("tenant", 0));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!((first.kid(), first.jwk(true)), (second.kid(), second.jwk(true)));

        let later = ring(&dir).signing_key("tenant", 0).await.unwrap();
        assert_eq!(later.jwk(true), first.jwk(true));
        let files = fs::read_dir(dir.path().join("keys")).unwrap();
        for file in files {
            assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
        }
    }

    #[tokio::test]
    async fn a_damaged_file_is_told_by_name_and_can_be_mended() {
        let dir = Folder::new();
        let ring = ring(&dir);
        let file = dir.path().join("keys/tenant-0.json");
        for damaged in ["", "{}", r#"{"kid":"a","private_key":"AAAA","certificate":"AAAA"}"#] {
            fs::write(&file, damaged).unwrap();
            let error = ring.signing_key("tenant", 0).await.unwrap_err().to_string();
            assert_eq!(error, format!("read {}: it is damaged; delete it to have a new key", file.display()));
        }
        fs::remove_file(&file).unwrap();
        assert_eq!(ring.signing_key("tenant", 0).await.unwrap().kid().len(), 21);
    }
}
