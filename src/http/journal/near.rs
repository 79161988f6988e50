//! Expectations held against the journal; what nearly was what was expected, when something is not.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::journal::Entry;
use crate::http::journal::expectation::Difference;
use crate::http::journal::expectation::Expectation;
use crate::http::journal::mask;
use crate::http::journal::reading::Reading;

/// How many near misses are told.
const MOST: usize = 3;

/// How an expectation fared.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Verdict {
    /// The expectation in words.
    pub(crate) expected: String,
    pub(crate) satisfied: bool,
    /// How many calls were of the kind.
    pub(crate) matched: usize,
    /// Their ids, oldest first.
    pub(crate) entries: Vec<u64>,
    /// Where it is not satisfied: the calls that come closest.
    pub(crate) near_misses: Vec<NearMiss>,
    /// Why not, for people; empty where it is satisfied.
    pub(crate) reason: String,
}

/// A call that nearly was what was expected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct NearMiss {
    /// Its id in the journal.
    pub(crate) id: u64,
    /// Method and address.
    pub(crate) call: String,
    pub(crate) differences: Vec<Difference>,
}

/// Holds expectations against entries; `in_order`, the first call of each must come after the first of the one before.
pub(crate) fn verify(expectations: &[Expectation], in_order: bool, entries: &[Arc<Entry>]) -> Vec<Verdict> {
    let mut after = 0;
    expectations
        .iter()
        .map(|expectation| {
            let counted: Vec<_> = entries.iter().filter(|entry| !in_order || entry.number > after).cloned().collect();
            let matching = expectation.matching(&counted);
            if let Some(first) = matching.first().filter(|_| in_order) {
                after = first.number;
            }
            verdict(expectation, &matching, &counted)
        })
        .collect()
}

fn verdict(expectation: &Expectation, matching: &[Arc<Entry>], entries: &[Arc<Entry>]) -> Verdict {
    let satisfied = expectation.allows(matching.len());
    // Of too many calls none is missed.
    let too_few = !satisfied && !expectation.exceeded_by(matching.len());
    let near_misses = if too_few { near_misses(expectation, entries) } else { Vec::new() };
    let expected = format!("{}: {}", expectation.call.described(), expectation.wanted());
    let reason = if satisfied { String::new() } else { reason(&expected, matching.len(), &near_misses) };
    let ids = matching.iter().map(|entry| entry.number).collect();
    Verdict { expected, satisfied, matched: matching.len(), entries: ids, near_misses, reason }
}

/// The entries that differ in the fewest places, newest first among equals; those that fit are none.
fn near_misses(expectation: &Expectation, entries: &[Arc<Entry>]) -> Vec<NearMiss> {
    let mut near: Vec<NearMiss> = entries
        .iter()
        .rev()
        .map(|entry| NearMiss {
            id: entry.number,
            call: format!("{} {}", entry.method, mask::url(&entry.uri.to_string())),
            differences: expectation.call.differences(&Reading::of(entry)),
        })
        .filter(|miss| !miss.differences.is_empty())
        .collect();
    near.sort_by_key(|miss| miss.differences.len());
    near.truncate(MOST);
    near
}

fn reason(expected: &str, matched: usize, near_misses: &[NearMiss]) -> String {
    let mut reason = format!("expected {expected}; found {matched}");
    for miss in near_misses {
        let told = |difference: &Difference| {
            let Difference { at, expected, found } = difference;
            format!("{at} is {found}, not {expected}")
        };
        let differences: Vec<_> = miss.differences.iter().map(told).collect();
        let id = miss.id.to_string();
        reason.extend(["\n  near miss: #", &id, " ", &miss.call, ": ", &differences.join("; ")]);
    }
    reason
}
