//! Brings one thing after the other, and remembers under which id the target has it.

use std::collections::HashMap;

use serde_json::Map;
use serde_json::Value;

use crate::cli::error::CliError;
use crate::cli::seed::difference::difference;
use crate::cli::seed::report::Outcome;
use crate::cli::seed::report::Report;
use crate::cli::target::Target;
use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::client::management::Management;

/// How many items of a list are asked for at a time.
const PAGE: usize = 100;

/// A seeding under way.
pub(super) struct Seeder {
    pub(super) management: Management,
    pub(super) control: Control,
    /// The identifier of the target's Management API.
    pub(super) management_audience: String,
    pub(super) is_dry: bool,
    pub(super) report: Report,
    /// What the target calls a thing, by its kind and the fixture's id for it.
    ids: HashMap<(&'static str, String), String>,
}

/// A thing of the fixture that a target may have.
pub(super) struct Thing<'a> {
    /// As the report calls it.
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    /// The fixture's id for it.
    pub(super) own_id: &'a str,
    /// Where such things are created, below the API.
    pub(super) path: &'static str,
    /// What the API calls the id.
    pub(super) id_key: &'static str,
    /// The thing as the target has it.
    pub(super) found: Option<&'a Value>,
    /// All settings that a creation takes.
    pub(super) wanted: Map<String, Value>,
    /// Those of them that a change doesn't take.
    pub(super) fixed: &'a [&'a str],
}

impl Seeder {
    pub(super) fn new(management: Management, target: &Target, is_dry: bool) -> Result<Self, CliError> {
        let management_audience = format!("{}/api/v2/", target.url.trim_end_matches('/'));
        let control = target.control()?;
        let (report, ids) = (Report::default(), HashMap::new());
        Ok(Self { management, control, management_audience, is_dry, report, ids })
    }

    /// Creates a thing that the target hasn't, or changes what differs. A refusal is noted, and the rest goes on.
    ///
    /// # Errors
    /// When the target is gone.
    pub(super) async fn bring(&mut self, thing: Thing<'_>) -> Result<Option<Value>, ClientError> {
        let Thing { kind, name, own_id, path, id_key, found, mut wanted, fixed } = thing;
        let Some(found) = found else {
            return self.create(kind, (name, own_id), (path, id_key), wanted).await;
        };
        let id = text(found, id_key).to_owned();
        self.ids.insert((kind, own_id.to_owned()), id.clone());
        wanted.retain(|key, _| !fixed.contains(&key.as_str()));
        let change = difference(found.as_object().unwrap_or(&Map::new()), &wanted);
        if change.is_empty() {
            self.report.add(kind, name, Outcome::Left);
            return Ok(Some(found.clone()));
        }
        let changed = Outcome::Changed(change.keys().cloned().collect());
        let answer = if self.is_dry {
            Ok(found.clone())
        } else {
            self.management.change("PATCH", &[path, &id], &change.into()).await
        };
        self.note(kind, name, changed, answer)
    }

    async fn create(
        &mut self,
        kind: &'static str,
        (name, own_id): (&str, &str),
        (path, id_key): (&'static str, &str),
        wanted: Map<String, Value>,
    ) -> Result<Option<Value>, ClientError> {
        if self.is_dry {
            self.ids.insert((kind, own_id.to_owned()), own_id.to_owned());
            self.report.add(kind, name, Outcome::Created);
            return Ok(None);
        }
        let answer = self.management.create_as(path, own_id, &wanted.into()).await;
        if let Ok(created) = &answer {
            self.ids.insert((kind, own_id.to_owned()), text(created, id_key).to_owned());
        }
        self.note(kind, name, Outcome::Created, answer)
    }

    /// Makes one more change to a thing, unless this is a dry run.
    ///
    /// # Errors
    /// When the target is gone.
    pub(super) async fn change(
        &mut self,
        (kind, name): (&'static str, &str),
        what: &str,
        call: (&str, &[&str]),
        body: &Value,
    ) -> Result<Option<Value>, ClientError> {
        let changed = Outcome::Changed(vec![what.to_owned()]);
        if self.is_dry {
            self.report.add(kind, name, changed);
            return Ok(None);
        }
        let answer = self.management.change(call.0, call.1, body).await;
        self.note(kind, name, changed, answer)
    }

    /// Notes what became of a call.
    ///
    /// # Errors
    /// When there was no answer.
    pub(super) fn note<T>(
        &mut self,
        kind: &'static str,
        name: &str,
        outcome: Outcome,
        answer: Result<T, ClientError>,
    ) -> Result<Option<T>, ClientError> {
        match answer {
            Ok(value) => {
                self.report.add(kind, name, outcome);
                Ok(Some(value))
            }
            Err(error) => match error.refusal().map(|refusal| refusal.message.clone()) {
                Some(why) => {
                    self.report.add(kind, name, Outcome::Failed(why));
                    Ok(None)
                }
                None => Err(error),
            },
        }
    }

    /// What the target calls what the fixture calls `own_id`; `None` when it isn't there.
    pub(super) fn id_of(&self, kind: &'static str, own_id: &str) -> Option<String> {
        self.ids.get(&(kind, own_id.to_owned())).cloned()
    }

    /// Whether a thing is there to be asked about: in a dry run, what would be created isn't.
    pub(super) fn is_there(&self, found: Option<&Value>) -> bool {
        found.is_some() || !self.is_dry
    }

    /// All items of a list, however many pages it has.
    ///
    /// # Errors
    /// When the target refuses.
    pub(super) async fn all(&self, path: &str) -> Result<Vec<Value>, ClientError> {
        let mut all = Vec::new();
        let sign = if path.contains('?') { '&' } else { '?' };
        for page in 0.. {
            let listed = self.management.read(&format!("{path}{sign}per_page={PAGE}&page={page}")).await?;
            let Value::Array(items) = listed else { break };
            let is_last = items.len() < PAGE;
            all.extend(items);
            if is_last {
                break;
            }
        }
        Ok(all)
    }
}

/// A member that is text.
pub(super) fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The members of what serializes to an object, without some.
pub(super) fn settings(of: &impl serde::Serialize, without: &[&str]) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(mut members)) => {
            members.retain(|key, value| !without.contains(&key.as_str()) && !value.is_null());
            members
        }
        _ => Map::new(),
    }
}
