//! Every crate that is linked has a licence that we may ship under, or at least one of those that it offers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests stand outside #[test] functions here"
)]

use std::process::Command;

use serde_json::Value;

/// Licences that ask for no more than a notice. `MPL-2.0` binds its own files only.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "MPL-2.0+",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn every_dependency_has_a_licence_that_we_allow() {
    let mut refused = Vec::new();
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or_default().to_owned();
        if !is_allowed(&licence) {
            refused.push(format!("{} {}: {licence:?}", package["name"], package["version"]));
        }
    }
    assert!(refused.is_empty(), "\n{}", refused.join("\n"));
}

#[test]
fn of_alternatives_one_must_be_allowed_and_of_a_sum_all() {
    fn check(licence: &str, allowed: bool) {
        assert_eq!(is_allowed(licence), allowed, "{licence}");
    }
    check("MIT", true);
    check("MIT/Apache-2.0", true);
    check("GPL-3.0 OR MIT", true);
    check("ISC AND (Apache-2.0 OR ISC)", true);
    check("(Apache-2.0 OR MIT) AND GPL-3.0", false);
    check("(MIT AND GPL-3.0) OR GPL-2.0", false);
    check("Apache-2.0 WITH LLVM-exception", true);
    check("GPL-3.0", false);
    check("", false);
}

/// The packages built for this machine, as `cargo metadata` tells of them; from what is downloaded, over no network.
fn packages() -> Vec<Value> {
    let cargo = std::env!("CARGO");
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether an SPDX expression (or the older form with slashes) can be met by [`ALLOWED`] alone.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    alternatives(&mut words) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn alternatives(words: &mut Words<'_>) -> bool {
    let mut allowed = sum(words);
    while words.next_if_eq(&"OR").is_some() {
        allowed |= sum(words);
    }
    allowed
}

fn sum(words: &mut Words<'_>) -> bool {
    let mut allowed = one(words);
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words);
    }
    allowed
}

/// A licence, with or without an exception (which only ever allows more), or an expression in brackets.
fn one(words: &mut Words<'_>) -> bool {
    match words.next() {
        Some("(") => {
            let allowed = alternatives(words);
            words.next_if_eq(&")").is_some() && allowed
        }
        Some(licence) => {
            if words.next_if_eq(&"WITH").is_some() {
                words.next();
            }
            ALLOWED.contains(&licence)
        }
        None => false,
    }
}
