//! The socket below everything: sends one request, follows nothing, keeps nothing.

use crate::client::error::{ClientError, Refusal};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Certificate, RequestBuilder, redirect};
use serde::de::DeserializeOwned;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use url::Url;

/// How long a server may take over one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A pool of connections. Cheap to clone; clones share the pool.
///
/// Names below `.localhost` are reached without asking anybody, because on many systems only browsers resolve them.
#[derive(Debug, Clone)]
pub struct Transport {
    http: reqwest::Client,
}

/// What [`Transport`] should trust and where it finds local names.
#[derive(Debug, Clone, Default)]
pub struct TransportOptions {
    /// Certificate authorities to trust besides the system's, in PEM form.
    pub trusted: Vec<Vec<u8>>,
    /// The machine that `*.localhost` stands for; this one if `None`.
    pub localhost: Option<String>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    call: String,
    /// The address that answered.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
    headers: HeaderMap,
}

impl Transport {
    /// Opens a pool that trusts what the system trusts.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when TLS can't be set up.
    pub fn new() -> Result<Self, ClientError> {
        Self::with(TransportOptions::default())
    }

    /// Opens a pool.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when a certificate is none or TLS can't be set up.
    pub fn with(options: TransportOptions) -> Result<Self, ClientError> {
        let unusable =
            |what: &str, error: &reqwest::Error| ClientError::Unusable { what: what.to_owned(), cause: causes(error) };
        let mut trusted = Vec::new();
        for pem in &options.trusted {
            trusted.extend(Certificate::from_pem_bundle(pem).map_err(|error| unusable("the certificate", &error))?);
        }
        let builder = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .dns_resolver(LocalNames { localhost: options.localhost })
            .tls_certs_merge(trusted);
        let http = builder.build().map_err(|error| unusable("the HTTP client", &error))?;
        Ok(Self { http })
    }

    pub(crate) fn get(&self, url: &Url) -> RequestBuilder {
        self.http.get(url.clone())
    }

    pub(crate) fn post(&self, url: &Url) -> RequestBuilder {
        self.http.post(url.clone())
    }

    pub(crate) fn put(&self, url: &Url) -> RequestBuilder {
        self.http.put(url.clone())
    }

    pub(crate) fn patch(&self, url: &Url) -> RequestBuilder {
        self.http.patch(url.clone())
    }

    pub(crate) fn delete(&self, url: &Url) -> RequestBuilder {
        self.http.delete(url.clone())
    }

    /// Sends a request and reads the answer, whatever its status.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] when there is no whole answer.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Answer, ClientError> {
        let (http, request) = request.build_split();
        let unreachable = |url: String, error: &reqwest::Error| ClientError::Unreachable { url, cause: causes(error) };
        let request = request.map_err(|error| unreachable(String::new(), &error))?;
        let url = request.url().clone();
        let call = format!("{} {}", request.method(), url.path());
        let response = http.execute(request).await.map_err(|error| unreachable(url.to_string(), &error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.map_err(|error| unreachable(url.to_string(), &error))?;
        Ok(Answer { call, url, status, body, headers })
    }
}

impl Answer {
    #[cfg(test)]
    pub(crate) fn of_page(url: &str, body: &str) -> Self {
        let url = Url::parse(url).unwrap();
        Self { call: format!("GET {}", url.path()), url, status: 200, body: body.to_owned(), headers: HeaderMap::new() }
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// All values of a header, in order.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// Whether the status is one of success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The answer itself if it is a success.
    ///
    /// # Errors
    /// [`ClientError::Refused`] otherwise.
    pub fn success(self) -> Result<Self, ClientError> {
        if self.is_success() {
            return Ok(self);
        }
        Err(ClientError::Refused(Box::new(Refusal::read(self.call, self.status, &self.body))))
    }

    /// The body of a success, read from JSON.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when it is no success, [`ClientError::Unreadable`] when the body is something else.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        let answer = self.success()?;
        serde_json::from_str(&answer.body).map_err(|error| ClientError::Unreadable {
            url: answer.url.to_string(),
            cause: format!("{error} in {:?}", abridged(&answer.body)),
        })
    }
}

/// Resolves `localhost` and everything below it by itself, the rest as the system does.
#[derive(Debug)]
struct LocalNames {
    localhost: Option<String>,
}

impl Resolve for LocalNames {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str();
        let local = name == "localhost" || name.ends_with(".localhost");
        let wanted = match &self.localhost {
            Some(machine) if local => machine.clone(),
            None if local => Ipv4Addr::LOCALHOST.to_string(),
            _ => name.to_owned(),
        };
        Box::pin(async move {
            let found: Addrs = match wanted.parse::<IpAddr>() {
                Ok(address) => Box::new(std::iter::once(SocketAddr::new(address, 0))),
                Err(_) => Box::new(tokio::net::lookup_host((wanted, 0)).await?),
            };
            Ok(found)
        })
    }
}

/// An address that people wrote, parsed.
///
/// # Errors
/// [`ClientError::Unusable`] when it is none.
pub(crate) fn address(text: &str) -> Result<Url, ClientError> {
    Url::parse(text).map_err(|error| ClientError::Unusable { what: format!("{text:?}"), cause: error.to_string() })
}

/// `path` below `base`, whose own path is replaced.
pub(crate) fn below(base: &Url, path: &str) -> Result<Url, ClientError> {
    base.join(path).map_err(|error| ClientError::Unusable { what: format!("{path:?}"), cause: error.to_string() })
}

/// An error and what caused it, in one line.
fn causes(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        line = format!("{line}: {cause}");
        next = cause.source();
    }
    line
}

/// The beginning of a text, for messages.
pub(crate) fn abridged(text: &str) -> String {
    const LENGTH: usize = 400;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_below_localhost_are_this_machine() {
        let names = LocalNames { localhost: None };
        for name in ["localhost", "fork-1.localhost"] {
            let found: Vec<_> = names.resolve(name.parse().unwrap()).await.unwrap().collect();
            assert_eq!(found, [SocketAddr::from(([127, 0, 0, 1], 0))]);
        }
        let names = LocalNames { localhost: Some("10.0.0.7".to_owned()) };
        let found: Vec<_> = names.resolve("fork-1.localhost".parse().unwrap()).await.unwrap().collect();
        assert_eq!(found, [SocketAddr::from(([10, 0, 0, 7], 0))]);
    }
}
