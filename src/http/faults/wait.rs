//! Waiting in real time: how late an answer comes is I/O, and no tenant's clock moves it.

use std::time::Duration;

/// Returns when so much of the system's time has passed.
#[expect(clippy::disallowed_methods, reason = "how late an answer comes is real time, not a tenant's")]
pub(crate) async fn wait(duration: Duration) {
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}
