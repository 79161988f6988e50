//! Faults: what is to go wrong, and where, for a test of what an app does then.
//!
//! A [`Fault`] says which requests it is about and what it does to them. Nothing goes wrong that no test asked for; a
//! fork begins without faults, and a reset takes them away.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use impostor::client::control::Control;
//! use impostor::client::faults::Fault;
//! use impostor::client::transport::Transport;
//! use impostor::harness::Impostor;
//!
//! let impostor = Impostor::start().await?;
//! let faults = Control::at(Transport::new()?, &impostor.url())?.faults();
//!
//! let fault = faults.add(&Fault::at("POST /oauth/token").status(503).times(2)).await?;
//! // … the app asks for a token, is turned away twice, and gets it the third time …
//! assert_eq!(faults.get(&fault.id).await?.fired, 0, "nobody asked yet");
//! faults.clear().await?;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

use serde::{Deserialize, Serialize};

use crate::client::control::Control;
use crate::client::error::ClientError;

pub use effect::Effect;

mod doing;
mod effect;
mod making;

/// Something that is to go wrong.
///
/// Begin with where: [`Fault::at`], [`Fault::upstream`], [`Fault::everywhere`], [`Fault::at_login`]. Go on with what
/// ([`Fault::status`], [`Fault::latency`], [`Fault::declines`], …; without any it is the status 500), and with how often
/// and about whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Which requests it is about.
    pub scope: Scope,
    /// What it does.
    pub effect: Effect,
    /// How many requests that fit pass first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after: u64,
    /// How often it fires; for ever if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How likely it fires, 0 to 1, drawn from the tenant's random source; always if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

/// Which requests a fault is about. What is given must all hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// Method (or none, for any) and path: `POST /oauth/token`, `/api/v2/*`, `GET /api/v2/users/{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The provider that is asked (`google`, …; `*` for any) instead of the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream: Option<String>,
    /// Who asks the provider: `tenant`, or `visitor` (a browser or an app).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The `client_id` of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// A `user_id`, an e-mail address, a user name, or `AT:ID` of an account at a provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// A fault that is on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FaultState {
    /// By which it is found again, in the journal as well.
    pub id: String,
    /// How often it fired.
    pub fired: u64,
    /// How many requests its scope fitted, whether it fired at them or not.
    pub fitted: u64,
    /// What was asked for.
    #[serde(flatten)]
    pub fault: Fault,
}

/// The faults of one tenant.
#[derive(Debug, Clone)]
pub struct Faults(Control);

#[derive(Deserialize)]
struct FaultList {
    faults: Vec<FaultState>,
}

impl Control {
    /// The tenant's faults.
    pub fn faults(&self) -> Faults {
        Faults(self.clone())
    }
}

impl Faults {
    /// Has something go wrong from now on.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the fault can't be; it says why.
    pub async fn add(&self, fault: &Fault) -> Result<FaultState, ClientError> {
        let Self(control) = self;
        control.transport.send(control.transport.post(&control.url("faults")?).json(fault)).await?.json()
    }

    /// Those that are on, in the order in which they were added.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn list(&self) -> Result<Vec<FaultState>, ClientError> {
        let Self(control) = self;
        let listed: FaultList = control.transport.send(control.transport.get(&control.url("faults")?)).await?.json()?;
        Ok(listed.faults)
    }

    /// One of them: how often did it fire?
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is none of that id.
    pub async fn get(&self, id: &str) -> Result<FaultState, ClientError> {
        let Self(control) = self;
        control.transport.send(control.transport.get(&control.below(&["faults", id])?)).await?.json()
    }

    /// Ends one; it is no mistake if it is gone already.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not.
    pub async fn remove(&self, id: &str) -> Result<(), ClientError> {
        let Self(control) = self;
        let request = control.transport.delete(&control.below(&["faults", id])?);
        control.transport.send(request).await?.success().map(drop)
    }

    /// Ends all.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not.
    pub async fn clear(&self) -> Result<(), ClientError> {
        let Self(control) = self;
        control.transport.send(control.transport.delete(&control.url("faults")?)).await?.success().map(drop)
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
