//! Requests that this server sends: to the embedded fakes through their service, to everybody else over a socket.
//! Source: design page, section 2.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use tower::ServiceExt as _;

use crate::http::address::Address;
use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::http::faults::list::Faults;
use crate::http::faults::scope::Who;
use crate::http::fronts;
use crate::http::fronts::Fronts;
use crate::http::journal::Journal;
use crate::http::outgoing::draft::Draft;
use crate::http::outgoing::struck::Struck;
use crate::time::Clock;

mod draft;
pub(crate) mod struck;

/// How much of an answer is read: an upstream that sends more is refused.
const MOST_BYTES: usize = 1024 * 1024;

/// How long an upstream may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who a request goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// An embedded fake: same bytes, no network.
    Embedded,
    Outside,
}

/// A client for outgoing requests; clones share it.
#[derive(Clone)]
pub(crate) struct Outgoing {
    /// Made when first needed: it reads every certificate that the system trusts, and a tenant with fakes alone never asks outside.
    outside: Arc<OnceLock<reqwest::Client>>,
    /// Serves what follows the authority of an embedded fake's URL, with its [`Address`] in the request.
    embedded: Router,
    /// What else the fakes find in a request: whose fakes they are.
    extensions: Extensions,
    /// What goes wrong on purpose, and how to tell whom a request is about.
    faults: Option<(Faults, Resolver)>,
    /// Where every request is written down, with the time of that clock.
    journal: Option<(Journal, Clock)>,
    /// What stands in front of the fakes.
    fronts: Fronts,
    /// Connects to the embedded directory, over LDAP.
    directory: Option<Door>,
}

/// Makes a pair of connected sockets, serves one end and gives the other.
pub(crate) type Door = Arc<dyn Fn() -> std::io::Result<UnixStream> + Send + Sync>;

/// Tells whom a request to a fake is from and about: whose fakes they are is in the extensions, then come the fake and
/// what the request shows (see `http::faults::shown`).
pub(crate) type Resolver = fn(&Extensions, &str, &[String]) -> Who;

/// In the extensions of a request: what faults call the provider that it goes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counterpart(pub(crate) &'static str);

/// What came back, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why nothing usable came back. Fragments that complete "failed to …".
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutgoingError {
    #[error("make a request for {0}")]
    BadRequest(String),
    #[error("get an answer from {host}: {cause}")]
    NoAnswer { host: String, cause: String },
    #[error("read the whole answer of {0}: it is larger than 1 MiB")]
    TooLarge(String),
}

impl Outgoing {
    /// `embedded` serves the fakes.
    pub(crate) fn new(embedded: Router) -> Self {
        Self {
            outside: Arc::default(),
            embedded,
            extensions: Extensions::new(),
            faults: None,
            journal: None,
            fronts: Fronts::default(),
            directory: None,
        }
    }

    /// The same client, with `value` in the extensions of every request to an embedded fake.
    #[must_use]
    pub(crate) fn with<T: Clone + Send + Sync + 'static>(&self, value: T) -> Self {
        let mut with = self.clone();
        with.extensions.insert(value);
        with
    }

    /// The same client, for a tenant with these faults.
    #[must_use]
    pub(crate) fn struck_by(self, faults: Faults, resolver: Resolver) -> Self {
        Self { faults: Some((faults, resolver)), ..self }
    }

    /// The same client, every request of which is written down.
    #[must_use]
    pub(crate) fn recorded_in(self, journal: Journal, clock: Clock) -> Self {
        Self { journal: Some((journal, clock)), ..self }
    }

    /// The same client, with these servers in front of the fakes.
    #[must_use]
    pub(crate) fn behind(self, fronts: Fronts) -> Self {
        Self { fronts, ..self }
    }

    /// The same client, for a tenant that has a directory.
    #[must_use]
    pub(crate) fn with_directory(self, directory: Door) -> Self {
        Self { directory: Some(directory), ..self }
    }

    /// A new connection to the embedded directory: the bytes on it are LDAP.
    ///
    /// # Errors
    /// When there is no directory, it is down on purpose, or the system gives no more sockets.
    pub(crate) async fn directory(&self) -> std::io::Result<UnixStream> {
        if let Some(trouble) = self.directory_trouble().await {
            return Err(trouble);
        }
        let none = || std::io::Error::new(std::io::ErrorKind::NotFound, "this tenant has no directory");
        self.directory.as_ref().ok_or_else(none)?()
    }

    /// Sends a request with an absolute URL and reads the answer.
    ///
    /// # Errors
    /// [`OutgoingError`] when there was no answer in ten seconds, or too large a one. Any status is an answer.
    pub(crate) async fn send(&self, place: Place, mut request: Request<Bytes>) -> Result<Answer, OutgoingError> {
        // GitHub turns away who doesn't say what program they are.
        request.headers_mut().entry(USER_AGENT).or_insert(HeaderValue::from_static("impostor"));
        let draft = self.journal.as_ref().map(|(journal, clock)| (journal, Draft::of(&request, clock)));
        let faults = self.faults.as_ref().filter(|(faults, _)| !faults.is_empty());
        let Struck { answer, fired } = match faults {
            Some((faults, resolver)) => self.send_struck((faults, *resolver), place, request).await,
            None => Struck { answer: self.ask(place, request).await, fired: Vec::new() },
        };
        if let Some((journal, draft)) = draft {
            journal.record(draft.answered(&answer, &fired));
        }
        answer
    }

    async fn ask(&self, place: Place, request: Request<Bytes>) -> Result<Answer, OutgoingError> {
        if let Some(url) = self.fronts.of(request.uri()).filter(|_| place == Place::Embedded)
            && let Some(answer) = fronts::ask(&url, &request).await
        {
            let (parts, body) = answer.into_parts();
            return Ok(Answer { status: parts.status, headers: parts.headers, body });
        }
        match place {
            Place::Embedded => self.send_embedded(request).await,
            Place::Outside => self.send_outside(request).await,
        }
    }

    async fn send_embedded(&self, request: Request<Bytes>) -> Result<Answer, OutgoingError> {
        let url = request.uri().clone();
        let authority = url.authority().map(ToString::to_string).unwrap_or_default();
        let address = Address::new(url.scheme_str() == Some("https"), &authority);
        let mut request = request.map(Body::from);
        request.extensions_mut().extend(self.extensions.clone());
        request.extensions_mut().insert(address);
        let Ok(response) = self.embedded.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, MOST_BYTES).await.map_err(|_| OutgoingError::TooLarge(authority))?;
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// The client for the network. Follows no redirects: providers' endpoints do not send any.
    ///
    /// # Errors
    /// When the system offers no TLS, which it always does.
    fn outside(&self) -> Result<&reqwest::Client, OutgoingError> {
        if let Some(client) = self.outside.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(LocalhostNames)
            .build()
            .map_err(|error| OutgoingError::BadRequest(root(&error)))?;
        Ok(self.outside.get_or_init(|| client))
    }

    async fn send_outside(&self, request: Request<Bytes>) -> Result<Answer, OutgoingError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let no_answer = |error: reqwest::Error| OutgoingError::NoAnswer { host: host.clone(), cause: root(&error) };
        let request = reqwest::Request::try_from(request).map_err(|error| OutgoingError::BadRequest(root(&error)))?;
        let mut response = self.outside()?.execute(request).await.map_err(no_answer)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(OutgoingError::TooLarge(host));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: response.status(), headers: response.headers().clone(), body: body.into() })
    }
}

/// The innermost cause says most.
fn root(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// Resolves `*.localhost` to the loopback address by itself: not every system does (design page, section 6).
struct LocalhostNames;

impl reqwest::dns::Resolve for LocalhostNames {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            if host == "localhost" || host.ends_with(".localhost") {
                let loopback = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
                let addresses: reqwest::dns::Addrs = Box::new(std::iter::once(loopback));
                return Ok(addresses);
            }
            let found = tokio::net::lookup_host((host, 0)).await?;
            let addresses: reqwest::dns::Addrs = Box::new(found.collect::<Vec<_>>().into_iter());
            Ok(addresses)
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Outgoing {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        extension(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;

    #[tokio::test]
    async fn an_embedded_fake_is_asked_at_the_address_of_the_url() {
        let fakes = Router::new().route("/_upstreams/google/who", get(async |address: Address| address.issuer()));
        let outgoing = Outgoing::new(fakes);
        let request = Request::get("https://localhost:4480/_upstreams/google/who").body(Bytes::new()).unwrap();
        let answer = outgoing.send(Place::Embedded, request).await.unwrap();
        assert_eq!(answer.body, "https://localhost:4480/");
    }
}
