//! What a search among 100,000 users costs: under 5 ms where an index names the users, under 300 ms in any case.
//!
//! `cargo bench --bench search`

use std::fmt;
use std::sync::LazyLock;

use divan::Bencher;
use divan::black_box;
use impostor::harness::bench::BenchTenant;

const USERS: usize = 100_000;

#[expect(clippy::unwrap_used, reason = "a benchmark without its tenant has nothing to measure")]
static TENANT: LazyLock<BenchTenant> = LazyLock::new(|| BenchTenant::with_users(USERS).unwrap());

fn main() {
    divan::main();
}

/// A query, how many it finds, and in which order they are wanted.
struct Search(&'static str, usize, Option<&'static str>);

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(everybody)" } else { self.0 })?;
        self.2.map_or(Ok(()), |sort| write!(f, " by {sort}"))
    }
}

const INDEXED: &[Search] = &[
    Search("user_id:\"auth0|77777\"", 1, None),
    Search("email:\"User77777@people.example\"", 1, None),
    Search("identities.user_id:77777", 1, None),
    Search("email:\"user1@people.example\" OR email:\"user2@people.example\"", 2, None),
    Search("email:\"user50@people.example\" AND app_metadata.plan:full", 1, None),
];

const ANY: &[Search] = &[
    Search("", USERS, None),
    Search("", USERS, Some("email:-1")),
    Search("logins_count:[10 TO 20}", 20_000, Some("last_login:1")),
    Search("name:*7777*", 19, None),
    Search("user7777@people.example", 1, None),
    Search("email.domain:\"people.example\"", USERS, Some("name:1")),
    Search("user_metadata.addresses.city:\"City 42\"", 1_000, None),
    Search("NOT (app_metadata.roles:team-7* OR user_metadata.color:red) AND _exists_:app_metadata.plan", 59_265, None),
];

fn run(bencher: Bencher<'_, '_>, Search(query, expected, sort): &Search) {
    assert_eq!(TENANT.search(query, *sort), Ok(*expected), "{query}");
    bencher.bench_local(|| black_box(TENANT.search(query, *sort)));
}

#[divan::bench(args = INDEXED)]
fn indexed(bencher: Bencher<'_, '_>, search: &Search) {
    run(bencher, search);
}

#[divan::bench(args = ANY, sample_count = 20)]
fn any(bencher: Bencher<'_, '_>, search: &Search) {
    run(bencher, search);
}
