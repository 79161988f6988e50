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

/// Holds expectations against entries, which are in the order of their numbers; `in_order`, the first call of each must come
/// after the first of the one before. It takes a while where there are many of both: not for a thread that others wait for.
pub(crate) fn verify(expectations: &[Expectation], in_order: bool, entries: &[Arc<Entry>]) -> Vec<Verdict> {
    let readings: Vec<_> = entries.iter().map(|entry| Reading::of_request(entry)).collect();
    let mut after = 0;
    expectations
        .iter()
        .map(|expectation| {
            let from = if in_order { readings.partition_point(|reading| reading.entry.number <= after) } else { 0 };
            let counted = readings.split_at(from).1;
            let differences: Vec<_> =
                counted.iter().map(|reading| expectation.call.count_differences(reading)).collect();
            let matching = counted.iter().zip(&differences).filter(|(_, differences)| **differences == 0);
            let matching: Vec<_> = matching.map(|(reading, _)| reading.entry.number).collect();
            if let Some(first) = matching.first().filter(|_| in_order) {
                after = *first;
            }
            verdict(expectation, matching, counted, &differences)
        })
        .collect()
}

fn verdict(expectation: &Expectation, matching: Vec<u64>, counted: &[Reading<'_>], differences: &[usize]) -> Verdict {
    let satisfied = expectation.allows(matching.len());
    // Of too many calls none is missed.
    let too_few = !satisfied && !expectation.exceeded_by(matching.len());
    let near_misses = if too_few { near_misses(expectation, counted, differences) } else { Vec::new() };
    let expected = format!("{}: {}", expectation.call.described(), expectation.wanted());
    let reason = if satisfied { String::new() } else { reason(&expected, matching.len(), &near_misses) };
    Verdict { expected, satisfied, matched: matching.len(), entries: matching, near_misses, reason }
}

/// The calls that differ in the fewest places, newest first among equals; those that fit are none. Only those are told in
/// full: that is what takes time.
fn near_misses(expectation: &Expectation, counted: &[Reading<'_>], differences: &[usize]) -> Vec<NearMiss> {
    let missed = counted.iter().zip(differences).rev().filter(|(_, differences)| **differences > 0);
    let mut near: Vec<_> = missed.collect();
    near.sort_by_key(|(_, differences)| **differences);
    near.truncate(MOST);
    let told = |(reading, _): (&Reading<'_>, &usize)| NearMiss {
        id: reading.entry.number,
        call: format!("{} {}", reading.entry.method, mask::url(&reading.entry.uri.to_string())),
        differences: expectation.call.differences(reading),
    };
    near.into_iter().map(told).collect()
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
