//! What a provider or the login is to do differently: asked at the place where it would. It lies in the request's
//! extensions, and is empty unless a test asked for faults.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use parking_lot::Mutex;

use crate::http::faults::effect::Effect;
use crate::http::faults::list::Faults;
use crate::http::faults::list::Fired;
use crate::http::faults::scope::Caller;
use crate::http::faults::scope::Subject;
use crate::http::faults::scope::Who;

/// Something that is done differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Declines,
    NoEmail,
    ChangedKeys,
    WrongKey,
    ClockSkew,
    WrongResponse,
    BruteForceBlock,
    BreachedPassword,
    Captcha,
}

/// The faults as the handler of one request may ask for them. Clones are of the same request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Behaviours(Option<Arc<Asked>>);

#[derive(Debug)]
struct Asked {
    faults: Faults,
    method: Method,
    path: String,
    upstream: Option<String>,
    caller: Caller,
    fired: Mutex<Vec<Fired>>,
}

impl Behaviours {
    /// Those for a request.
    pub(crate) fn of(faults: &Faults, subject: &Subject<'_>) -> Self {
        Self(Some(Arc::new(Asked {
            faults: faults.clone(),
            method: subject.method.clone(),
            path: subject.path.to_owned(),
            upstream: subject.upstream.map(str::to_owned),
            caller: subject.caller,
            fired: Mutex::default(),
        })))
    }

    /// Whether it is to be done differently now, for `who`; and as the fault says. Questions about the same `occasion` (a
    /// login, a token) have the same answer, and count once; an empty text is none.
    pub(crate) fn ask(&self, behaviour: Behaviour, who: &Who, occasion: &str) -> Option<Effect> {
        let asked = self.0.as_deref()?;
        let (upstream, path) = (asked.upstream.as_deref(), asked.path.as_str());
        let subject = Subject { method: &asked.method, path, upstream, caller: asked.caller };
        let fired = asked.faults.with(|entries, clock, _| {
            let mut fitting = entries.iter_mut().filter(|entry| {
                Behaviour::of(&entry.fault.effect) == Some(behaviour) && entry.fault.scope.fits(&subject)
            });
            let struck = fitting.find_map(|entry| entry.strikes_at(occasion, who, clock.now()).then_some(entry));
            struck.map(|entry| Arc::clone(&entry.fault))
        })?;
        let mut all = asked.fired.lock();
        if !all.iter().any(|known| known.id == fired.id) {
            all.push(fired.as_fired());
        }
        Some(fired.effect.clone())
    }

    /// As [`Behaviours::ask`], where nobody in particular is concerned.
    pub(crate) fn ask_of_all(&self, behaviour: Behaviour) -> Option<Effect> {
        self.ask(behaviour, &Who::default(), "")
    }

    /// Those that fired at this request so far.
    pub(crate) fn fired(&self) -> Vec<Fired> {
        self.0.as_ref().map(|asked| asked.fired.lock().clone()).unwrap_or_default()
    }
}

impl Behaviour {
    fn of(effect: &Effect) -> Option<Self> {
        Some(match effect {
            Effect::Declines {} => Self::Declines,
            Effect::NoEmail {} => Self::NoEmail,
            Effect::ChangedKeys {} => Self::ChangedKeys,
            Effect::WrongKey {} => Self::WrongKey,
            Effect::ClockSkew { .. } => Self::ClockSkew,
            Effect::WrongResponse { .. } => Self::WrongResponse,
            Effect::BruteForceBlock {} => Self::BruteForceBlock,
            Effect::BreachedPassword {} => Self::BreachedPassword,
            Effect::Captcha {} => Self::Captcha,
            _ => return None,
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Behaviours {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::faults::list::Fault;
    use crate::http::faults::strike::Said;
    use crate::time::Clock;
    use crate::time::Rng;

    #[test]
    fn an_occasion_counts_once_and_is_always_answered_alike() {
        let faults = Faults::new(Clock::default(), |_, trouble| Said::json(trouble.status, &json!({})));
        let scope = serde_json::from_value(json!({ "upstream": "google", "person": "ana@people.example" })).unwrap();
        let effect = Effect::NoEmail {};
        let once =
            Fault { id: "flt_1".into(), scope, effect: effect.clone(), after: 0, times: Some(1), probability: None };
        faults.add(once, Rng::new(Some(1))).unwrap();
        let subject =
            Subject { method: &Method::POST, path: "/token", upstream: Some("google"), caller: Caller::Tenant };
        let behaviours = Behaviours::of(&faults, &subject);
        let ana = Who { client: None, people: vec!["Ana@people.example".into()] };
        assert_eq!(behaviours.ask(Behaviour::NoEmail, &Who::default(), "first"), None);
        assert_eq!(behaviours.ask(Behaviour::NoEmail, &ana, "first"), Some(effect.clone()));
        assert_eq!(behaviours.ask(Behaviour::NoEmail, &ana, "first"), Some(effect));
        assert_eq!(behaviours.ask(Behaviour::NoEmail, &ana, "second"), None);
        assert_eq!(behaviours.ask(Behaviour::WrongKey, &ana, "third"), None);
        assert_eq!((faults.get("flt_1").unwrap().fired, behaviours.fired().len()), (1, 1));
        assert_eq!(Behaviours::default().ask(Behaviour::NoEmail, &ana, ""), None);
    }
}
