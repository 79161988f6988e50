//! From a request on a connection to the router, with everything its handlers need. Source: design page, section 6.

use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::Uri;
use axum::http::header;
use axum::http::uri::PathAndQuery;
use axum::response::IntoResponse;
use axum::response::Response;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::client::error::ClientError;
use crate::client::transport::Transport;
use crate::client::transport::TransportOptions;
use crate::http::address::Address;
use crate::http::connection::Connection;
use crate::http::cookies::CookieScope;
use crate::http::outgoing::Door;
use crate::http::outgoing::Outgoing;
use crate::keys::Keyring;
use crate::server::binding::BindError;
use crate::server::exchange;
use crate::server::host::Host;
use crate::server::ldap::in_process;
use crate::server::ldap::listener::Serving;
use crate::server::ldap::talk;
use crate::server::listener::Listener;
use crate::server::serving::Answer;
use crate::server::site::Site;
use crate::server::sites::Sites;
use crate::server::tls;
use crate::server::who;
use crate::upstreams;

/// Answers requests; clones share everything.
#[derive(Clone)]
pub(crate) struct Service(Arc<Inner>);

struct Inner {
    router: Router,
    sites: Sites,
    keyring: Keyring,
    outgoing: Outgoing,
    /// `--issuer`: the address of every URL handed out, whatever address was asked.
    issuer: Option<Address>,
    /// How long nobody may ask a fork before it is let go of.
    fork_idle: Option<Duration>,
    /// `--host`: names accepted besides the built-in ones.
    hosts: Vec<String>,
    trust: Option<String>,
    /// For the ports of forks; set once the authorities, which ask this service for its names, are there.
    tls: OnceLock<TlsAcceptor>,
    /// The authorities' certificates as PEM, set with it.
    authorities: OnceLock<String>,
    /// How the harness talks to this server as a client; made when first needed.
    own_transport: OnceLock<Transport>,
    /// True once the server stops: streams without an end must end.
    stopping: watch::Sender<bool>,
}

/// What a service is made of.
pub(crate) struct Parts {
    pub(crate) router: Router,
    pub(crate) sites: Sites,
    pub(crate) keyring: Keyring,
    pub(crate) outgoing: Outgoing,
    pub(crate) issuer: Option<Address>,
    pub(crate) hosts: Vec<String>,
    pub(crate) fork_idle: Option<Duration>,
    /// How to trust the certificates, if there is a file to trust.
    pub(crate) trust: Option<String>,
}

/// Who a host stands for.
enum Party {
    Tenant(Site),
    /// A fake, asked by its provider's real host name.
    Fake(Site, &'static str),
}

impl Service {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { router, sites, keyring, outgoing, issuer, hosts, fork_idle, trust } = parts;
        Self(Arc::new(Inner {
            router,
            sites,
            keyring,
            outgoing,
            issuer,
            hosts,
            fork_idle,
            trust,
            tls: OnceLock::new(),
            authorities: OnceLock::new(),
            own_transport: OnceLock::new(),
            stopping: watch::Sender::new(false),
        }))
    }

    /// How to trust the certificates, if keys are kept.
    pub(crate) fn trust(&self) -> Option<&str> {
        self.0.trust.as_deref()
    }

    /// How long nobody may ask a fork before it is let go of.
    pub(crate) fn fork_idle(&self) -> Option<Duration> {
        self.0.fork_idle
    }

    pub(crate) fn sites(&self) -> &Sites {
        &self.0.sites
    }

    /// Gives the service what forks' ports speak TLS with; the first call counts.
    pub(crate) fn set_tls(&self, tls: TlsAcceptor, authorities: String) {
        let _ = self.0.tls.set(tls);
        let _ = self.0.authorities.set(authorities);
    }

    /// Changes when the server stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    /// Ends the streams that have no end of their own.
    pub(crate) fn stop_streams(&self) {
        self.0.stopping.send_replace(true);
    }

    /// How to talk to this server as a client does, over its own port.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub(crate) fn own_transport(&self) -> Result<Transport, ClientError> {
        if let Some(transport) = self.0.own_transport.get() {
            return Ok(transport.clone());
        }
        let trusted = self.0.authorities.get().map(|pem| pem.clone().into_bytes()).into_iter().collect();
        let transport = Transport::with(TransportOptions { trusted, localhost: None })?;
        Ok(self.0.own_transport.get_or_init(|| transport).clone())
    }

    /// What a listener calls for each request; `seat` is the site that the listener is for alone.
    pub(crate) fn answers(&self, seat: Option<Site>) -> Answer {
        let (service, seat) = (self.clone(), seat.map(Arc::new));
        Arc::new(move |request, connection| {
            let (service, seat) = (service.clone(), seat.clone());
            Box::pin(async move { service.answer(request, connection, seat.as_deref()).await })
        })
    }

    /// How a site's connector reaches its directory.
    fn directory_of(&self, site: &Site) -> Door {
        let (service, site) = (self.clone(), site.clone());
        Arc::new(move || {
            let serving = service.speaks_ldap(&site).map_err(|error| std::io::Error::other(error.to_string()))?;
            in_process::dial(serving)
        })
    }

    /// Opens a port of a site's own.
    ///
    /// # Errors
    /// [`BindError`] when no port is left.
    pub(crate) async fn listen_for(&self, site: &Site) -> Result<Listener, BindError> {
        let tls = self.0.tls.get().cloned().ok_or_else(BindError::too_early)?;
        Listener::open_own(tls, self.answers(Some(site.clone()))).await
    }

    /// How the directory of a site speaks LDAP.
    ///
    /// # Errors
    /// [`BindError`] while the server is still starting.
    pub(crate) fn speaks_ldap(&self, site: &Site) -> Result<Serving, BindError> {
        let tls = self.0.tls.get().ok_or_else(BindError::too_early)?;
        Ok(Serving::new(tls::for_ldap(tls), talk::begin(site)))
    }

    /// Tells whether a certificate may be made for a name: for the same hosts that requests are accepted for.
    /// It holds the service weakly, since the service holds what asks it.
    pub(crate) fn names(&self) -> impl Fn(&str) -> bool + Send + Sync + 'static {
        let service = Arc::downgrade(&self.0);
        move |name| {
            let (service, host) = (service.upgrade().map(Self), Host::parse(name));
            service.zip(host).is_some_and(|(service, host)| service.party(&host, None).is_ok())
        }
    }

    /// Answers one request that came in over `connection`, on the port of `seat` if that has its own.
    pub(crate) async fn answer(
        &self,
        mut request: Request<Body>,
        connection: Connection,
        seat: Option<&Site>,
    ) -> Response {
        let Some(host) = host_of(&request) else {
            return refuse(StatusCode::BAD_REQUEST, "the request names no host, or a malformed one");
        };
        let party = match self.party(&host, seat) {
            Ok(party) => party,
            Err(why) => return refuse(StatusCode::MISDIRECTED_REQUEST, why),
        };
        let asked = Address::new(connection.secure, &host.to_string());
        let mut address = self.0.issuer.clone().unwrap_or_else(|| asked.clone());
        let site = match party {
            Party::Tenant(site) => site,
            Party::Fake(site, fake) => {
                request.extensions_mut().insert(upstreams::Base(asked.base().to_owned()));
                if below(request.uri_mut(), fake).is_none() {
                    return refuse(StatusCode::BAD_REQUEST, "the request has a malformed path");
                }
                site
            }
        };
        if site.tenant.name() != seat.unwrap_or(self.0.sites.default_site()).tenant.name() {
            address = address.by_name_alone();
        }
        let scope = match seat {
            Some(_) => CookieScope::Port(connection.local.port()),
            None => CookieScope::Shared,
        };
        let _in_use = site.usage.hold();
        let served = site.clone();
        let extensions = request.extensions_mut();
        let outgoing = self.0.outgoing.with(site.upstreams.clone()).struck_by(site.faults.clone(), who::at_fake);
        let outgoing = outgoing.behind(site.fronts.clone());
        let outgoing = outgoing.with_directory(self.directory_of(&site));
        extensions.insert(outgoing.recorded_in(site.journal.clone(), site.tenant.clock().clone()));
        extensions.insert(site.tenant.clone());
        extensions.insert(site.upstreams.clone());
        extensions.insert(site);
        extensions.insert(self.0.keyring.clone());
        extensions.insert(self.clone());
        extensions.insert(address);
        extensions.insert(scope);
        extensions.insert(connection);
        let mut response = exchange::answer(&served, request, self.0.router.clone()).await;
        response.headers_mut().insert(header::SERVER, HeaderValue::from_static("impostor"));
        response
    }

    /// A tenant's own name comes first, then the listener it was given alone, then the default tenant.
    ///
    /// # Errors
    /// Why nobody answers to the host.
    fn party(&self, host: &Host, seat: Option<&Site>) -> Result<Party, &'static str> {
        let sites = &self.0.sites;
        let here = seat.unwrap_or(sites.default_site());
        if let Some(fake) = upstreams::fake_of_host(&host.name) {
            return Ok(Party::Fake(here.clone(), fake));
        }
        if let Some(site) = sites.of_host(host) {
            return Ok(Party::Tenant(site));
        }
        if sites.is_gone(host) {
            return Err("the tenant of that name is gone: it was deleted, or nobody had asked it for long");
        }
        if !(host.is_local() || self.0.hosts.contains(&host.name) || self.is_issuer(host)) {
            return Err("this server does not answer to that host (see --host)");
        }
        // Tenants of one server share their keys: a token must not carry the address of another one as its issuer.
        let is_of_another = |port: u16| sites.is_port_of_another(port, here);
        if self.0.issuer.is_none() && host.port.is_some_and(is_of_another) {
            return Err("that port is another tenant's of this server: ask it there");
        }
        Ok(Party::Tenant(here.clone()))
    }

    fn is_issuer(&self, host: &Host) -> bool {
        self.0
            .issuer
            .as_ref()
            .and_then(|issuer| Host::parse(issuer.authority()))
            .is_some_and(|own| own.name == host.name)
    }
}

/// The authority of a request: `:authority` or the absolute form in HTTP/2 and to proxies, else the one `Host` header.
fn host_of(request: &Request<Body>) -> Option<Host> {
    let mut headers = request.headers().get_all(header::HOST).iter();
    let authority = match (request.uri().authority(), headers.next(), headers.next()) {
        (Some(authority), _, _) => authority.as_str(),
        (None, Some(host), None) => host.to_str().ok()?,
        _ => return None,
    };
    Host::parse(authority)
}

/// Puts the path of a request made to a fake's real host below the fake's place.
fn below(uri: &mut Uri, fake: &str) -> Option<()> {
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    *uri = Uri::try_from(format!("/_upstreams/{fake}{path}")).ok()?;
    Some(())
}

fn refuse(status: StatusCode, why: &str) -> Response {
    (status, format!("{why}\n")).into_response()
}
