//! A captcha that a test asked for: the login page demands it, in the field that the real one has (`captcha`), and what
//! is to be typed is written there. Source: spec/universal-login.md (forms); words and codes as the real page has them,
//! unverified.

use crate::authentication::visitor::Visitor;
use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::scope::Who;
use crate::keys::digest;
use crate::login::form::PageForm;
use crate::login::ongoing::Ongoing;
use crate::login::page::Problem;

/// Letters and digits that look like no others.
const ALPHABET: &[u8] = b"ACDEFGHJKLMNPQRTUVWXY34679";

/// How many are to be typed.
const LENGTH: usize = 6;

/// What a page demands.
pub(super) struct Captcha {
    pub(super) answer: String,
    pub(super) problem: Option<Problem>,
}

impl Captcha {
    /// What the login demands of whoever is called `username`, if it demands anything.
    pub(super) fn demanded(ongoing: &Ongoing, visitor: &Visitor, username: &str) -> Option<Self> {
        let mut people: Vec<String> = ongoing.state.users.with_email(username).flat_map(|user| user.names()).collect();
        people.push(username.to_owned());
        let who = Who { client: Some(ongoing.client.client_id.to_string()), people };
        visitor.behaviours.ask(Behaviour::Captcha, &who, ongoing.handle())?;
        Some(Self { answer: answer(ongoing.handle()), problem: None })
    }

    /// Whether it was solved; if not, it says so.
    pub(super) fn is_solved(&mut self, ongoing: &Ongoing, form: &PageForm) -> bool {
        let solved = form.text("captcha").trim().eq_ignore_ascii_case(&self.answer);
        if !solved {
            self.problem = Some(Problem { code: "invalid-captcha", text: ongoing.texts.invalid_captcha() });
        }
        solved
    }
}

/// The same for all of a login, so that nothing needs to be remembered.
fn answer(handle: &str) -> String {
    let hash = digest::sha256(format!("captcha {handle}").as_bytes());
    let letters = hash.iter().filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()));
    letters.take(LENGTH).map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_login_has_an_answer_of_its_own() {
        assert_eq!((answer("a"), answer("a").len()), (answer("a"), LENGTH));
        assert_ne!(answer("a"), answer("b"));
    }
}
