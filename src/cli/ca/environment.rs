//! `impostor ca env`: what programs of a shell read to find the authorities that they trust.

use std::path::Path;

use crate::keys::ca::CaFiles;

/// Lines for a POSIX shell, with comments on what no variable can do.
pub(super) fn lines(files: &CaFiles) -> String {
    let (ca, bundle) = (quoted(&files.ca), quoted(&files.bundle));
    format!(
        r#"# Trust the certificates of Impostor in this shell: eval "$(impostor ca env)"

# Node, Deno: besides their own roots, read when they start.
export NODE_EXTRA_CA_CERTS={bundle}
export DENO_CERT={bundle}

# The rest REPLACES a program's roots: it then trusts Impostor, and nothing else. To reach other https servers as well:
#   cat /etc/ssl/certs/ca-certificates.crt {bundle} >all.pem
# and name all.pem below instead.

# Python (requests), curl
export REQUESTS_CA_BUNDLE={bundle}
export CURL_CA_BUNDLE={bundle}
# What uses OpenSSL's default: Python (ssl, urllib, httpx), Ruby, PHP; Go and .NET on Linux
export SSL_CERT_FILE={bundle}

# Java reads a store of its own:
#   keytool -importcert -noprompt -alias impostor -file {ca} -keystore impostor.p12 -storepass impostor
#   export JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=$PWD/impostor.p12 -Djavax.net.ssl.trustStorePassword=impostor"

# Browsers read none of this: impostor ca install, or for Chromium
#   certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n impostor -i {ca}
"#
    )
}

/// A path as one word of a shell.
pub(super) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@:,%".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_the_lines_whatever_the_directory_is_called() {
        for dir in ["/home/ana/.local/share/impostor", "/tmp/it's $HOME; `a\"b`"] {
            let files = CaFiles::of(Path::new(dir));
            let script = format!("{}\nprintf %s \"$NODE_EXTRA_CA_CERTS $SSL_CERT_FILE\"", lines(&files));
            let output = Command::new("sh").args(["-euc", &script]).output().unwrap();
            let bundle = files.bundle.display();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{bundle} {bundle}"));
            assert!(output.status.success() && output.stderr.is_empty());
        }
    }
}
