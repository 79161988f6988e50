//! A form on a page, as a person fills it in. Source: the HTML standard, "form submission".

use crate::client::error::ClientError;
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

/// A named field with the value it would be sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// How people see and change it.
    pub kind: FieldKind,
}

/// What kind of field it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Not seen: sent as it is.
    Hidden,
    /// Typed into, passwords included.
    Text,
    /// A box or a radio button: sent only if ticked.
    Tick {
        /// Whether it is ticked.
        ticked: bool,
    },
    /// One of some values.
    Choice {
        /// The values that can be chosen.
        options: Vec<String>,
    },
}

/// A submit button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Its name, if it is sent.
    pub name: Option<String>,
    /// Its value.
    pub value: String,
    /// What is written on it.
    pub text: String,
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

impl Field {
    fn takes(&self, value: &str) -> bool {
        match &self.kind {
            FieldKind::Text => true,
            FieldKind::Choice { options } => options.iter().any(|option| option == value),
            FieldKind::Hidden | FieldKind::Tick { .. } => false,
        }
    }
}

enum Control {
    Field(Field),
    Button(Button),
}

impl Control {
    fn read(element: ElementRef<'_>) -> Option<Self> {
        let attribute = |name: &str| element.value().attr(name);
        if attribute("disabled").is_some() {
            return None;
        }
        let name = attribute("name").filter(|name| !name.is_empty()).map(str::to_owned);
        let value = attribute("value").unwrap_or_default().to_owned();
        let field = |kind: FieldKind, value: String| name.clone().map(|name| Self::Field(Field { name, value, kind }));
        let ticked = attribute("checked").is_some();
        match (element.value().name(), attribute("type").unwrap_or_default()) {
            ("button", "" | "submit") => Some(Self::Button(Button { name, value, text: words(element) })),
            ("input", "submit" | "image") => Some(Self::Button(Button { name, text: value.clone(), value })),
            ("button", _) | ("input", "button" | "reset" | "file") => None,
            ("input", "hidden") => field(FieldKind::Hidden, value),
            ("input", "checkbox" | "radio") if value.is_empty() => field(FieldKind::Tick { ticked }, "on".to_owned()),
            ("input", "checkbox" | "radio") => field(FieldKind::Tick { ticked }, value),
            ("select", _) => {
                let (chosen, options) = options(element);
                field(FieldKind::Choice { options }, chosen)
            }
            ("textarea", _) => field(FieldKind::Text, element.text().collect()),
            _ => field(FieldKind::Text, value),
        }
    }
}

/// The value chosen at first and all the values of a `select`.
fn options(select: ElementRef<'_>) -> (String, Vec<String>) {
    let (mut chosen, mut options) = (None, Vec::new());
    if let Ok(option) = Selector::parse("option") {
        for option in select.select(&option) {
            let value = option.value().attr("value").map_or_else(|| words(option), str::to_owned);
            if option.value().attr("selected").is_some() {
                chosen = Some(value.clone());
            }
            options.push(value);
        }
    }
    (chosen.or_else(|| options.first().cloned()).unwrap_or_default(), options)
}

/// The words of an element and of what is in it, with single spaces between them.
pub(crate) fn words(element: ElementRef<'_>) -> String {
    let seen = element.descendants().filter_map(|node| {
        let hidden = |name: &str| matches!(name, "script" | "style" | "template" | "title");
        let parent = node.parent().and_then(|parent| parent.value().as_element().map(|element| hidden(element.name())));
        node.value().as_text().filter(|_| parent != Some(true)).map(|text| text.to_string())
    });
    seen.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
