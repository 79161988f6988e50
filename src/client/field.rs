//! What a form is made of: fields and buttons.

use scraper::{ElementRef, Selector};

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

impl Field {
    /// Whether a person can give it this value.
    pub(crate) fn takes(&self, value: &str) -> bool {
        match &self.kind {
            FieldKind::Text => true,
            FieldKind::Choice { options } => options.iter().any(|option| option == value),
            FieldKind::Hidden | FieldKind::Tick { .. } => false,
        }
    }
}

/// What stands in a form and is sent with it, or sends it.
pub(crate) enum Control {
    /// A field.
    Field(Field),
    /// A submit button.
    Button(Button),
}

impl Control {
    /// Reads an element; nothing if it plays no part in what is sent.
    pub(crate) fn read(element: ElementRef<'_>) -> Option<Self> {
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
        let hidden = |name: &str| matches!(name, "script" | "style" | "template" | "title" | "noscript");
        let parent = node.parent().and_then(|parent| parent.value().as_element().map(|element| hidden(element.name())));
        node.value().as_text().filter(|_| parent != Some(true)).map(|text| text.to_string())
    });
    seen.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
