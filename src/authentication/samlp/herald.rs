//! Telling service providers that a session is over. Source: spec/enterprise.md §4.1 (`logout`, `binding`),
//! SAML 2.0 Profiles §4.4.3.

use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::response::redirect;
use crate::authentication::samlp;
use crate::authentication::samlp::response;
use crate::domain::claims::saml::Settings;
use crate::domain::client::Client;
use crate::domain::session::Farewell;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::protocols::saml::binding as bindings;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::names::status;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// How long a request may be followed, in seconds.
const LIFETIME_SECONDS: i64 = 300;

/// Who tells, and from which address.
#[derive(Clone, Copy)]
pub(super) struct Herald<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) keyring: &'a Keyring,
    pub(super) address: &'a Address,
}

/// A message on its way to a service provider.
struct Letter<'a> {
    to: &'a str,
    kind: Kind,
    id: &'a str,
    xml: String,
    relay_state: Option<&'a str>,
}

impl Herald<'_> {
    /// Tells the next service provider; when all know, the one that asked is answered.
    pub(super) async fn next(self, mut farewell: Farewell) -> Result<Response, AuthorizeError> {
        let state = self.tenant.read();
        while let Some(other) = farewell.others.pop() {
            let Some(client) = state.client(other.client_id.as_str()) else { continue };
            let Ok(settings) = samlp::settings(client) else { continue };
            let Some(to) = settings.logout("callback") else { continue };
            let mut rng = Rng::from_key(self.tenant.draw(Rng::key));
            let (id, handle) = (header::new_id(&mut rng), rng.url_safe(43));
            let request = LogoutRequest {
                header: self.header(settings, &id, to),
                not_on_or_after: Some(self.tenant.now().plus_seconds(LIFETIME_SECONDS)),
                reason: None,
                name_id: NameId { value: other.name_id, format: other.format, ..NameId::default() },
                session_indexes: vec![farewell.session_index.clone()],
            };
            let letter = Letter { to, kind: Kind::Request, id: &id, xml: request.to_xml(), relay_state: Some(&handle) };
            let Ok(sent) = self.send(settings, letter).await else {
                tracing::info!(client = client.name, "the add-on's own key can't be used: it is not told of a logout");
                farewell.is_partial = true;
                continue;
            };
            let kept = self.tenant.write(|tx| {
                tx.farewells.put(digest::sha256(handle.as_bytes()), farewell);
                Ok::<_, Failure>(())
            });
            kept.await?;
            return Ok(sent);
        }
        let partial = || Status::failure(status::RESPONDER, Some(status::PARTIAL_LOGOUT), None);
        let status = if farewell.is_partial { partial() } else { Status::success() };
        self.answer(&farewell, status).await
    }

    /// The answer to the one that asked, at its `logout.callback`; where it has none, a page that says so.
    pub(super) async fn answer(self, farewell: &Farewell, status: Status) -> Result<Response, AuthorizeError> {
        let state = self.tenant.read();
        let client: &Client = samlp::client(&state, farewell.client_id.as_str())?;
        let settings = samlp::settings(client)?;
        let Some(to) = settings.logout("callback") else {
            tracing::info!(client = client.name, "the add-on has no logout.callback: its logout isn't answered");
            return Ok("OK".into_response());
        };
        let id = header::new_id(&mut Rng::from_key(self.tenant.draw(Rng::key)));
        let response = StatusResponse {
            header: self.header(settings, &id, to),
            in_response_to: Some(farewell.request.clone()),
            status,
        };
        let (xml, relay_state) = (response.to_logout_response(), farewell.relay_state.as_deref());
        self.send(settings, Letter { to, kind: Kind::Response, id: &id, xml, relay_state }).await
    }

    fn header(self, settings: Settings<'_>, id: &str, to: &str) -> Header {
        Header {
            id: id.to_owned(),
            issue_instant: self.tenant.now(),
            destination: Some(to.to_owned()),
            issuer: Some(samlp::issuer(settings, self.address)),
        }
    }

    /// Signed, by POST unless the add-on says otherwise (`binding`).
    async fn send(self, settings: Settings<'_>, letter: Letter<'_>) -> Result<Response, AuthorizeError> {
        let key = samlp::key(self.keyring, &self.tenant.read(), settings).await?;
        let signing = response::how(settings, &key);
        let Letter { to, kind, id, xml, relay_state } = letter;
        if settings.text("binding") == Some(binding::REDIRECT) {
            let outgoing = Outgoing { kind, xml: &xml, relay_state, deflate: true };
            let location = outgoing.to_url(to, Some(&signing)).map_err(Failure::new)?;
            return Ok(redirect(&location)?);
        }
        let xml = signing.sign(&xml, id).map_err(Failure::new)?;
        let mut fields = vec![(kind.field().to_owned(), bindings::to_post(&xml))];
        fields.extend(relay_state.map(|state| ("RelayState".to_owned(), state.to_owned())));
        Ok(SelfSubmitting { action: to, fields: &fields }.answer()?)
    }
}
