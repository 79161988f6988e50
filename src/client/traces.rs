//! How a user's attributes came about, as the control API tells it, and in words for people.

use serde::Deserialize;
use std::fmt;

/// All that is known of one user's attributes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserTraces {
    /// The user.
    pub user_id: String,
    /// What nobody gave and is made up.
    pub generated: Vec<TraceLine>,
    /// The last logins through a provider, newest first.
    pub logins: Vec<LoginTrace>,
}

/// What became of each attribute at one login.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LoginTrace {
    /// When, in ISO 8601.
    pub at: String,
    /// The connection's name.
    pub connection: String,
    /// The user id that the identity has, or would have if it weren't linked.
    pub identity: String,
    /// A line for each attribute of the provider's, and for each that was made, kept or removed.
    pub lines: Vec<TraceLine>,
    /// What the connection's script wrote to its console: `warn: …`.
    #[serde(default)]
    pub console: Vec<String>,
}

/// One attribute's way from the provider to the user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TraceLine {
    /// `mapped`, `passed_through`, `dropped`, `set`, `transient`, `withheld`, `kept`, `generated` or `removed`.
    pub fate: String,
    /// The provider's name for it.
    pub from: Option<String>,
    /// The tenant's name for it, several separated by commas.
    pub to: Option<String>,
    /// Its value as JSON, cut short; none where it is secret.
    pub value: Option<String>,
    /// The rule, as a sentence that begins with the attribute.
    pub rule: String,
}

impl fmt::Display for UserTraces {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut identities: Vec<&str> = Vec::new();
        for login in &self.logins {
            // The last login of each identity tells how things are now.
            if !identities.contains(&login.identity.as_str()) {
                identities.push(&login.identity);
                writeln!(formatter, "  {} at {}, through {}", login.identity, login.at, login.connection)?;
                print(formatter, &login.lines)?;
                for line in &login.console {
                    writeln!(formatter, "    console.{line}")?;
                }
            }
        }
        if self.logins.is_empty() {
            writeln!(formatter, "  no login of {} through a provider", self.user_id)?;
            print(formatter, &self.generated)?;
        }
        Ok(())
    }
}

fn print(formatter: &mut fmt::Formatter<'_>, lines: &[TraceLine]) -> fmt::Result {
    let way = |line: &TraceLine| match (&line.from, &line.to) {
        (Some(from), Some(to)) if from != to => format!("{from} -> {to}"),
        (Some(name), _) | (None, Some(name)) => name.clone(),
        (None, None) => String::new(),
    };
    let width = lines.iter().map(|line| way(line).chars().count()).max().unwrap_or_default().min(44);
    for line in lines {
        let value = line.value.as_deref().map_or_else(String::new, |value| format!(" [{value}]"));
        writeln!(formatter, "    {:width$}  {}{value}", way(line), line.rule)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_trace_reads_as_sentences() {
        let line = |from: Option<&str>, to: Option<&str>, rule: &str| json!({ "fate": "mapped", "from": from, "to": to, "rule": rule, "value": "\"Ana\"" });
        let lines = [line(Some("first_name"), Some("given_name"), "is renamed"), line(Some("x"), None, "is dropped")];
        let login = |at: &str| json!({ "at": at, "connection": "facebook", "identity": "facebook|1", "lines": lines });
        let traces = json!({ "user_id": "facebook|1", "generated": [], "logins": [login("2"), login("1")] });
        let traces: UserTraces = serde_json::from_value(traces).unwrap();
        let expected = "  facebook|1 at 2, through facebook\n    \
                        first_name -> given_name  is renamed [\"Ana\"]\n    \
                        x                         is dropped [\"Ana\"]\n";
        assert_eq!(traces.to_string(), expected);
    }
}
