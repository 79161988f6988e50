//! What an app under test reads from its environment to find its tenant and to trust it.

use std::path::Path;
use std::path::PathBuf;

use crate::domain::client::Client;
use crate::http::address::Address;
use crate::server::running::Running;

/// Where systems keep the authorities that everybody trusts.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
];

/// The files that the variables name. Dropping it removes them.
#[derive(Debug)]
pub(crate) struct TrustFiles {
    dir: PathBuf,
    /// Impostor's own authorities.
    own: PathBuf,
    /// The system's and Impostor's.
    all: PathBuf,
}

impl TrustFiles {
    /// Writes them into a new directory that nobody else can read.
    ///
    /// # Errors
    /// When the directory for temporary files can't be written.
    pub(crate) fn write(authorities: &str, name: &str) -> std::io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let dir = std::env::temp_dir().join(format!("impostor-{name}"));
        std::fs::DirBuilder::new().mode(0o700).create(&dir)?;
        let files = Self { own: dir.join("impostor.pem"), all: dir.join("all.pem"), dir };
        let system = SYSTEM_BUNDLES.iter().find_map(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        std::fs::write(&files.own, authorities)?;
        std::fs::write(&files.all, format!("{system}\n{authorities}"))?;
        Ok(files)
    }
}

impl Drop for TrustFiles {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Names and values.
pub(crate) type Variables = Vec<(&'static str, String)>;

/// The variables for an app that is this client: names and values.
///
/// `AUTH0_ISSUER_BASE_URL` and `AUTH0_DOMAIN` lead to https, as Auth0's SDKs want it.
pub(crate) fn variables(running: &Running, client: &Client, files: &TrustFiles) -> Variables {
    let (plain, secure): (Address, Address) = (running.address(), running.secure_address());
    let path = |path: &Path| path.display().to_string();
    let mut variables = vec![
        ("AUTH0_DOMAIN", secure.authority().to_owned()),
        ("AUTH0_ISSUER_BASE_URL", secure.base().to_owned()),
        ("AUTH0_CLIENT_ID", client.client_id.to_string()),
        ("IMPOSTOR_URL", plain.base().to_owned()),
        ("IMPOSTOR_TARGET", plain.base().to_owned()),
        ("IMPOSTOR_ISSUER_BASE_URL", secure.base().to_owned()),
        ("NODE_EXTRA_CA_CERTS", path(&files.own)),
        ("DENO_CERT", path(&files.own)),
        ("SSL_CERT_FILE", path(&files.all)),
        ("REQUESTS_CA_BUNDLE", path(&files.all)),
        ("CURL_CA_BUNDLE", path(&files.all)),
    ];
    let secret = client.client_secret.clone().filter(|_| !client.is_public());
    variables.extend(secret.map(|secret| ("AUTH0_CLIENT_SECRET", secret)));
    let state = running.default_tenant().read();
    let mut apis: Vec<_> = state.resource_servers.rows().filter(|api| !api.is_system).collect();
    apis.sort_by(|one, other| one.name.cmp(&other.name));
    let audience = state.settings.default_audience.clone().or_else(|| Some(apis.first()?.identifier.clone()));
    variables.extend(audience.map(|audience| ("AUTH0_AUDIENCE", audience)));
    variables
}
