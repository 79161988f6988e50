//! What led to a failure: the pages that people saw, what the tenant wrote down, how attributes came about.

use crate::client::browser::Browser;
use crate::gherkin::world::World;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// Stands above a trace.
pub(crate) const HEADING: &str = "what led there:";

/// How many requests of a browser and events of the log are shown, the last ones.
const SHOWN: usize = 30;

/// The longest address that is shown whole.
const LONGEST: usize = 160;

/// How long a server may take to tell; one that is gone must not keep a run from ending.
const PATIENCE: Duration = Duration::from_secs(5);

/// The trace of a scenario, with [`HEADING`] above it; nothing where nobody used a browser and nothing was logged.
pub(crate) async fn of(world: &mut World) -> Option<String> {
    let mut lines = Vec::new();
    for (name, browser) in world.browsers() {
        lines.push(format!("the browser of {name:?}"));
        lines.extend(visits(browser));
    }
    if world.has_tenant() {
        let told = timeout(PATIENCE, told_by_the_tenant(world)).await;
        lines.extend(told.unwrap_or_else(|_| vec!["the tenant did not tell what it logged".to_owned()]));
    }
    let lines: String = lines.iter().flat_map(|line| ["\n  ", line.as_str()]).collect();
    (!lines.is_empty()).then(|| format!("{HEADING}{lines}"))
}

fn visits(browser: &Browser) -> Vec<String> {
    let visits = browser.visits();
    let last = visits.iter().skip(visits.len().saturating_sub(SHOWN));
    last.map(|visit| {
        let url = visit.url.as_str();
        let cut = url.char_indices().nth(LONGEST).and_then(|(end, _)| url.get(..end));
        let shown = cut.map_or_else(|| url.to_owned(), |cut| format!("{cut}…"));
        format!("  {} {:4} {shown}", visit.status, visit.method)
    })
    .collect()
}

async fn told_by_the_tenant(world: &mut World) -> Vec<String> {
    let mut lines = Vec::new();
    if let Ok(management) = world.management().await
        && let Ok(events) = management.logs().await
    {
        lines.push("the tenant log".to_owned());
        lines.extend(events.iter().take(SHOWN).rev().filter(|event| is_telling(event)).map(event));
    }
    let users = world.users();
    if let Ok(control) = world.control().await {
        for user_id in users {
            if let Ok(traces) = control.traces(&user_id).await
                && !traces.logins.is_empty()
            {
                lines.push(format!("how the attributes of {user_id} came about"));
                lines.extend(traces.to_string().lines().map(str::to_owned));
            }
        }
    }
    lines
}

/// What administrators and machines do is not how somebody signed in.
fn is_telling(event: &Value) -> bool {
    !matches!(event.get("type").and_then(Value::as_str), Some("seccft" | "sapi" | "mgmt_api_read"))
}

fn event(event: &Value) -> String {
    let text = |name: &str| event.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let about =
        ["client_id", "connection", "user_id", "description"].into_iter().filter_map(|name| Some((name, text(name)?)));
    let about: String = about.flat_map(|(name, value)| ["  ", name, " ", value]).collect();
    format!("  {} {:6}{about}", text("date").unwrap_or_default(), text("type").unwrap_or_default())
}
