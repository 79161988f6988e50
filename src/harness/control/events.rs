//! What happens as it happens: journal, outbox and tenant log as server-sent events (HTML Living Standard §9.2).
#![expect(unused_qualifications, reason = "the derived description names what it needs in full")]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::Event;
use axum::response::sse::KeepAlive;
use axum::response::sse::Sse;
use futures_util::stream;
use serde::Deserialize;
use serde::Serialize;
use tokio::sync::watch;
use utoipa::IntoParams;

use crate::harness::control::crossing::Crossing;
use crate::harness::control::error::ControlError;
use crate::management::logs;
use crate::server::service::Service;
use crate::server::site::Site;
use crate::server::usage::InUse;

/// How often a silent stream says that it is alive.
const PULSE: Duration = Duration::from_secs(15);

/// The sources that there are.
const SOURCES: [&str; 3] = ["journal", "outbox", "logs"];

/// Which events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// `journal`, `outbox`, `logs`, with commas between; all of them, if not given.
    of: Option<String>,
}

/// How far a reader has come: the number of the last entry and of the last log event, and the last message's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Position {
    journal: u64,
    logs: u64,
    outbox: String,
}

/// A reader of the stream.
struct Reader {
    site: Site,
    wanted: Vec<String>,
    position: Position,
    ready: VecDeque<Event>,
    journal: watch::Receiver<()>,
    tenant: watch::Receiver<()>,
    stopping: watch::Receiver<bool>,
    /// Changes when the tenant is removed.
    ended: watch::Receiver<bool>,
    /// A fork that somebody listens to is not let go of.
    #[expect(dead_code, reason = "held, not read")]
    in_use: InUse,
}

/// A stream of events named `journal`, `outbox` and `logs`, from now on, or from after `Last-Event-ID`. Their data are
/// those of the lists. A reader who is too slow misses what is no longer kept, and is told how many by an event `missed`.
#[utoipa::path(get, path = "/events", tag = "events", params(EventsQuery), responses((status = 200, description = "`text/event-stream`"), ControlError))]
pub(super) async fn listen(
    site: Site,
    service: Service,
    headers: HeaderMap,
    query: Result<Query<EventsQuery>, QueryRejection>,
) -> Result<impl IntoResponse, ControlError> {
    let Query(query) = query.map_err(|error| ControlError::Invalid(error.body_text()))?;
    let wanted: Vec<String> = match &query.of {
        Some(of) => of.split(',').map(|name| name.trim().to_owned()).collect(),
        None => SOURCES.map(str::to_owned).to_vec(),
    };
    if let Some(unknown) = wanted.iter().find(|name| !SOURCES.contains(&name.as_str())) {
        let message = format!("\"of\" takes {}, not \"{unknown}\"", SOURCES.join(", "));
        return Err(ControlError::Invalid(message));
    }
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(Position::parse);
    let (journal, tenant, stopping) = (site.journal.changes(), site.tenant.changes(), service.stopping());
    let position = last.unwrap_or_else(|| Position::now(&site));
    let (in_use, ended) = (site.usage.hold(), site.usage.ended());
    let reader = Reader { in_use, ended, site, wanted, position, ready: VecDeque::new(), journal, tenant, stopping };
    let events = stream::unfold(reader, |mut reader| async move {
        reader.next().await.map(|event| (Ok::<_, Infallible>(event), reader))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(PULSE)))
}

impl Position {
    fn now(site: &Site) -> Self {
        let state = site.tenant.read();
        Self {
            journal: site.journal.last(),
            logs: state.logs.last().map(|(number, _)| *number).unwrap_or_default(),
            outbox: state.outbox.last().map(|message| message.id.clone()).unwrap_or_default(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (journal, logs) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { journal, logs, outbox: parts.next()?.to_owned() })
    }

    fn written(&self) -> String {
        format!("{}.{}.{}", self.journal, self.logs, self.outbox)
    }
}

impl Reader {
    /// The next event; none when the server stops or the tenant is removed.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            self.collect();
            if !self.ready.is_empty() {
                continue;
            }
            tokio::select! {
                changed = self.journal.changed() => changed.ok()?,
                changed = self.tenant.changed() => changed.ok()?,
                _ = self.stopping.changed() => return None,
                _ = self.ended.changed() => return None,
            }
        }
    }

    fn collect(&mut self) {
        let state = self.site.tenant.read();
        // A server that was started again counts from 1.
        self.position.journal = self.position.journal.min(self.site.journal.last());
        let newer = self.site.journal.after(self.position.journal);
        self.tell_missed("journal", self.position.journal, newer.first().map(|entry| entry.number));
        for entry in newer {
            self.position.journal = entry.number;
            self.tell("journal", &Crossing::of(&entry));
        }
        let seen = &self.position.outbox;
        let newer: Vec<_> = state.outbox.iter().rev().take_while(|message| message.id != *seen).cloned().collect();
        for message in newer.into_iter().rev() {
            self.position.outbox.clone_from(&message.id);
            self.tell("outbox", &*message);
        }
        // After a reset the log counts from where its fixture ends.
        self.position.logs = self.position.logs.min(state.logs.last().map_or(0, |(number, _)| *number));
        let newer = state.logs.iter().rev().take_while(|(number, _)| *number > self.position.logs);
        let newer: Vec<_> = newer.cloned().collect();
        self.tell_missed("logs", self.position.logs, newer.last().map(|(number, _)| *number));
        for (number, event) in newer.into_iter().rev() {
            self.position.logs = number;
            self.tell("logs", &logs::view(&state, number, &event));
        }
    }

    /// Says that something was no longer kept when this reader came to it: a `missed` event.
    fn tell_missed(&mut self, of: &'static str, seen: u64, next: Option<u64>) {
        let missed = next.map_or(0, |next| next.saturating_sub(seen + 1));
        let wanted = self.wanted.iter().any(|wanted| wanted == of);
        let data = serde_json::json!({ "of": of, "missed": missed });
        if wanted
            && missed > 0
            && let Ok(event) = Event::default().event("missed").id(self.position.written()).json_data(data)
        {
            self.ready.push_back(event);
        }
    }

    fn tell(&mut self, name: &'static str, data: &impl Serialize) {
        if !self.wanted.iter().any(|wanted| wanted == name) {
            return;
        }
        if let Ok(event) = Event::default().event(name).id(self.position.written()).json_data(data) {
            self.ready.push_back(event);
        }
    }
}
