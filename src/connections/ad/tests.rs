//! The connector against a directory that says what a test wants, over real LDAP.

use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixStream;

use axum::Router;
use serde_json::Value;
use serde_json::json;

use super::*;
use crate::protocols::ldap::decode;
use crate::protocols::ldap::encode;
use crate::protocols::ldap::frame::first_message;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Entry;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;

const DN: &str = "CN=John Doe,OU=People,DC=acme,DC=example";

/// What the directory was asked for, filters as text.
type Asked = Arc<parking_lot::Mutex<Vec<String>>>;

/// Serves one connection: `data` is what it says to John's password.
fn serve(mut stream: UnixStream, data: &'static str, asked: &Asked) {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let Ok(read @ 1..) = stream.read(&mut piece) else { return };
        bytes.extend_from_slice(&piece[..read]);
        while let Some(length) = first_message(&bytes, 1 << 20).unwrap() {
            let message = decode::request(&bytes[..length]).unwrap();
            bytes.drain(..length);
            let mut answer = Vec::new();
            for operation in answers(&message.operation, data, asked) {
                answer = encode::response(answer, &Message { id: message.id, operation, controls: Vec::new() });
            }
            if stream.write_all(&answer).is_err() {
                return;
            }
        }
    }
}

fn answers(request: &Request, data: &str, asked: &Asked) -> Vec<Response> {
    let entry = |dn: &str, attributes: &[(&str, &[&[u8]])]| {
        let attribute = |(name, values): &(&str, &[&[u8]])| Attribute {
            name: (*name).into(),
            values: values.iter().map(|value| (*value).into()).collect(),
        };
        Response::Entry(Entry { dn: dn.into(), attributes: attributes.iter().map(attribute).collect() })
    };
    match request {
        Request::Bind(bind) => {
            let right = matches!(&bind.credentials, Credentials::Simple(password) if password == b"secret");
            asked.lock().push(format!("bind {}", bind.name));
            let text =
                format!("80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {data}, v3839");
            let refused = LdapResult::new(ResultCode::InvalidCredentials, text);
            let is_fine = right && (data.is_empty() || bind.name != DN);
            vec![Response::Done(Kind::Bind, if is_fine { LdapResult::success() } else { refused })]
        }
        Request::Search(search) => {
            let filter = search.filter.to_string();
            asked.lock().push(format!("{} {filter}", search.base));
            let mut found = match filter.as_str() {
                "(objectClass=*)" => vec![entry("", &[("defaultNamingContext", &[b"DC=acme,DC=example"])])],
                filter if filter.contains("jdoe") => {
                    let guid: Vec<u8> = (0..16).collect();
                    vec![entry(DN, &[("cn", &[b"John Doe"]), ("sAMAccountName", &[b"jdoe"]), ("objectGUID", &[&guid])])]
                }
                filter if filter.starts_with("(member") => {
                    vec![entry("CN=Sales", &[("cn", &[b"Sales"])]), entry("CN=Staff", &[("cn", &[b"Staff"])])]
                }
                _ => Vec::new(),
            };
            found.push(Response::Done(Kind::Search, LdapResult::success()));
            found
        }
        _ => Vec::new(),
    }
}

async fn knock(
    settings: Value,
    username: &str,
    password: &str,
    data: &'static str,
) -> (Result<Returned, AdError>, Asked) {
    let asked = Asked::default();
    let heard = Arc::clone(&asked);
    let outgoing = Outgoing::new(Router::new()).with_directory(Arc::new(move || {
        let (ours, theirs) = UnixStream::pair()?;
        let heard = Arc::clone(&heard);
        std::thread::spawn(move || serve(theirs, data, &heard));
        Ok(ours)
    }));
    let connection = json!({ "id": "con_1", "name": "corp", "strategy": "ad" });
    let connector = Some(Arc::new(Connector::of(settings.as_object().unwrap())));
    let connection = Connection { connector, ..serde_json::from_value(connection).unwrap() };
    let (now, random) = (Timestamp::from_seconds(0), [0; 32]);
    let knock = Knock { connection: &connection, outgoing: &outgoing, username, password, now, random };
    (authenticate(knock).await, asked)
}

fn settings() -> Value {
    json!({ "LDAP_BIND_USER": "svc", "LDAP_BIND_PASSWORD": "secret",
        "LDAP_USER_BY_NAME": "(|(sAMAccountName={account})(userPrincipalName={0}))" })
}

#[tokio::test]
async fn a_person_is_found_bound_and_mapped_with_all_their_groups() {
    let (found, asked) = knock(settings(), "ACME\\jdoe", "secret", "").await;
    let profile = found.unwrap().raw.0;
    assert_eq!(profile["id"], json!("03020100-0504-0706-0809-0a0b0c0d0e0f"));
    assert_eq!((&profile["groups"], &profile["dn"]), (&json!(["Sales", "Staff"]), &json!(DN)));
    let expected = [
        "bind svc".to_owned(),
        " (objectClass=*)".to_owned(),
        "DC=acme,DC=example (|(sAMAccountName=jdoe)(userPrincipalName=ACME\\5cjdoe))".to_owned(),
        format!("bind {DN}"),
        format!("DC=acme,DC=example (member:1.2.840.113556.1.4.1941:={DN})"),
    ];
    assert_eq!(*asked.lock(), expected);
}

#[tokio::test]
async fn who_is_turned_away_is_told_why() {
    for (username, password, data, expected) in [
        ("jdoe", "wrong", "52e", "WrongPassword"),
        ("nobody", "secret", "", "WrongUsername"),
        ("*", "secret", "", "WrongUsername"),
        ("jdoe", "secret", "532", "PasswordExpired"),
        ("jdoe", "secret", "533", "AccountDisabled"),
        ("jdoe", "secret", "773", "PasswordChangeRequired"),
        ("jdoe", "secret", "775", "AccountLocked"),
    ] {
        let (refused, _) = knock(settings(), username, password, data).await;
        let Err(AdError::Refused(refusal)) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.name(), expected);
    }
}

#[tokio::test]
async fn no_password_is_no_bind() {
    let (refused, asked) = knock(settings(), "jdoe", "", "").await;
    assert!(matches!(refused, Err(AdError::Refused(AdRefusal::WrongPassword))));
    assert!(asked.lock().is_empty());
}

#[tokio::test]
async fn a_connector_may_let_expired_passwords_in_and_the_mapper_sees_it() {
    let mut settings = settings();
    settings["ALLOW_PASSWORD_EXPIRED"] = json!(true);
    let (found, _) = knock(settings, "jdoe", "secret", "532").await;
    assert!(found.is_ok(), "{found:?}");
}

#[tokio::test]
async fn what_is_set_up_wrongly_is_told() {
    let with = |key: &str, value: &str| {
        let mut settings = settings();
        settings[key] = json!(value);
        settings
    };
    for (settings, expected) in [
        (with("LDAP_USER_BY_NAME", "(uid={0}"), "use the directory: (uid=jdoe is no filter"),
        (with("LDAP_URL", "http://x.example"), "use the directory: http://x.example is no ldap or ldaps address"),
        (with("LDAP_BIND_PASSWORD", "other"), "use the directory: bind as the service account svc: result 49"),
        (with("LDAP_URL", "ldap://127.0.0.1:1"), "reach the directory: ldap://127.0.0.1:1"),
    ] {
        let told = knock(settings, "jdoe", "secret", "52e").await.0.unwrap_err().to_string();
        assert!(told.starts_with(expected), "{told}");
    }
}
