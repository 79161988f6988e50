//! A `wiremock` server in front of a fake.

use std::sync::Arc;

use wiremock::Mock;
use wiremock::MockServer;
use wiremock::Request;
use wiremock::ResponseTemplate;
use wiremock::matchers::any;

use crate::http::fronts::UNMATCHED;

/// After every mock that a test mounts.
const LAST: u8 = u8::MAX;

/// A provider as the tenant and the browser reach it: the test's mocks first, then the fake.
///
/// Paths are those below the fake: Google's token endpoint is `/token`. What was expected of a mock with
/// [`wiremock::Mock::expect`] is verified when the [`crate::harness::Impostor`] is dropped.
#[derive(Clone)]
pub struct Upstream {
    server: Arc<MockServer>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        let unmatched = ResponseTemplate::new(404).insert_header(UNMATCHED, "1");
        Mock::given(any()).respond_with(unmatched).with_priority(LAST).mount(&server).await;
        Self { server: Arc::new(server) }
    }

    pub(crate) fn base(&self) -> String {
        self.server.uri()
    }

    /// Puts a mock in front of the fake. Requests that it does not match go on to the next one, and at last to the fake.
    pub async fn mount(&self, mock: Mock) {
        mock.mount(&self.server).await;
    }

    /// Every request for the provider since its first mock, those that went on to the fake included.
    pub async fn received_requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap_or_default()
    }
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upstream({})", self.server.uri())
    }
}
