//! Where features come from: files and folders, or those that ship with the program.

use crate::gherkin::mistakes;
use crate::gherkin::selection;
use ::gherkin::{Feature, GherkinEnv, Scenario};
use cucumber::feature::Ext as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A feature of the repository's folder `features`, with its path below that.
macro_rules! shipped {
    ($path:literal) => {
        ($path, include_str!(concat!("../../features/", $path)))
    };
}

/// The features that ship with the program: path and text.
pub const SHIPPED: &[(&str, &str)] = &[
    shipped!("active_directory/ad_fs.feature"),
    shipped!("active_directory/directory.feature"),
    shipped!("active_directory/entra.feature"),
    shipped!("active_directory/mapper.feature"),
    shipped!("active_directory/outage.feature"),
    shipped!("active_directory/sign_in.feature"),
    shipped!("caching/deny_list.feature"),
    shipped!("caching/first_login_only.feature"),
    shipped!("caching/logins.feature"),
    shipped!("caching/ownership.feature"),
    shipped!("caching/provider_tokens.feature"),
    shipped!("caching/refresh.feature"),
    shipped!("harness/clock.feature"),
    shipped!("harness/faults.feature"),
    shipped!("harness/faults_identity.feature"),
    shipped!("harness/faults_login.feature"),
    shipped!("harness/faults_upstream.feature"),
    shipped!("harness/forks.feature"),
    shipped!("harness/journal.feature"),
    shipped!("harness/logins.feature"),
    shipped!("harness/snapshots.feature"),
    shipped!("harness/tokens.feature"),
    shipped!("linking/by_an_administrator.feature"),
    shipped!("linking/by_its_owner.feature"),
    shipped!("linking/finding.feature"),
    shipped!("linking/refusals.feature"),
    shipped!("linking/signing_in.feature"),
    shipped!("linking/unlinking.feature"),
    shipped!("management/clients.feature"),
    shipped!("management/connections.feature"),
    shipped!("management/search.feature"),
    shipped!("normalization/apple.feature"),
    shipped!("normalization/database.feature"),
    shipped!("normalization/facebook.feature"),
    shipped!("normalization/github.feature"),
    shipped!("normalization/google.feature"),
    shipped!("normalization/linkedin.feature"),
    shipped!("normalization/microsoft.feature"),
    shipped!("normalization/oidc.feature"),
    shipped!("normalization/passwordless.feature"),
    shipped!("normalization/trace.feature"),
    shipped!("profile_changes/blocks.feature"),
    shipped!("profile_changes/email.feature"),
    shipped!("profile_changes/metadata.feature"),
    shipped!("profile_changes/passwords.feature"),
    shipped!("profile_changes/verification.feature"),
    shipped!("saml/identity_provider.feature"),
    shipped!("saml/logout.feature"),
    shipped!("saml/provider.feature"),
    shipped!("saml/sign_in.feature"),
    shipped!("saml/wrong_responses.feature"),
    shipped!("saml/ws_federation.feature"),
    shipped!("sign_in/apple.feature"),
    shipped!("sign_in/database.feature"),
    shipped!("sign_in/openid_connect.feature"),
    shipped!("sign_in/organizations.feature"),
    shipped!("sign_in/passwordless.feature"),
    shipped!("sign_in/providers.feature"),
    shipped!("sign_in/requests.feature"),
    shipped!("sign_in/sessions.feature"),
    shipped!("sign_in/social.feature"),
    shipped!("token_claims/access_token.feature"),
    shipped!("token_claims/algorithms.feature"),
    shipped!("token_claims/dialects.feature"),
    shipped!("token_claims/front_channel.feature"),
    shipped!("token_claims/id_token.feature"),
    shipped!("token_claims/key_rotation.feature"),
    shipped!("token_claims/lifetimes.feature"),
    shipped!("token_claims/logout.feature"),
    shipped!("token_claims/password_grant.feature"),
    shipped!("token_claims/permissions.feature"),
    shipped!("token_claims/provider_tokens.feature"),
    shipped!("token_claims/refresh_token.feature"),
    shipped!("token_claims/scopes.feature"),
    shipped!("token_claims/userinfo.feature"),
];

/// A feature that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum FeatureError {
    /// The file or folder can't be read.
    #[error("{path}: {cause}")]
    Unreadable {
        /// Its path.
        path: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The text is no feature.
    #[error("{path}: {cause}")]
    Malformed {
        /// Its path.
        path: String,
        /// Line, column and what was expected there.
        cause: String,
    },
    /// No scenario stands at the line that was named.
    #[error("{path}: no scenario stands at line {line}")]
    NoScenario {
        /// The feature's path.
        path: String,
        /// The line.
        line: usize,
    },
    /// There is no feature in what was named.
    #[error("{path}: no file there ends in .feature")]
    None {
        /// What was named.
        path: String,
    },
}

/// The features in these files and folders, in order of path; without any, those that ship with the program. A path may
/// end in the line of a scenario, `shop.feature:12`; a path that is not there may be that of one that ships.
///
/// # Errors
/// [`FeatureError`] for the first that can't be read.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Feature>, FeatureError> {
    if paths.is_empty() {
        return shipped(Path::new("features"), None);
    }
    let mut features = Vec::new();
    for path in paths {
        let (path, line) = selection::split(path);
        let own = if path.exists() { Vec::new() } else { shipped(&path, line)? };
        if !own.is_empty() {
            features.extend(own);
            continue;
        }
        let files = files(&path)?;
        if files.is_empty() {
            return Err(FeatureError::None { path: path.display().to_string() });
        }
        for file in files {
            let text = fs::read_to_string(&file).map_err(|cause| unreadable(&file, cause))?;
            features.push(chosen(&file, &text, line)?);
        }
    }
    Ok(features)
}

/// The features that ship with the program, of this path or below it.
fn shipped(below: &Path, line: Option<usize>) -> Result<Vec<Feature>, FeatureError> {
    let all = SHIPPED.iter().map(|(path, text)| (Path::new("features").join(path), text));
    all.filter(|(path, _)| path.starts_with(below)).map(|(path, text)| chosen(&path, text, line)).collect()
}

/// Reads one feature, or the one scenario of it at `line`.
fn chosen(path: &Path, text: &str, line: Option<usize>) -> Result<Feature, FeatureError> {
    let Some(line) = line else { return parse(path, text) };
    let mut feature = read(path, text)?;
    selection::keep_outline(&mut feature, text, line);
    if feature.scenarios.is_empty() && feature.rules.is_empty() {
        return Err(FeatureError::NoScenario { path: path.display().to_string(), line });
    }
    let mut feature = written_out(path, feature)?;
    selection::keep_row(&mut feature, line);
    Ok(feature)
}

/// Reads one feature and writes out its Scenario Outlines.
fn parse(path: &Path, text: &str) -> Result<Feature, FeatureError> {
    written_out(path, read(path, text)?)
}

fn malformed(path: &Path, cause: String) -> FeatureError {
    FeatureError::Malformed { path: path.display().to_string(), cause }
}

fn read(path: &Path, text: &str) -> Result<Feature, FeatureError> {
    // Some editors begin a file with a mark of its encoding.
    let text = text.trim_start_matches('\u{feff}');
    let feature = Feature::parse(text, GherkinEnv::default());
    let mut feature = feature.map_err(|error| malformed(path, mistakes::told(text, &error)))?;
    feature.path = Some(path.to_owned());
    mistakes::not_run(&feature).map_or(Ok(feature), |mistake| Err(malformed(path, mistake)))
}

fn written_out(path: &Path, mut feature: Feature) -> Result<Feature, FeatureError> {
    feature.scenarios.iter_mut().for_each(tell_apart);
    feature.rules.iter_mut().flat_map(|rule| &mut rule.scenarios).for_each(tell_apart);
    feature.expand_examples().map_err(|error| malformed(path, error.to_string()))
}

/// Has the scenarios of an outline named by their row, unless its name has a value of the row in it already.
fn tell_apart(outline: &mut Scenario) {
    let mut tables = outline.examples.iter().filter_map(|examples| examples.table.as_ref());
    let Some(columns) = tables.find_map(|table| table.rows.first()) else { return };
    if let Some(first) = columns.first().filter(|_| !outline.name.contains('<')) {
        outline.name = format!("{} ({first}: <{first}>)", outline.name);
    }
}

/// A file itself, or every feature in a folder and below it, sorted.
fn files(path: &Path) -> Result<Vec<PathBuf>, FeatureError> {
    let about = fs::metadata(path).map_err(|cause| unreadable(path, cause))?;
    if about.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(|cause| unreadable(path, cause))? {
        entries.push(entry.map_err(|cause| unreadable(path, cause))?.path());
    }
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            found.extend(files(&entry)?);
        } else if entry.extension().is_some_and(|extension| extension == "feature") {
            found.push(entry);
        }
    }
    Ok(found)
}

fn unreadable(path: &Path, cause: std::io::Error) -> FeatureError {
    FeatureError::Unreadable { path: path.display().to_string(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gherkin::world::World;
    use cucumber::World as _;

    #[test]
    fn every_feature_of_the_repository_ships() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("features");
        let there: Vec<_> = files(&folder).unwrap();
        let there: Vec<_> = there.iter().map(|file| file.strip_prefix(&folder).unwrap().to_str().unwrap()).collect();
        let shipped: Vec<_> = SHIPPED.iter().map(|(path, _)| *path).collect();
        assert_eq!(shipped, there);
    }

    #[test]
    fn every_sentence_of_theirs_is_known_and_means_one_thing() {
        let known = World::collection();
        for feature in load(&[]).unwrap() {
            let of_background = feature.background.iter().flat_map(|background| &background.steps);
            for step in feature.scenarios.iter().flat_map(|scenario| &scenario.steps).chain(of_background) {
                let place = format!("{}:{} {step}", feature.path.as_ref().unwrap().display(), step.position.line);
                assert!(known.find(step).unwrap_or_else(|error| panic!("{place}: {error}")).is_some(), "{place}");
            }
        }
    }

    #[test]
    fn outlines_are_written_out() {
        let text = "Feature: f\n  Scenario Outline: o <n>\n    Given a <n>\n    Examples:\n      | n |\n      | 1 |\n      | 2 |\n";
        let feature = parse(Path::new("f.feature"), text).unwrap();
        let steps: Vec<_> = feature.scenarios.iter().map(|scenario| scenario.steps[0].value.as_str()).collect();
        assert_eq!(steps, ["a 1", "a 2"]);
        let names = |text: &str| -> Vec<String> {
            let feature = parse(Path::new("f.feature"), text).unwrap();
            feature.scenarios.into_iter().map(|scenario| scenario.name).collect()
        };
        assert_eq!(names(text), ["o 1", "o 2"]);
        assert_eq!(names(&text.replace("o <n>", "o")), ["o (n: 1)", "o (n: 2)"]);
    }

    #[test]
    fn a_line_chooses_a_scenario_or_a_row() {
        let text = "Feature: f\n  Scenario Outline: o <n>\n    Given a <n>\n    Examples:\n      | n |\n      | 1 |\n      | 2 |\n  Scenario: s\n    Given b\n";
        let names = |line: usize| -> Vec<String> {
            let feature = chosen(Path::new("f.feature"), text, Some(line)).unwrap();
            feature.scenarios.into_iter().map(|scenario| scenario.name).collect()
        };
        assert_eq!(names(2), ["o 1", "o 2"]);
        assert_eq!(names(7), ["o 2"]);
        assert_eq!(names(9), ["s"]);
        for none in [1, 10, 999] {
            let told = chosen(Path::new("f.feature"), text, Some(none)).unwrap_err().to_string();
            assert_eq!(told, format!("f.feature: no scenario stands at line {none}"));
        }
        let one = load(&["features/sign_in/social.feature".into()]).unwrap();
        assert_eq!(one.len(), 1);
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let error =
            parse(Path::new("f.feature"), "Feature: f\n  Scenario: s\n    Given a\n    Perhaps b\n").unwrap_err();
        assert!(error.to_string().starts_with("f.feature: line 4: \"Perhaps b\""), "{error}");
        let error = parse(Path::new("f.feature"), "Feature: f\n  Scenario: s\n    Perhaps a\n").unwrap_err();
        assert_eq!(error.to_string(), "f.feature: line 2: \"s\" has no steps");
    }
}
