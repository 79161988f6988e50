//! What a test pays for a person who is signed in: a whole login that the harness walks, and a token without one. Both go
//! over a socket, from the call to the answer.
//!
//! `cargo bench --bench harness`

use divan::Bencher;
use divan::black_box;
use impostor::client::control::Control;
use impostor::client::logins::NewLogin;
use impostor::client::orders::TokenOrder;
use impostor::client::transport::Transport;
use impostor::harness::Impostor;
use tokio::runtime::Runtime;

const ALICE: &str = "alice@acme.example";
const API: &str = "https://api.acme.example/";

fn main() {
    divan::main();
}

/// A server, and how it is steered.
struct Served {
    runtime: Runtime,
    control: Control,
    _impostor: Impostor,
}

#[expect(clippy::unwrap_used, reason = "a benchmark without its server has nothing to measure")]
fn serve() -> Served {
    let runtime = Runtime::new().unwrap();
    let impostor = runtime.block_on(Impostor::start()).unwrap();
    let control = Control::at(Transport::new().unwrap(), impostor.url()).unwrap();
    // The keys are made at the first token.
    runtime.block_on(control.make_tokens(&TokenOrder::of(ALICE).audience(API))).unwrap();
    Served { runtime, control, _impostor: impostor }
}

/// `/authorize`, the login page, the password, the callback, the exchange, the check of the ID token.
#[divan::bench]
#[expect(clippy::unwrap_used, reason = "a login that fails measures nothing")]
fn login(bencher: Bencher<'_, '_>) {
    let served = serve();
    let login = NewLogin::of(ALICE).exchanging();
    bencher.bench_local(|| black_box(served.runtime.block_on(served.control.log_in(&login)).unwrap()));
}

/// An access token for an API and an ID token: two RS256 signatures.
#[divan::bench]
#[expect(clippy::unwrap_used, reason = "a token that is refused measures nothing")]
fn minted_tokens(bencher: Bencher<'_, '_>) {
    let served = serve();
    let order = TokenOrder::of(ALICE).audience(API);
    bencher.bench_local(|| black_box(served.runtime.block_on(served.control.make_tokens(&order)).unwrap()));
}
