//! Impostor: a local identity server that passes for an Auth0 tenant, together with the identity providers behind it.
//!
//! An app under test is pointed at it by changing a domain; what the app, its SDK, its browser test and its admin
//! scripts do against the real service works here, offline, in milliseconds, and repeatably. It is independent of
//! Auth0, Google and Meta, and for tests only.
//!
//! In a Rust test, [`harness::Impostor::start`] gives a server of its own; [`client`] talks to one from outside, as a
//! browser, an app or an admin script does; [`gherkin`] runs features against one.
//!
//! # Two roles, never mixed
//!
//! *The tenant* is an identity provider to the app and a relying party of *the upstreams*, the fakes. It reaches them
//! only through the protocols that they speak, so that a fake can be swapped for the real thing by changing a URL, and
//! is usable by apps that talk to Google directly.
//!
//! # The map of the modules
//!
//! | module | holds |
//! | --- | --- |
//! | `time`, `cell` | what may be frozen, moved and seeded; a value copied on write, read by snapshot, forked in O(1) |
//! | `domain` | what a tenant knows, and the rules over it: plain values and pure functions |
//! | `protocols`, `keys` | messages parsed and printed; keys made lazily, signed and verified with |
//! | `http` | web plumbing that knows neither tenants nor providers |
//! | `store` | a tenant's tables with their indexes and uniqueness rules; the one way to change them |
//! | `scripts` | users' own JavaScript, run in a sandbox without files and network |
//! | `connections` | the tenant as relying party: one strategy a file, ending in a raw profile |
//! | `authentication`, `login` | OAuth 2.0 and OpenID Connect; the pages of Universal Login |
//! | `management` | the Management API: one resource a file, each operation mounted with its scopes |
//! | `upstreams` | the fakes: each a small server of somebody else's protocol |
//! | `fixtures` | a tenant as files, read with positions |
//! | `client`, `gherkin` | a browser, an app and an admin script from outside; the step library over them |
//! | `server`, `harness`, `cli` | wiring: listeners and hosts, the in-process server and the control API, commands |
//!
//! Who may use whom is checked by `tests/layers.rs`: what a module may not use, it gets as an argument.
//!
//! # The walk of a login
//!
//! ```text
//! app ── /authorize ──▶ transaction ──▶ Universal Login ──▶ connection ──▶ upstream (its own wire protocol)
//!                                                                             │ raw profile, as that provider words it
//!  domain::profile::normalize ◀───────────────────────────────────────────────┘
//!    └▶ NormalizedProfile ── profile::cache::refresh ──▶ SignedIn {user, transient attributes}
//!         └▶ session ──▶ domain::claims, domain::tokens ──▶ signed token ──▶ app
//! ```
//!
//! One direction, one module a step, one type between two steps:
//!
//! | # | where | takes | gives |
//! | --- | --- | --- | --- |
//! | 1 | `authentication::authorize` | a query or a form | an `AuthorizationRequest`, then a `Transaction` whose client and redirect are trusted |
//! | 2 | `login`, `connections` | the person's choice | a redirect to the upstream; state and nonce are kept |
//! | 3 | `connections` | the callback | a `RawProfile`: what the upstream said, unread |
//! | 4 | `domain::profile` | the raw profile | a `NormalizedProfile` with its trace |
//! | 5 | `domain::profile::cache` | the user so far, the sync policy, `now` | `SignedIn`, inside one write |
//! | 6 | `store` | `SignedIn` | session and log rows, in the same write |
//! | 7 | `domain::claims`, `domain::tokens` | user, scopes, client, API | claims of the ID token and the access token |
//! | 8 | `keys` | claims | a compact JWT, in the answer of `authentication::token` |
//!
//! # State
//!
//! All that a tenant knows is one value in two halves, the tenant's and the fakes', built from persistent maps: a fork,
//! a reset and a snapshot cost the same however many users there are. A read works on a snapshot without locks; a write
//! is a closure over a private copy that becomes current at once or not at all.

// One line a module; who may use whom is checked by `tests/layers.rs`.
mod authentication;
mod cell;
#[doc(hidden)]
pub mod cli;
pub mod client;
mod connections;
mod domain;
mod fixtures;
pub mod gherkin;
pub mod harness;
mod http;
mod keys;
mod login;
mod management;
mod messages;
mod protocols;
mod scripts;
mod server;
mod store;
mod time;
mod upstreams;
