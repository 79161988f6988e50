//! What SAML costs: responses signed and taken a second, on one core. To be compared with `openssl speed rsa2048`: signing
//! with SHA-256 is to reach 70 % of its signatures a second.
//!
//! `cargo bench --bench saml`

use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use impostor::harness::bench_saml::BenchSaml;

#[expect(clippy::unwrap_used, reason = "a benchmark without its key has nothing to measure")]
static SAML: LazyLock<BenchSaml> = LazyLock::new(|| BenchSaml::new().unwrap());

fn main() {
    divan::main();
}

/// A response with its assertion signed: with SHA-256, and with SHA-1, the add-on's default.
#[divan::bench(args = [false, true])]
fn sign(bencher: Bencher<'_, '_>, sha1: bool) {
    LazyLock::force(&SAML);
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| SAML.sign(sha1));
}

/// The same response as a service provider takes it: read, verified, checked.
#[divan::bench]
fn take(bencher: Bencher<'_, '_>) {
    let response = SAML.sign(false);
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| assert!(SAML.take(&response)));
}
