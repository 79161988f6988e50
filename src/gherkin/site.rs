//! The app under test: where it listens, and how people get through it.

use crate::client::browser::{Arrival, Browser};
use crate::client::journey::Journey;
use crate::client::page::Page;
use crate::client::transport::address;
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use ::gherkin::{Feature, Rule, Scenario};
use url::Url;

/// How a step begins that names the app under test.
const SENTENCES: [&str; 2] = ["the app at \"", "the app under test"];

/// An app that runs by itself.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its first page.
    pub url: Url,
    /// The path that signs people in.
    pub login: String,
    /// The path that signs people out.
    pub logout: String,
}

impl Site {
    /// The app at an address, with `/login` and `/logout`.
    ///
    /// # Errors
    /// A [`Failure`] when it is no address.
    pub fn at(url: &str) -> Result<Self, Failure> {
        Ok(Self { url: address(url)?, login: "/login".to_owned(), logout: "/logout".to_owned() })
    }

    /// The address of one of its pages.
    ///
    /// # Errors
    /// A [`Failure`] when `path` is none.
    pub fn page(&self, path: &str) -> Result<String, Failure> {
        let joined = self.url.join(path);
        joined
            .map(String::from)
            .map_err(|error| Failure::new(format!("a path of the app, not {path:?}"), error.to_string()))
    }

    /// Whether a page is the app's.
    pub fn has(&self, url: &Url) -> bool {
        url.origin() == self.url.origin()
    }
}

/// Whether a scenario drives an app under test. The app knows one tenant by its address, so such a scenario runs on the
/// target itself, alone.
pub fn drives_app(feature: &Feature, rule: Option<&Rule>, scenario: &Scenario) -> bool {
    let backgrounds = feature.background.iter().chain(rule.and_then(|rule| rule.background.as_ref()));
    let steps = backgrounds.flat_map(|background| &background.steps).chain(&scenario.steps);
    steps.into_iter().any(|step| SENTENCES.iter().any(|sentence| step.value.starts_with(sentence)))
}

/// Opens a page of the app in `browser`, goes through the tenant's pages if there is a journey, and keeps what is shown.
///
/// # Errors
/// A [`Failure`] when somebody does not answer, or a page lacks what a person needs.
pub async fn visit(
    world: &mut World,
    person: &Person,
    mut browser: Browser,
    path: &str,
    journey: Option<&Journey>,
) -> Result<Page, Failure> {
    world.tenant().await?;
    let site = world.site()?.clone();
    let went = travel(&site, &mut browser, path, journey).await;
    let known = world.known(person);
    known.browser = Some(browser);
    known.outcome = None;
    let page = match went? {
        Arrival::Page(page) => page,
        Arrival::Callback(callback) => {
            return Err(Failure::new("a page of the app", format!("an answer posted to a window of {}", callback.url)));
        }
    };
    known.outcome = Some(Outcome::Shown(page.clone()));
    world.shown = Some((person.clone(), Page::clone(&page)));
    Ok(*page)
}

async fn travel(site: &Site, browser: &mut Browser, path: &str, journey: Option<&Journey>) -> Result<Arrival, Failure> {
    let start = browser.open(&site.page(path)?).await?;
    match journey {
        Some(journey) => Ok(journey.travel_until(browser, start, |url| site.has(url)).await?),
        None => Ok(start),
    }
}
