//! The socket below everything: sends one request, follows nothing, keeps nothing.

use crate::client::answer::Answer;
use crate::client::error::ClientError;
use crate::client::names::LocalNames;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Certificate, Method, RequestBuilder, redirect};
use std::error::Error;
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
    bearer: Option<HeaderValue>,
}

/// What [`Transport`] should trust and where it finds local names.
#[derive(Debug, Clone, Default)]
pub struct TransportOptions {
    /// Certificate authorities to trust besides the system's, in PEM form.
    pub trusted: Vec<Vec<u8>>,
    /// The machine that `*.localhost` stands for; this one if `None`.
    pub localhost: Option<String>,
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
        Ok(Self { http, bearer: None })
    }

    /// Sends this as a bearer token wherever a request has no other: the control key of a server beyond loopback.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when no header can hold it.
    pub fn bearing(self, token: &str) -> Result<Self, ClientError> {
        let unusable =
            |_| ClientError::Unusable { what: "the key".to_owned(), cause: "no header can hold it".to_owned() };
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(unusable)?;
        bearer.set_sensitive(true);
        Ok(Self { bearer: Some(bearer), ..self })
    }

    pub(crate) fn request(&self, method: Method, url: &Url) -> RequestBuilder {
        self.http.request(method, url.clone())
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
        let mut request = request.map_err(|error| unreachable(String::new(), &error))?;
        if let Some(bearer) = &self.bearer {
            request.headers_mut().entry(AUTHORIZATION).or_insert_with(|| bearer.clone());
        }
        let url = request.url().clone();
        let call = format!("{} {}", request.method(), url.path());
        let response = http.execute(request).await.map_err(|error| unreachable(url.to_string(), &error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.map_err(|error| unreachable(url.to_string(), &error))?;
        Ok(Answer { call, url, status, body, headers })
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
