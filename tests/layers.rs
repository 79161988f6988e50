//! Rules about the code itself: which module uses which, and that nothing is listed that nobody uses.
//!
//! The arrows are those of the table "Who may use whom" in the house style. `time` is a base module, open to all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stand outside #[test] functions here")]

use std::fs;
use std::path::{Path, PathBuf};

/// What every part of the tenant stands on.
const BELOW_AUTHENTICATION: &[&str] =
    &["domain", "cell", "protocols", "keys", "http", "store", "scripts", "messages", "connections"];

/// Everything that `login` may show or change: the rows above it.
const BELOW_LOGIN: &[&str] =
    &["domain", "cell", "protocols", "keys", "http", "store", "scripts", "messages", "connections", "authentication"];

/// A module and the modules that it may name, besides itself and `time`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("domain", &[]),
    ("cell", &[]),
    ("protocols", &["keys"]),
    ("keys", &[]),
    ("http", &[]),
    ("store", &["domain", "cell"]),
    ("scripts", &["domain", "http"]),
    ("messages", &["domain", "http", "keys", "store"]),
    ("connections", &["domain", "protocols", "keys", "scripts", "http"]),
    ("authentication", BELOW_AUTHENTICATION),
    ("login", BELOW_LOGIN),
    ("management", &["domain", "keys", "store", "protocols", "connections", "scripts", "messages", "http"]),
    ("upstreams", &["cell", "protocols", "keys", "http"]),
    ("fixtures", &["domain", "store", "upstreams", "protocols", "keys"]),
    ("client", &["protocols"]),
    ("gherkin", &["client"]),
    ("dashboard", &["http"]),
];

/// The wiring: these use everything, and nothing below uses them.
const WIRING: &[&str] = &["server", "harness", "cli"];

/// The modules that may name `imbl`, the crate of the persistent maps.
const MAY_NAME_IMBL: &[&str] = &["cell", "store"];

#[test]
fn modules_use_only_what_they_may() {
    let mut faults = Vec::new();
    for (module, may_use) in MAY_USE {
        for file in sources_of(module) {
            for used in modules_named_in(&code(&file)) {
                let open = used == *module || used == "time" || may_use.contains(&used.as_str());
                if !open {
                    faults.push(format!("{} uses crate::{used}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_module_has_its_place_in_the_table() {
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let known = WIRING.contains(&module.as_str()) || MAY_USE.iter().any(|(name, _)| *name == module);
        assert!(known || ["lib", "main"].contains(&module.as_str()), "src/{module} is not in the table of modules");
    }
}

#[test]
fn a_path_shows_the_module_that_it_reaches_into() {
    let mut faults = Vec::new();
    for file in sources(&root().join("src")) {
        let code = code(&file);
        for written in ["super::super", "crate::{", "crate::*"] {
            if code.contains(written) {
                faults.push(format!("{} writes {written}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn nothing_is_exported_again_by_another_module() {
    let mut faults = Vec::new();
    for module in MAY_USE.iter().map(|(module, _)| module).chain(WIRING) {
        for file in sources_of(module) {
            for line in code(&file).lines().map(str::trim_start) {
                let exported = line.starts_with("pub").then(|| line.split_once(" use crate::")).flatten();
                let of_another = exported.filter(|(_, path)| first_word(path) != *module);
                if of_another.is_some() {
                    faults.push(format!("{}: {line}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn persistent_maps_are_named_by_the_cell_and_the_store_alone() {
    for module in MAY_USE.iter().map(|(module, _)| module).chain(WIRING) {
        if MAY_NAME_IMBL.contains(module) {
            continue;
        }
        for file in sources_of(module) {
            assert!(!names_crate(&code(&file), "imbl"), "{} names imbl", file.display());
        }
    }
}

#[test]
fn every_dependency_is_used() {
    let all: String = ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| sources(&root().join(folder)))
        .map(|file| code(&file))
        .collect();
    let unused: Vec<String> = dependencies().into_iter().filter(|name| !is_named_in(&all, name)).collect();
    assert!(unused.is_empty(), "listed in Cargo.toml and named nowhere: {}", unused.join(", "));
}

/// Whether the crate of a package is named. It is called as the package, with `_` or nothing (`md-5`) for each `-`.
fn is_named_in(code: &str, package: &str) -> bool {
    ["_", ""].iter().any(|joint| names_crate(code, &package.replace('-', joint)))
}

/// The names of all that Cargo.toml depends on, for building and for testing.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut names = Vec::new();
    let mut listing = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            listing = line.ends_with("dependencies]");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| listing && !line.starts_with([' ', '#'])) {
            names.push(name.trim().to_owned());
        }
    }
    names
}

/// Whether `code` has a path that begins with the crate `name`, and not with a module of ours that is called the same.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(start, _)| {
        let (before, from) = code.split_at(start);
        let after = from.strip_prefix(name).unwrap_or_default();
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let of_ours = ["crate::", "super::", "self::", "impostor::"].iter().any(|ours| before.ends_with(ours));
        let is_path = after.starts_with("::") || (before.ends_with("use ") && after.starts_with([';', ' ']));
        begins && !of_ours && is_path
    })
}

/// Each module that a path beginning with `crate::` reaches into, in the order of the text.
fn modules_named_in(code: &str) -> Vec<String> {
    code.split("crate::").skip(1).map(|path| first_word(path).to_owned()).filter(|module| !module.is_empty()).collect()
}

fn first_word(path: &str) -> &str {
    path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The text of a file without the lines that are comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |code, line| code + line + "\n")
}

/// The files of a module, whether it is a folder or one file. None where it isn't built yet.
fn sources_of(module: &str) -> Vec<PathBuf> {
    let alone = root().join("src").join(module).with_extension("rs");
    let mut files = sources(&root().join("src").join(module));
    files.extend(alone.is_file().then_some(alone));
    files
}

/// Every Rust file in a folder and below it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "node_modules") {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
