//! The end of a login at a service provider: a response that the browser posts there. Source: spec/enterprise.md §4.3.

use axum::response::Response;
use serde_json::Value;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::samlp;
use crate::authentication::samlp::assertion;
use crate::authentication::samlp::assertion::Drawn;
use crate::authentication::visitor::Visitor;
use crate::domain::claims::saml::Settings;
use crate::domain::client::Client;
use crate::domain::session::Grant;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::SamlReply;
use crate::domain::user::User;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::keys::Keyring;
use crate::keys::block_cipher::BlockCipher;
use crate::keys::hash::Hash;
use crate::keys::public_key::PublicKey;
use crate::keys::rsa_key::RsaKey;
use crate::keys::x509::Certificate;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::encrypt::Encryption;
use crate::protocols::saml::header;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::names::status;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// Answers with an assertion about the user.
///
/// # Errors
/// On our page, when the add-on's own keys or certificates can't be used.
pub(in crate::authentication) async fn succeed(
    tenant: &Tenant,
    keyring: &Keyring,
    (client, user): (&Client, &User),
    (request, reply): (&AuthorizationRequest, &SamlReply),
    grant: &Grant,
) -> Result<Response, AuthorizeError> {
    let (state, mut rng) = (tenant.read(), Rng::from_key(tenant.draw(Rng::key)));
    let settings = samlp::settings(client)?;
    let issuer = samlp::issuer(settings, &Address::of_base(&grant.issuer));
    let drawn = Drawn { id: header::new_id(&mut rng), now: tenant.now() };
    let assertion = assertion::make(settings, (request, reply), (user, grant), &issuer, drawn);
    let response = StatusResponse {
        header: Header {
            id: header::new_id(&mut rng),
            issue_instant: assertion.issue_instant,
            destination: Some(settings.text("destination").unwrap_or(&request.redirect_uri).to_owned()),
            issuer: Some(issuer),
        },
        in_response_to: reply.request.clone(),
        status: Status::success(),
    };
    let key = samlp::key(keyring, &state, settings).await?;
    let signing = how(settings, &key);
    let signs_response = settings.flag("signResponse", false);
    let mut xml = assertion.to_xml();
    if !signs_response {
        xml = signing.sign(&xml, &assertion.id).map_err(Failure::new)?;
    }
    if let Some(certificate) = reader(settings)? {
        let own = public_key(settings)?;
        let key = own.as_ref().unwrap_or(certificate.public_key());
        let encryption = Encryption { certificate: &certificate, key, cipher: cipher(settings) };
        xml = encryption.encrypt(&xml, &mut rng).map_err(Failure::new)?;
    }
    let mut xml = response.to_response(Some(&xml));
    if signs_response {
        xml = signing.sign(&xml, &response.header.id).map_err(Failure::new)?;
    }
    Ok(post(&request.redirect_uri, &xml, request.state.as_deref())?)
}

/// Answers that nobody signed in, in the protocol's own way (spec/enterprise.md §4.3); signed where responses are.
///
/// # Errors
/// [`Failure`] when the page can't be made.
pub(in crate::authentication) async fn fail(
    tenant: &Tenant,
    visitor: &Visitor,
    (to, reply): (&TrustedRedirect, &SamlReply),
    refusal: &Refusal,
) -> Result<Response, Failure> {
    let state = tenant.read();
    let mut rng = Rng::from_key(tenant.draw(Rng::key));
    let addon = state.client(to.client_id().as_str()).and_then(|client| client.extra.get("addons")?.get("samlp"));
    let settings = addon.and_then(Value::as_object).cloned().unwrap_or_default();
    let settings = Settings(&settings);
    let (code, special) = match refusal {
        Refusal::LoginRequired | Refusal::ConsentRequired => (status::RESPONDER, Some(status::NO_PASSIVE)),
        Refusal::Internal(_) => (status::RESPONDER, None),
        Refusal::InvalidRequest(_) | Refusal::ConnectionNotEnabled => (status::REQUESTER, None),
        _ => (status::RESPONDER, Some(status::AUTHN_FAILED)),
    };
    let response = StatusResponse {
        header: Header {
            id: header::new_id(&mut rng),
            issue_instant: tenant.now(),
            destination: Some(settings.text("destination").unwrap_or(to.uri()).to_owned()),
            issuer: Some(samlp::issuer(settings, &visitor.address)),
        },
        in_response_to: reply.request.clone(),
        status: Status::failure(code, special, Some(&refusal.to_string())),
    };
    let mut xml = response.to_response(None);
    if settings.flag("signResponse", false) {
        // What keeps a key from being used has been told at the login that it kept from ending.
        if let Ok(key) = samlp::key(&visitor.keyring, &state, settings).await {
            xml = how(settings, &key).sign(&xml, &response.header.id).map_err(Failure::new)?;
        }
    }
    post(to.uri(), &xml, to.state())
}

fn post(acs: &str, xml: &str, relay_state: Option<&str>) -> Result<Response, Failure> {
    let mut fields = vec![(Kind::Response.field().to_owned(), binding::to_post(xml))];
    fields.extend(relay_state.map(|state| ("RelayState".to_owned(), state.to_owned())));
    SelfSubmitting { action: acs, fields: &fields }.answer()
}

/// SHA-1 where the settings don't say otherwise, as the real add-on does (spec/enterprise.md §4.1).
pub(super) fn how<'a>(settings: Settings<'_>, key: &'a RsaKey) -> Signing<'a> {
    let is_new = |name, new| settings.text(name) == Some(new);
    Signing {
        key,
        signature: if is_new("signatureAlgorithm", "rsa-sha256") { Hash::Sha256 } else { Hash::Sha1 },
        digest: if is_new("digestAlgorithm", "sha256") { Hash::Sha256 } else { Hash::Sha1 },
    }
}

/// For whom assertions are encrypted (`encryptionCert`): without it they are not.
fn reader(settings: Settings<'_>) -> Result<Option<Certificate>, AuthorizeError> {
    let Some(text) = settings.text("encryptionCert") else { return Ok(None) };
    let wrong = |error| Refusal::InvalidRequest(format!("the add-on's encryptionCert can't be used: {error}").into());
    Ok(Some(Certificate::from_text(text).map_err(wrong)?))
}

/// What they are encrypted with (`encryptionPublicKey`), where that isn't the certificate's key.
fn public_key(settings: Settings<'_>) -> Result<Option<PublicKey>, AuthorizeError> {
    let Some(text) = settings.text("encryptionPublicKey") else { return Ok(None) };
    let wrong =
        |error| Refusal::InvalidRequest(format!("the add-on's encryptionPublicKey can't be used: {error}").into());
    Ok(Some(PublicKey::from_text(text).map_err(wrong)?))
}

/// `encryptionAlgorithm`: a short name, or its URI.
fn cipher(settings: Settings<'_>) -> BlockCipher {
    match settings.text("encryptionAlgorithm") {
        Some(name) if name.ends_with("aes256-gcm") => BlockCipher::Aes256Gcm,
        Some(name) if name.ends_with("aes128-gcm") => BlockCipher::Aes128Gcm,
        Some(name) if name.ends_with("aes128-cbc") => BlockCipher::Aes128Cbc,
        _ => BlockCipher::Aes256Cbc,
    }
}
