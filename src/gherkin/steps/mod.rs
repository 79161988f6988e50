//! The sentences that features are made of, one file a concept. The sentence stands above each function, an example
//! of it in the function's documentation.

pub mod apis;
pub mod app_under_test;
pub mod apps;
pub mod attack_protection;
pub mod caching;
pub mod clock;
pub mod configuration;
pub mod directory;
pub mod directory_changes;
pub mod directory_sign_in;
pub mod faults;
pub mod forgotten;
pub mod forks;
pub mod harness_logins;
pub mod journal;
pub mod keys;
pub mod linked;
pub mod linking;
pub mod logout;
pub mod made_tokens;
pub mod mail;
pub mod management;
pub mod metadata;
pub mod organizations;
pub mod own_accounts;
pub mod passwordless;
pub mod people;
pub mod profile;
pub mod provider_tokens;
pub mod refresh_tokens;
pub mod relying_party;
pub mod requests;
pub mod roles;
pub mod saml_connection;
pub mod saml_provider;
pub mod search;
pub mod service_provider;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod snapshots;
pub mod tickets;
pub mod tokens;

/// The text of the files here, for the reference.
pub(crate) mod sources {
    /// One file after the other, in the order of their names.
    pub(crate) const SOURCES: &[&str] = &[
        include_str!("apis.rs"),
        include_str!("app_under_test.rs"),
        include_str!("apps.rs"),
        include_str!("attack_protection.rs"),
        include_str!("caching.rs"),
        include_str!("clock.rs"),
        include_str!("configuration.rs"),
        include_str!("directory.rs"),
        include_str!("directory_changes.rs"),
        include_str!("directory_sign_in.rs"),
        include_str!("faults.rs"),
        include_str!("forgotten.rs"),
        include_str!("forks.rs"),
        include_str!("harness_logins.rs"),
        include_str!("journal.rs"),
        include_str!("keys.rs"),
        include_str!("linked.rs"),
        include_str!("linking.rs"),
        include_str!("logout.rs"),
        include_str!("made_tokens.rs"),
        include_str!("mail.rs"),
        include_str!("management.rs"),
        include_str!("metadata.rs"),
        include_str!("organizations.rs"),
        include_str!("own_accounts.rs"),
        include_str!("passwordless.rs"),
        include_str!("people.rs"),
        include_str!("profile.rs"),
        include_str!("provider_tokens.rs"),
        include_str!("refresh_tokens.rs"),
        include_str!("requests.rs"),
        include_str!("roles.rs"),
        include_str!("saml_connection.rs"),
        include_str!("saml_provider.rs"),
        include_str!("search.rs"),
        include_str!("relying_party.rs"),
        include_str!("service_provider.rs"),
        include_str!("session.rs"),
        include_str!("settings.rs"),
        include_str!("sign_in.rs"),
        include_str!("snapshots.rs"),
        include_str!("tickets.rs"),
        include_str!("tokens.rs"),
    ];
}

#[cfg(test)]
mod tests {
    use crate::gherkin::steps::sources::SOURCES;
    use crate::gherkin::world::World;
    use ::gherkin::{Feature, GherkinEnv};
    use cucumber::World as _;

    #[test]
    fn every_sentence_has_an_example_that_it_understands() {
        let known = World::collection();
        for source in SOURCES {
            let examples: Vec<_> = source.lines().filter_map(|line| line.strip_prefix("/// Example: `")).collect();
            let sentences = source.split("\n#[").filter(|part| part.contains(")]\nasync fn ")).count();
            assert_eq!(examples.len(), sentences, "{examples:#?}");
            for example in examples {
                let text = format!("Feature: f\n  Scenario: s\n    {}\n", example.trim_end_matches('`'));
                let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
                let step = &feature.scenarios[0].steps[0];
                assert!(known.find(step).unwrap().is_some(), "{example}");
            }
        }
    }
}
