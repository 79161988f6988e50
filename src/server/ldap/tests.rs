//! Ports as clients find them, before a directory that only says how often it was asked.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::keys::ca::Authorities;
use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::extended::NOTICE_OF_DISCONNECTION;
use crate::protocols::ldap::extended::START_TLS;
use crate::protocols::ldap::frame::first_message;
use crate::protocols::ldap::message::Bind;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Extended;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::MessageId;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::protocols::ldap::testing;
use crate::server::ldap::conversation::Conversation;
use crate::server::ldap::incoming::Patience;
use crate::server::ldap::incoming::Wire;
use crate::server::ldap::listener::LdapListener;
use crate::server::ldap::listener::Scheme;
use crate::server::ldap::listener::Serving;
use crate::server::tls::acceptor;

/// Answers everything with success and whether TLS is spoken; deletes of `big` with a megabyte.
struct Parrot {
    secure: bool,
}

impl Conversation for Parrot {
    fn answer(&mut self, request: Message<Request>) -> Vec<Message<Response>> {
        let Some(kind) = request.operation.kind() else { return Vec::new() };
        let text = match &request.operation {
            Request::Delete(dn) if dn == "big" => "x".repeat(1024 * 1024),
            _ if self.secure => "secure".to_owned(),
            _ => "plain".to_owned(),
        };
        let operation = Response::Done(kind, LdapResult::new(ResultCode::Success, text));
        vec![Message { id: request.id, operation, controls: Vec::new() }]
    }

    fn secured(&mut self) {
        self.secure = true;
    }
}

struct Port {
    listener: LdapListener,
    authorities: String,
}

/// Long enough for a busy machine to be in time, where the client is.
const SOON: Patience = Patience { step: Duration::from_millis(700), idle: Duration::from_millis(900) };
const LATE: Patience = Patience { step: Duration::from_mins(1), idle: Duration::from_mins(1) };

async fn open(scheme: Scheme, patience: Patience, most: usize) -> Port {
    let authorities = Authorities::load_or_make(None, |name| name == "localhost").unwrap();
    let pem = authorities.bundle_pem();
    let tls = acceptor(Arc::new(authorities)).unwrap();
    let serving = Serving { patience, most, ..Serving::new(tls, Arc::new(|secure| Box::new(Parrot { secure }))) };
    Port { listener: LdapListener::open_own(scheme, serving).await.unwrap(), authorities: pem }
}

impl Port {
    async fn connect(&self) -> Client {
        assert_eq!(self.listener.local().ip(), Ipv4Addr::LOCALHOST);
        Client { wire: Box::new(TcpStream::connect(self.listener.local()).await.unwrap()), bytes: Vec::new() }
    }

    async fn secured(&self, client: Client) -> Client {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(self.authorities.as_bytes()) {
            roots.add(certificate.unwrap()).unwrap();
        }
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
        let connector = TlsConnector::from(Arc::new(config.with_no_client_auth()));
        let wire = connector.connect("localhost".try_into().unwrap(), client.wire).await.unwrap();
        Client { wire: Box::new(wire), bytes: Vec::new() }
    }
}

struct Client {
    wire: Box<dyn Wire>,
    bytes: Vec<u8>,
}

impl Client {
    async fn say(&mut self, bytes: &[u8]) {
        self.wire.write_all(bytes).await.unwrap();
        self.wire.flush().await.unwrap();
    }

    /// The next answer as id, code and text; `None` when the server hung up.
    async fn hear(&mut self) -> Option<(i64, i64, String)> {
        loop {
            if let Ok(Some(length)) = first_message(&self.bytes, usize::MAX) {
                let message: Vec<_> = self.bytes.drain(..length).collect();
                let mut message = Reader::new(&message).within(SEQUENCE).unwrap();
                let id = message.integer().unwrap();
                let mut result = Reader::new(message.any().unwrap().1);
                let code = result.enumerated().unwrap();
                result.octets().unwrap();
                let text = result.text().unwrap().to_owned();
                let oid = result.optional(0x8a).unwrap().unwrap_or_default();
                assert_eq!(id == 0, oid == NOTICE_OF_DISCONNECTION.as_bytes());
                return Some((id, code, text));
            }
            if self.wire.read_buf(&mut self.bytes).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    async fn asked(&mut self, operation: Request) -> Option<(i64, i64, String)> {
        self.say(&bytes(7, operation)).await;
        self.hear().await
    }
}

fn bytes(id: u32, operation: Request) -> Vec<u8> {
    testing::request(&Message { id: MessageId(id), operation, controls: Vec::new() })
}

fn bind() -> Request {
    Request::Bind(Bind { version: 3, name: "a".to_owned(), credentials: Credentials::Simple(b"b".to_vec()) })
}

fn start_tls(value: Option<Vec<u8>>) -> Request {
    Request::Extended(Extended { oid: START_TLS.to_owned(), value })
}

fn heard(id: i64, code: ResultCode, text: &str) -> Option<(i64, i64, String)> {
    Some((id, i64::from(code.number()), text.to_owned()))
}

fn disconnected(why: &str) -> Option<(i64, i64, String)> {
    heard(0, ResultCode::ProtocolError, why)
}

#[tokio::test]
async fn requests_are_answered_in_order_however_they_arrive() {
    let port = open(Scheme::Ldap, LATE, 9).await;
    let mut client = port.connect().await;
    let many: Vec<u8> = (1..=100).flat_map(|id| bytes(id, Request::Delete("a".to_owned()))).collect();
    client.say(&many).await;
    for id in 1..=100 {
        assert_eq!(client.hear().await, heard(id, ResultCode::Success, "plain"));
    }
    for byte in bytes(300, bind()) {
        client.say(&[byte]).await;
    }
    assert_eq!(client.hear().await, heard(300, ResultCode::Success, "plain"));
    client.say(&bytes(1, Request::Abandon(MessageId(300)))).await;
    let (_, _, text) = client.asked(Request::Delete("big".to_owned())).await.unwrap();
    assert_eq!(text.len(), 1024 * 1024);
    client.say(&bytes(2, Request::Unbind)).await;
    assert_eq!(client.hear().await, None);
}

#[tokio::test]
async fn tls_begins_when_asked_for_and_only_once() {
    let port = open(Scheme::Ldap, LATE, 9).await;
    let mut client = port.connect().await;
    let refused = heard(7, ResultCode::ProtocolError, "StartTLS takes no value");
    assert_eq!(client.asked(start_tls(Some(Vec::new()))).await, refused);
    assert_eq!(client.asked(start_tls(None)).await, heard(7, ResultCode::Success, ""));
    let mut client = port.secured(client).await;
    assert_eq!(client.asked(bind()).await, heard(7, ResultCode::Success, "secure"));
    assert_eq!(client.asked(start_tls(None)).await, heard(7, ResultCode::OperationsError, "TLS is spoken already"));
    assert_eq!(client.asked(bind()).await, heard(7, ResultCode::Success, "secure"));
}

#[tokio::test]
async fn nothing_can_be_slipped_in_before_tls() {
    let port = open(Scheme::Ldap, LATE, 9).await;
    let mut client = port.connect().await;
    client.say(&[bytes(1, start_tls(None)), bytes(2, Request::Delete("a".to_owned()))].concat()).await;
    assert_eq!(client.hear().await, heard(1, ResultCode::Success, ""));
    assert_eq!(client.hear().await, None);
}

#[tokio::test]
async fn ldaps_is_tls_from_the_first_byte() {
    let port = open(Scheme::Ldaps, LATE, 9).await;
    let mut client = port.secured(port.connect().await).await;
    assert_eq!(client.asked(bind()).await, heard(7, ResultCode::Success, "secure"));
    let mut client = port.connect().await;
    client.say(&bytes(1, bind())).await;
    let mut said = Vec::new();
    let _ = client.wire.read_to_end(&mut said).await;
    assert_ne!(said.first(), Some(&SEQUENCE), "{said:?}");
}

#[tokio::test]
async fn what_is_not_ldap_is_told_so_and_cut_off() {
    let port = open(Scheme::Ldap, LATE, 9).await;
    for (said, told) in [
        (&b"GET / HTTP/1.1\r\n\r\n"[..], "the stream does not begin with a message of LDAP"),
        (b"\x30\x84\x7f\xff\xff\xff", "the stream has a message of 2147483653 bytes, and 262144 are the most"),
        (b"\x30\x80", "the stream has an element of indefinite length"),
        (b"\x30\x05\x02\x01\x01\x4f\x00", "the message has an operation with the tag 0x4f"),
        (b"\x30\x03\x02\x01\x01", "the message ends in the middle of an element"),
    ] {
        let mut client = port.connect().await;
        client.say(said).await;
        assert_eq!(client.hear().await, disconnected(told), "{said:?}");
        assert_eq!(client.hear().await, None);
    }
}

#[tokio::test]
async fn a_broken_rule_is_answered_and_the_connection_goes_on() {
    let port = open(Scheme::Ldap, LATE, 9).await;
    let mut client = port.connect().await;
    let search =
        b"\x30\x1b\x02\x01\x05\x63\x16\x04\0\x0a\x01\x09\x0a\x01\0\x02\x01\0\x02\x01\0\x01\x01\0\x87\x01a\x30\0";
    client.say(search).await;
    assert_eq!(client.hear().await, heard(5, ResultCode::ProtocolError, "there is no scope 9"));
    assert_eq!(client.asked(bind()).await, heard(7, ResultCode::Success, "plain"));
}

#[tokio::test]
async fn strangers_say_little_and_the_known_much() {
    let port = open(Scheme::Ldap, LATE, 9).await;
    let long = || Request::Delete("a".repeat(1024 * 1024));
    let mut client = port.connect().await;
    let told = "the stream has a message of 1048591 bytes, and 262144 are the most";
    client.say(&bytes(1, long())[..100]).await;
    assert_eq!(client.hear().await, disconnected(told));
    let mut client = port.connect().await;
    client.asked(bind()).await.unwrap();
    assert_eq!(client.asked(long()).await, heard(7, ResultCode::Success, "plain"));
}

#[tokio::test]
async fn whoever_says_nothing_or_half_a_message_is_cut_off() {
    let port = open(Scheme::Ldap, SOON, 9).await;
    assert_eq!(port.connect().await.hear().await, None);
    let mut client = port.connect().await;
    client.say(b"\x30\x10").await;
    assert_eq!(client.hear().await, None);
    let mut client = port.connect().await;
    client.asked(bind()).await.unwrap();
    assert_eq!(client.hear().await, None);
    let port = open(Scheme::Ldaps, SOON, 9).await;
    let mut client = port.connect().await;
    client.say(b"\x16\x03").await;
    assert_eq!(client.hear().await, None);
}

#[tokio::test]
async fn when_it_is_crowded_the_one_that_was_idle_longest_goes() {
    let port = open(Scheme::Ldap, LATE, 2).await;
    let (mut first, mut second) = (port.connect().await, port.connect().await);
    first.asked(bind()).await.unwrap();
    second.asked(bind()).await.unwrap();
    first.asked(bind()).await.unwrap();
    let mut third = port.connect().await;
    assert_eq!(third.asked(bind()).await, heard(7, ResultCode::Success, "plain"));
    assert_eq!(second.hear().await, heard(0, ResultCode::Busy, "too many connections, and this one was idle"));
    assert_eq!(first.asked(bind()).await, heard(7, ResultCode::Success, "plain"));
}

#[tokio::test]
async fn closing_tells_everybody() {
    let port = open(Scheme::Ldap, LATE, 9).await;
    let mut client = port.connect().await;
    client.asked(bind()).await.unwrap();
    port.listener.close().await;
    assert_eq!(client.hear().await, heard(0, ResultCode::Unavailable, "the server is stopping"));
    assert_eq!(client.hear().await, None);
    assert!(TcpStream::connect(port.listener.local()).await.is_err());
}
