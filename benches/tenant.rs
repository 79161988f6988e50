//! What a tenant's size costs: forking and looking up must not grow with the number of users.
//!
//! `cargo bench`

use std::cell::Cell;

use divan::Bencher;
use divan::black_box;
use impostor::harness::bench::BenchTenant;

const SIZES: &[usize] = &[1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

#[expect(clippy::unwrap_used, reason = "a benchmark without its tenant has nothing to measure")]
fn tenant(users: usize) -> BenchTenant {
    BenchTenant::with_users(users).unwrap()
}

/// Numbers below `users` that jump about, so that no lookup finds what the one before it had in the cache.
fn numbers(users: usize) -> impl Fn() -> usize {
    let next = Cell::new(0usize);
    move || {
        next.set(next.get().wrapping_add(7_919) % users);
        next.get()
    }
}

/// A tenant of its own; what becomes of it afterwards is not timed.
#[divan::bench(args = SIZES)]
fn fork(bencher: Bencher<'_, '_>, users: usize) {
    let tenant = tenant(users);
    bencher.bench_local(|| tenant.fork());
}

#[divan::bench(args = SIZES)]
fn user_by_id(bencher: Bencher<'_, '_>, users: usize) {
    let (tenant, number) = (tenant(users), numbers(users));
    bencher.bench_local(|| assert!(black_box(tenant.has_id(number()))));
}

#[divan::bench(args = SIZES)]
fn user_by_email(bencher: Bencher<'_, '_>, users: usize) {
    let (tenant, number) = (tenant(users), numbers(users));
    bencher.bench_local(|| assert!(black_box(tenant.has_email(number()))));
}
