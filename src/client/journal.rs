//! The journal: what crossed the tenant's boundaries, in (to the tenant and its fakes) and out (from the tenant), and what
//! a test expects of it. Secrets are shown as `***#` and six digits that tell whether two are the same.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use impostor::client::control::Control;
//! use impostor::client::journal::{Call, Expectation};
//! use impostor::client::transport::Transport;
//! use impostor::harness::Impostor;
//!
//! let impostor = Impostor::start().await?;
//! let control = Control::at(Transport::new()?, &impostor.url())?;
//! control.ask_tenant("GET", "/.well-known/jwks.json").await?;
//!
//! let journal = control.journal();
//! let keys = Expectation::of(Call::to("GET /.well-known/jwks.json")).exactly(1);
//! let tokens = Expectation::of(Call::to("POST /oauth/token")).never();
//! let verification = journal.verify(&[keys, tokens]).await?;
//! assert!(verification.satisfied, "{verification}");
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::control::Control;
use crate::client::error::ClientError;

pub use expectation::{Call, Expectation};
pub use verification::{Difference, NearMiss, Verdict, Verification};

mod expectation;
mod verification;

/// The journal of one tenant.
#[derive(Debug, Clone)]
pub struct Journal(Control);

/// One request with its answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// Counted up from 1, in the order of the answers.
    pub id: u64,
    /// When, by the tenant's clock, in ISO 8601.
    pub at: String,
    /// Milliseconds of real time until the answer began.
    pub took: f64,
    /// `in` or `out`.
    pub direction: String,
    /// `tenant`, a fake's name, or a host outside.
    pub party: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query; for what goes out the whole address.
    pub url: String,
    /// The path; below a fake as the fake sees it.
    pub path: String,
    /// The app that asked, where it said.
    pub client_id: Option<String>,
    /// What was asked.
    pub request: Half,
    /// The answer's status; none where no answer came.
    pub status: Option<u16>,
    /// What was answered.
    pub response: Half,
    /// Why no answer came.
    pub failure: Option<String>,
    /// The faults that fired.
    pub faults: Vec<FiredFault>,
}

/// Headers and body, one way.
#[derive(Debug, Clone, Deserialize)]
pub struct Half {
    /// By name in lower case; several of one name are a list.
    pub headers: Map<String, Value>,
    /// JSON as such, a form as an object, everything else as text; `null` where there is none.
    pub body: Value,
}

/// A fault that fired.
#[derive(Debug, Clone, Deserialize)]
pub struct FiredFault {
    /// By which the faults know it.
    pub id: String,
    /// What it does: `status`, `latency`, …
    pub kind: String,
}

#[derive(Deserialize)]
struct Entries {
    entries: Vec<Entry>,
}

impl Control {
    /// The tenant's journal.
    pub fn journal(&self) -> Journal {
        Journal(self.clone())
    }
}

impl Journal {
    /// The entries, newest first; `query` is what follows the `?`: `direction`, `party`, `method`, `path`, `status`,
    /// `client_id`, `after` (an id), `limit`, `wait` (seconds).
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the query is wrong.
    pub async fn entries(&self, query: &[(&str, &str)]) -> Result<Vec<Entry>, ClientError> {
        let Self(control) = self;
        let mut url = control.url("journal")?;
        url.query_pairs_mut().extend_pairs(query);
        let listed: Entries = control.transport.send(control.transport.get(&url)).await?.json()?;
        Ok(listed.entries)
    }

    /// One entry.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is none of that id, or no longer.
    pub async fn get(&self, id: u64) -> Result<Entry, ClientError> {
        let Self(control) = self;
        let url = control.below(&["journal", &id.to_string()])?;
        control.transport.send(control.transport.get(&url)).await?.json()
    }

    /// Forgets all entries; ids go on.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not.
    pub async fn clear(&self) -> Result<(), ClientError> {
        let Self(control) = self;
        control.transport.send(control.transport.delete(&control.url("journal")?)).await?.success().map(drop)
    }

    /// Holds expectations against the journal, in no particular order.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when they can't be; that they are not satisfied is no error.
    pub async fn verify(&self, expectations: &[Expectation]) -> Result<Verification, ClientError> {
        self.hold(&json!({ "expectations": expectations })).await
    }

    /// The same; the first call of each must come after the first of the one before.
    ///
    /// # Errors
    /// As [`Journal::verify`].
    pub async fn verify_in_order(&self, expectations: &[Expectation]) -> Result<Verification, ClientError> {
        self.hold(&json!({ "expectations": expectations, "in_order": true })).await
    }

    async fn hold(&self, body: &Value) -> Result<Verification, ClientError> {
        let Self(control) = self;
        control.transport.send(control.transport.post(&control.url("journal/verify")?).json(body)).await?.json()
    }
}
