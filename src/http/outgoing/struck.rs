//! Outgoing requests that faults strike, whoever they go to.

use std::io;

use axum::body::Bytes;
use axum::http::Method;
use axum::http::Request;

use crate::http::faults::behaviours::Behaviours;
use crate::http::faults::body::garbage;
use crate::http::faults::body::time_to_drip;
use crate::http::faults::list::Faults;
use crate::http::faults::list::Fired;
use crate::http::faults::scope::Caller;
use crate::http::faults::scope::Subject;
use crate::http::faults::scope::Who;
use crate::http::faults::shown;
use crate::http::faults::strike::Distortion;
use crate::http::faults::strike::Instead;
use crate::http::faults::strike::Strike;
use crate::http::faults::wait::wait;
use crate::http::outgoing::Answer;
use crate::http::outgoing::Counterpart;
use crate::http::outgoing::Outgoing;
use crate::http::outgoing::OutgoingError;
use crate::http::outgoing::PATIENCE;
use crate::http::outgoing::Place;
use crate::http::outgoing::Resolver;

/// What faults call the directory, as the tenant's connector reaches it.
pub(crate) const DIRECTORY: &str = "ad";

/// What came of a request, and the faults that fired on its way.
pub(super) struct Struck {
    pub(super) answer: Result<Answer, OutgoingError>,
    pub(super) fired: Vec<Fired>,
}

impl Outgoing {
    /// As [`Outgoing::send`], with what goes wrong on purpose.
    pub(super) async fn send_struck(
        &self,
        (faults, resolver): (&Faults, Resolver),
        place: Place,
        mut request: Request<Bytes>,
    ) -> Struck {
        let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let Some((upstream, path)) = whose(&path, request.extensions().get()) else {
            return Struck { answer: self.ask(place, request).await, fired: Vec::new() };
        };
        let subject = Subject { method: &method, path, upstream: Some(upstream), caller: Caller::Tenant };
        let who = if faults.ask_who(&subject) { self.who(resolver, upstream, &request) } else { Who::default() };
        let Strike { mut fired, delay, instead, distortion } = faults.strike(&subject, &who);
        let behaviours = Behaviours::of(faults, &subject);
        request.extensions_mut().insert(behaviours.clone());
        wait(delay.min(PATIENCE)).await;
        let answer = match instead {
            _ if delay >= PATIENCE => Err("operation timed out"),
            Some(Instead::Answer(said)) => Ok(Answer { status: said.status, headers: said.headers, body: said.body }),
            Some(Instead::Reset) => Err("connection reset by peer"),
            Some(Instead::Down) => Err("connection refused"),
            None => match self.ask(place, request).await {
                Ok(answer) => distorted(answer, distortion).await,
                Err(error) => return Struck { answer: Err(error), fired },
            },
        };
        fired.extend(behaviours.fired());
        let answer = answer.map_err(|cause| OutgoingError::NoAnswer { host, cause: cause.to_owned() });
        Struck { answer, fired }
    }

    /// Why nobody answers at the directory on purpose: of a connection over which LDAP is spoken, all that can go wrong is
    /// that it does not come about, or late.
    pub(super) async fn directory_trouble(&self) -> Option<io::Error> {
        let (faults, _) = self.faults.as_ref().filter(|(faults, _)| !faults.is_empty())?;
        let subject =
            Subject { method: &Method::CONNECT, path: "/", upstream: Some(DIRECTORY), caller: Caller::Tenant };
        let Strike { delay, instead, .. } = faults.strike(&subject, &Who::default());
        wait(delay.min(PATIENCE)).await;
        match instead {
            _ if delay >= PATIENCE => Some(io::ErrorKind::TimedOut.into()),
            Some(Instead::Reset) => Some(io::ErrorKind::ConnectionReset.into()),
            Some(Instead::Down | Instead::Answer(_)) => Some(io::ErrorKind::ConnectionRefused.into()),
            None => None,
        }
    }

    /// By the codes and tokens that the tenant shows the fake; of another server only the client is known.
    fn who(&self, resolver: Resolver, upstream: &str, request: &Request<Bytes>) -> Who {
        let (headers, query) = (request.headers(), request.uri().query().unwrap_or_default());
        let found = resolver(&self.extensions, upstream, &shown::of(headers, query, request.body()));
        let client = shown::client(headers, query, request.body()).or(found.client);
        Who { client, people: found.people }
    }
}

/// The answer as it comes in; or why it does not.
async fn distorted(answer: Answer, distortion: Option<Distortion>) -> Result<Answer, &'static str> {
    match distortion {
        None => Ok(answer),
        Some(Distortion::Truncate(_)) => Err("the connection ended before the answer did"),
        Some(Distortion::Garbage { bytes, key }) => {
            Ok(Answer { body: garbage(answer.body.len(), bytes, key), ..answer })
        }
        Some(Distortion::Drip { bytes, every }) => {
            let takes = time_to_drip(answer.body.len(), bytes, every);
            wait(takes.min(PATIENCE)).await;
            if takes < PATIENCE { Ok(answer) } else { Err("operation timed out") }
        }
    }
}

/// The provider that a request goes to, and the path there: below the fake's place, or the whole one. `None` when it goes
/// to no provider.
fn whose<'a>(path: &'a str, counterpart: Option<&Counterpart>) -> Option<(&'a str, &'a str)> {
    let embedded = path.strip_prefix("/_upstreams/").and_then(|below| below.find('/').map(|end| below.split_at(end)));
    match (embedded, counterpart) {
        (Some((_, rest)), Some(Counterpart(name))) => Some((name, rest)),
        (Some((name, rest)), None) => Some((name, rest)),
        (None, Some(Counterpart(name))) => Some((name, path)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::any;
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::http::faults::list::Fault;
    use crate::http::faults::strike::Said;
    use crate::time::Clock;
    use crate::time::Rng;

    async fn ask(effect: Value) -> Result<String, String> {
        let faults = Faults::new(Clock::default(), |_, trouble| Said::json(trouble.status, &json!("in its words")));
        let scope = serde_json::from_value(json!({ "upstream": "google", "endpoint": "POST /token" })).unwrap();
        let effect = serde_json::from_value(effect).unwrap();
        let fault = Fault { id: "flt_1".into(), scope, effect, after: 0, times: None, probability: None };
        faults.add(fault, Rng::new(Some(1))).unwrap();
        let fake = Router::new().route("/_upstreams/google/token", any(async || "a token"));
        let outgoing = Outgoing::new(fake).struck_by(faults, |_, _, _| Who::default());
        let request = Request::post("http://localhost:1/_upstreams/google/token").body(Bytes::new()).unwrap();
        let answer = outgoing.send(Place::Embedded, request).await.map_err(|error| error.to_string())?;
        Ok(format!("{} {}", answer.status.as_u16(), String::from_utf8_lossy(&answer.body)))
    }

    #[tokio::test]
    async fn the_back_channel_is_struck_like_a_network() {
        let told = |cause: &str| Err(format!("get an answer from localhost:1: {cause}"));
        assert_eq!(ask(json!({ "kind": "status", "status": 503 })).await.unwrap(), "503 \"in its words\"");
        assert_eq!(ask(json!({ "kind": "reset" })).await, told("connection reset by peer"));
        assert_eq!(ask(json!({ "kind": "down" })).await, told("connection refused"));
        assert_eq!(ask(json!({ "kind": "truncate" })).await, told("the connection ended before the answer did"));
        assert_eq!(ask(json!({ "kind": "latency", "milliseconds": 1 })).await.unwrap(), "200 a token");
        assert_eq!(ask(json!({ "kind": "drip", "bytes": 9, "every_milliseconds": 1 })).await.unwrap(), "200 a token");
        let garbage = ask(json!({ "kind": "garbage" })).await.unwrap();
        assert!(garbage.starts_with("200 ") && garbage != "200 a token", "{garbage}");
    }

    #[test]
    fn a_provider_is_known_by_its_place_or_by_its_connection() {
        assert_eq!(whose("/_upstreams/google/token", None), Some(("google", "/token")));
        assert_eq!(whose("/oauth/token", Some(&Counterpart("oidc"))), Some(("oidc", "/oauth/token")));
        assert_eq!(whose("/_upstreams/google/token", Some(&Counterpart("oidc"))), Some(("oidc", "/token")));
        assert_eq!(whose("/hook", None), None);
    }
}
