//! How expectations fared.

use serde::Deserialize;
use std::fmt;

/// How all of them fared. Display tells why they are not satisfied, near misses included.
#[derive(Debug, Clone, Deserialize)]
pub struct Verification {
    /// Whether all are satisfied.
    pub satisfied: bool,
    /// One an expectation, in their order.
    pub verdicts: Vec<Verdict>,
}

/// How one fared.
#[derive(Debug, Clone, Deserialize)]
pub struct Verdict {
    /// The expectation in words.
    pub expected: String,
    /// Whether it is satisfied.
    pub satisfied: bool,
    /// How many calls were of the kind.
    pub matched: usize,
    /// Their ids, oldest first.
    pub entries: Vec<u64>,
    /// Where it is not satisfied: the calls that come closest.
    pub near_misses: Vec<NearMiss>,
    /// Why it is not satisfied, for people.
    pub reason: String,
}

/// A call that nearly was what was expected.
#[derive(Debug, Clone, Deserialize)]
pub struct NearMiss {
    /// Its id in the journal.
    pub id: u64,
    /// Method and address.
    pub call: String,
    /// What it differs in.
    pub differences: Vec<Difference>,
}

/// What a call differs in. Secrets are masked.
#[derive(Debug, Clone, Deserialize)]
pub struct Difference {
    /// `method`, `path`, `query.state`, `body.grant_type`, …
    pub at: String,
    /// What was expected there.
    pub expected: String,
    /// What was there.
    pub found: String,
}

impl fmt::Display for Verification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.satisfied {
            return formatter.write_str("all as expected");
        }
        let reasons = self.verdicts.iter().filter(|verdict| !verdict.satisfied).map(|verdict| verdict.reason.as_str());
        formatter.write_str(&reasons.collect::<Vec<_>>().join("\n"))
    }
}
