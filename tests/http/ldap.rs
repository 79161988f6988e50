//! Ports for LDAP: the server's own and forks'.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use impostor::client::tenants::Fork;
use impostor::harness::Impostor;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Asks for the root DSE, as every client does first, and gives back the tag of the answer.
async fn root_dse(port: u16) -> u8 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let search = b"\x30\x25\x02\x01\x01\x63\x20\x04\0\x0a\x01\0\x0a\x01\0\x02\x01\0\x02\x01\0\x01\x01\0\x87\x0bobjectClass\x30\0";
    stream.write_all(search).await.unwrap();
    let mut answer = [0; 10];
    stream.read_exact(&mut answer).await.unwrap();
    // SEQUENCE with a length of four bytes, INTEGER 1, the operation.
    assert_eq!((answer[0], &answer[6..9]), (0x30, &b"\x02\x01\x01"[..]));
    answer[9]
}

fn port_of(url: Option<String>, scheme: &str) -> u16 {
    url.unwrap().strip_prefix(&format!("{scheme}://127.0.0.1:")).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_directory_speaks_ldap_where_it_is_asked_to() {
    let impostor = Impostor::builder().ldap().start().await.unwrap();
    let port = port_of(impostor.ldap_url(), "ldap");
    assert!([0x64, 0x65].contains(&root_dse(port).await));
    let own = impostor.control().tenants().await.unwrap().remove(0);
    assert_eq!((own.ldap, own.ldaps), (Some(port), Some(port_of(impostor.ldaps_url(), "ldaps"))));

    let silent = Impostor::start().await.unwrap();
    assert_eq!((silent.ldap_url(), silent.ldaps_url()), (None, None));
}

#[tokio::test]
async fn a_fork_has_ports_of_its_own_until_it_is_deleted() {
    let impostor = Impostor::builder().ldap().start().await.unwrap();
    let fork =
        |name: &str, ldap| Fork { from: "acme".to_owned(), name: Some(name.to_owned()), ldap, ..Fork::default() };
    let plain = impostor.control().fork(&fork("plain", false)).await.unwrap();
    assert_eq!((plain.ldap, plain.ldaps), (None, None));
    let own = impostor.control().fork(&fork("own", true)).await.unwrap();
    let (ldap, ldaps) = (own.ldap.unwrap(), own.ldaps.unwrap());
    assert!(ldap != ldaps && ldap != port_of(impostor.ldap_url(), "ldap"));
    root_dse(ldap).await;
    let mut idle = TcpStream::connect(("127.0.0.1", ldap)).await.unwrap();

    impostor.control().delete_tenant("own").await.unwrap();
    let mut last_words = Vec::new();
    // Whoever is connected is told; the port is closed by the time they know.
    let _ = idle.read_to_end(&mut last_words).await;
    assert!(TcpStream::connect(("127.0.0.1", ldap)).await.is_err());
}

#[test]
fn a_port_that_was_asked_for_must_be_free() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for flag in ["--ldap", "--ldaps"] {
        let (other, off) = if flag == "--ldap" { ("--ldaps", "off") } else { ("--ldap", "off") };
        let mut command = Command::new(env!("CARGO_BIN_EXE_impostor"));
        command.args(["serve", "--listen", "127.0.0.1:0", other, off, flag, &address]);
        let data = std::env::temp_dir().join(format!("impostor-ldap-{}", std::process::id()));
        let output = command.env("XDG_DATA_HOME", data).stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(&format!("the port is in use; choose another one with {flag}")), "{told}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_impostor")).args(["serve", "--ldap", "here"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("--ldap must be an address such as 127.0.0.1:4389, or off, not here"), "{told}");
}
