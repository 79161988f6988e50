//! A form on a page, as a person fills it in. Source: the HTML standard, "form submission".

use crate::client::error::ClientError;
use crate::client::field::{Button, Control, Field, FieldKind, words};
use scraper::{ElementRef, Selector};
use url::{Url, form_urlencoded};

/// A form: fill fields, tick boxes, press a button, then hand it to [`crate::client::browser::Browser::submit`].
#[derive(Debug, Clone)]
pub struct Form {
    page: Url,
    /// Where it is sent.
    pub action: Url,
    /// Whether it is sent in a body rather than in the address.
    pub posts: bool,
    /// Its fields, in the order of the page.
    pub fields: Vec<Field>,
    /// Its submit buttons.
    pub buttons: Vec<Button>,
    /// What a person reads in it.
    pub text: String,
    pressed: Option<usize>,
}

impl Form {
    /// Types `value` into the field, or chooses it.
    ///
    /// # Errors
    /// [`ClientError::NotOnPage`] when there is no such field that a person could change to that.
    pub fn fill(mut self, name: &str, value: &str) -> Result<Self, ClientError> {
        let missing = self.missing(format!("field {name:?} that takes {value:?}"));
        let field = self.fields.iter_mut().find(|field| field.name == name && field.takes(value)).ok_or(missing)?;
        value.clone_into(&mut field.value);
        Ok(self)
    }

    /// Ticks or unticks the box of this name and value.
    ///
    /// # Errors
    /// [`ClientError::NotOnPage`] when there is none.
    pub fn tick(mut self, name: &str, value: &str, tick: bool) -> Result<Self, ClientError> {
        let missing = self.missing(format!("box {name:?} for {value:?}"));
        let fitting = self.fields.iter_mut().find(|field| field.name == name && field.value == value);
        match fitting.map(|field| &mut field.kind) {
            Some(FieldKind::Tick { ticked }) => *ticked = tick,
            _ => return Err(missing),
        }
        Ok(self)
    }

    /// Presses the button with this value (`<button name=action value=accept>`) or this inscription.
    ///
    /// # Errors
    /// [`ClientError::NotOnPage`] when there is none.
    pub fn press(mut self, button: &str) -> Result<Self, ClientError> {
        let missing = self.missing(format!("button {button:?}"));
        let fits = |candidate: &Button| candidate.value == button || candidate.text == button;
        self.pressed = Some(self.buttons.iter().position(fits).ok_or(missing)?);
        Ok(self)
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// The value that the field of this name has now.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    /// The address of the page that the form is on.
    pub fn page(&self) -> &Url {
        &self.page
    }

    /// What is sent: every field that counts, then the button pressed (the first one, if none was).
    pub fn pairs(&self) -> Vec<(String, String)> {
        let counts = |field: &&Field| !matches!(field.kind, FieldKind::Tick { ticked: false });
        let sent = self.fields.iter().filter(counts).map(|field| (field.name.clone(), field.value.clone()));
        let button = self.buttons.get(self.pressed.unwrap_or(0));
        let button = button.and_then(|button| Some((button.name.clone()?, button.value.clone())));
        sent.chain(button).collect()
    }

    /// What is sent, as a body or a query.
    pub(crate) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// Reads a `form` element of the page at `page`.
    pub(crate) fn read(page: &Url, element: ElementRef<'_>) -> Self {
        let attribute = |name: &str| element.value().attr(name);
        let action = match attribute("action").filter(|action| !action.is_empty()) {
            Some(action) => page.join(action).unwrap_or_else(|_| page.clone()),
            None => page.clone(),
        };
        let posts = attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let (mut fields, mut buttons) = (Vec::new(), Vec::new());
        if let Ok(controls) = Selector::parse("input, select, textarea, button") {
            for control in element.select(&controls) {
                match Control::read(control) {
                    Some(Control::Field(field)) => fields.push(field),
                    Some(Control::Button(button)) => buttons.push(button),
                    None => {}
                }
            }
        }
        Self { page: page.clone(), action, posts, fields, buttons, text: words(element), pressed: None }
    }

    fn missing(&self, missing: String) -> ClientError {
        ClientError::NotOnPage { url: self.page.to_string(), missing, says: self.text.clone() }
    }
}
