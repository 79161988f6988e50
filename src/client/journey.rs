//! What a person does on the pages between an app and its callback, theirs to read and click through.

use crate::client::browser::{Arrival, Browser};
use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::client::form::Form;
use crate::client::page::Page;
use crate::client::people;
use url::Url;

/// More pages than any login has; a page that comes back again and again ends the journey.
const PAGES: usize = 8;

/// What the fields for name and password are called at the providers that ask for both: AD FS and Entra ID.
const PASSWORD_FORMS: [(&str, &str); 2] = [("UserName", "Password"), ("loginfmt", "passwd")];

/// A person's way through a login.
#[derive(Debug, Clone)]
pub struct Journey {
    /// The connection whose button the person presses; none for the form with e-mail and password.
    pub connection: Option<String>,
    /// Whose account is used.
    pub account: people::Person,
    /// The password typed, if not the account's own.
    pub password: Option<String>,
    /// Permissions that the person takes out at the provider.
    pub declines: Vec<String>,
    /// Whether the person turns back where the provider asks for consent.
    pub cancels: bool,
    /// Whether the person turns back where the tenant asks for consent.
    pub refuses_consent: bool,
    /// Where the person finds the code that signs them in, at a passwordless connection: the tenant's outbox. The app has to
    /// name that connection, as people don't choose it on a page.
    pub codes: Option<Control>,
}

impl Journey {
    /// A person who signs in with a provider's account by a connection, and does all that the pages ask.
    pub fn by_provider(connection: impl Into<String>, account: people::Person) -> Self {
        Self { connection: Some(connection.into()), ..Self::by_password(account) }
    }

    /// A person who signs in with e-mail (or username) and password, and does all that the pages ask.
    pub fn by_password(account: people::Person) -> Self {
        Self {
            connection: None,
            account,
            password: None,
            declines: Vec::new(),
            cancels: false,
            refuses_consent: false,
            codes: None,
        }
    }

    /// A person who signs in with a code that is sent to their e-mail address or phone number.
    pub fn by_code(connection: impl Into<String>, account: people::Person, codes: Control) -> Self {
        Self { codes: Some(codes), ..Self::by_provider(connection, account) }
    }

    /// Goes on from where the browser is until the app is reached, or a page comes that says no (or that nothing is
    /// to be done on).
    ///
    /// # Errors
    /// [`ClientError::NotOnPage`] when a page lacks what a person needs to go on, else as [`Browser::open`].
    pub async fn travel(&self, browser: &mut Browser, start: Arrival) -> Result<Arrival, ClientError> {
        self.travel_until(browser, start, |_| false).await
    }

    /// The same, where the app is one that answers: until a page is shown that is at the app, too.
    ///
    /// # Errors
    /// As [`Journey::travel`].
    pub async fn travel_until(
        &self,
        browser: &mut Browser,
        start: Arrival,
        is_at_app: impl Fn(&Url) -> bool,
    ) -> Result<Arrival, ClientError> {
        let mut arrival = start;
        for _ in 0..PAGES {
            let form = match &arrival {
                Arrival::Callback(_) => return Ok(arrival),
                Arrival::Page(page) if says_no(page) || is_at_app(&page.url) => return Ok(arrival),
                Arrival::Page(page) => match (&self.codes, page.form_with("code")) {
                    (Some(codes), Ok(form)) => self.type_code(codes, form).await?,
                    _ => self.act(page)?,
                },
            };
            arrival = browser.submit(form).await?;
        }
        Ok(arrival)
    }

    fn act(&self, page: &Page) -> Result<Form, ClientError> {
        match page.url.path() {
            "/u/consent" if self.refuses_consent => page.form_with("state")?.press("deny"),
            "/u/consent" => page.form_with("state")?.press("accept"),
            path if path.starts_with("/u/") => self.log_in(page),
            _ => self.at_provider(page),
        }
    }

    /// Universal Login: one step, or identifier and password one after the other; or a provider's button.
    fn log_in(&self, page: &Page) -> Result<Form, ClientError> {
        if let Some(connection) = self.connection.as_deref().filter(|_| self.codes.is_none()) {
            let wanted = |form: &Form| form.value("connection") == Some(connection);
            let button = page.form(&format!("button for {connection:?}"), wanted);
            // People of a directory type their password here, once the directory is chosen.
            if button.is_ok() || self.account.password.is_none() {
                return button;
            }
        }
        let mut form = page.form("login form", |form| form.has("username") || form.has("password"))?;
        if form.has("username") {
            form = form.fill("username", self.account.email.as_deref().unwrap_or_default())?;
        }
        if form.has("password") {
            let own = self.account.password.as_deref();
            form = form.fill("password", self.password.as_deref().or(own).unwrap_or_default())?;
        }
        form.press("default")
    }

    /// The code in the newest message to the person.
    async fn type_code(&self, codes: &Control, form: Form) -> Result<Form, ClientError> {
        let to = self.account.email.as_deref().unwrap_or_default();
        let sent = codes.outbox(&[("to", to)]).await?.into_iter().find_map(|message| message.code);
        form.fill("code", &sent.unwrap_or_default())?.press("default")
    }

    /// A provider's account chooser or its consent page.
    fn at_provider(&self, page: &Page) -> Result<Form, ClientError> {
        if let Some(form) = page.forms().into_iter().find_map(|form| self.choose(form)) {
            return Ok(form);
        }
        // Companies ask for the password themselves.
        for (name, password) in PASSWORD_FORMS {
            if let Ok(form) = page.form_with(name) {
                let form = form.fill(name, self.account.email.as_deref().unwrap_or_default())?;
                let own = self.account.password.as_deref();
                return form.fill(password, self.password.as_deref().or(own).unwrap_or_default());
            }
        }
        let mut form =
            page.form("consent to give", |form| form.buttons.iter().any(|button| button.value == "accept"))?;
        if self.cancels {
            return form.press("deny");
        }
        for permission in &self.declines {
            let name = form.fields.iter().find(|field| field.value == *permission).map(|field| field.name.clone());
            form = form.tick(&name.unwrap_or_default(), permission, false)?;
        }
        form.press("accept")
    }

    /// The form, with this person's account chosen, if it is one to choose it on.
    fn choose(&self, form: Form) -> Option<Form> {
        let mine = form.buttons.iter().any(|button| button.value == self.account.id);
        if mine { form.press(&self.account.id).ok() } else { None }
    }
}

/// Whether there is nothing more to do on a page: it is an error's, or tells what was wrong with what was typed.
fn says_no(page: &Page) -> bool {
    page.status >= 400 || page.text_at(".problem").is_some()
}
