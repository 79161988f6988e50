//! `/u/signup`: a new user of the database. Source: spec/universal-login.md.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::departure::Abroad;
use crate::authentication::signup;
use crate::authentication::signup::Signup;
use crate::authentication::signup::SignupError;
use crate::authentication::visitor::Visitor;
use crate::domain::password_policy::Policy;
use crate::domain::password_policy::Rule;
use crate::login::form::PageForm;
use crate::login::ongoing::Ongoing;
use crate::login::page;
use crate::login::page::Problem;
use crate::login::providers;
use crate::login::providers::Provider;
use crate::login::rules;
use crate::login::rules::RuleLine;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

#[derive(Template)]
#[template(path = "login/signup.html")]
struct SignUpPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    client_name: &'a str,
    state: &'a str,
    database: Option<Database>,
    providers: Vec<Provider>,
    email: &'a str,
    email_error: Option<Problem>,
    username: &'a str,
    username_error: Option<Problem>,
    password_error: Option<Problem>,
    alert: Option<Problem>,
    rules: Vec<RuleLine>,
}

struct Database {
    requires_username: bool,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Filled<'a> {
    email: &'a str,
    username: &'a str,
    email_error: Option<Problem>,
    username_error: Option<Problem>,
    password_error: Option<Problem>,
    alert: Option<Problem>,
    /// The policy, held against the password.
    rules: Option<Vec<Rule>>,
}

/// `GET /u/signup?state=`
pub(super) async fn show(tenant: Tenant, visitor: Visitor, handle: Handle) -> Response {
    let result = Ongoing::find(&tenant, &visitor, handle.0.as_deref()).and_then(|ongoing| {
        let hint = ongoing.transaction.request.login_hint.clone().unwrap_or_default();
        render(&ongoing, StatusCode::OK, Filled { email: &hint, ..Filled::default() })
    });
    settle(result, &tenant, &visitor).await
}

/// `POST /u/signup`: signs up and in, or goes to another connection.
pub(super) async fn submit(
    tenant: Tenant,
    visitor: Visitor,
    abroad: Abroad,
    form: Result<PageForm, AuthorizeError>,
) -> Response {
    let result = match form {
        Ok(form) => create(&tenant, &visitor, &abroad, &form).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

async fn create(
    tenant: &Tenant,
    visitor: &Visitor,
    abroad: &Abroad,
    form: &PageForm,
) -> Result<Response, AuthorizeError> {
    let ongoing = Ongoing::find(tenant, visitor, form.handle())?;
    if !form.text("connection").is_empty() {
        return providers::depart(tenant, abroad, &ongoing, form.text("connection")).await;
    }
    let connection = ongoing.database().ok_or(Refusal::ConnectionNotEnabled)?;
    let some = |name: &str| Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let given = Signup {
        // The page's form always asks for an address.
        email: Some(form.text("email").trim().to_owned()),
        username: some("username"),
        password: form.text("password").to_owned(),
        ..Signup::default()
    };
    match signup::sign_up(tenant, visitor, &ongoing.client.client_id, connection, given).await {
        Ok(user_id) => {
            let proof = Proof::Password(user_id);
            arrival::sign_in(tenant, visitor, &ongoing.transaction, connection, proof).await
        }
        Err(SignupError::Internal(failure)) => Err(failure.into()),
        Err(error) => {
            let (email, username) = (form.text("email").trim(), form.text("username").trim());
            let filled = problems(ongoing.texts, error, Filled { email, username, ..Filled::default() });
            render(&ongoing, StatusCode::BAD_REQUEST, filled)
        }
    }
}

fn problems(texts: Texts, error: SignupError, filled: Filled<'_>) -> Filled<'_> {
    let problem = |code, text| Some(Problem { code, text });
    match error {
        SignupError::Invalid("email") if filled.email.is_empty() => {
            Filled { email_error: problem("no-email", texts.no_email()), ..filled }
        }
        SignupError::Invalid("email") => {
            Filled { email_error: problem("invalid-email-format", texts.invalid_email()), ..filled }
        }
        SignupError::Missing("username") => {
            Filled { username_error: problem("no-username", texts.no_username()), ..filled }
        }
        SignupError::Invalid("password") => {
            Filled { password_error: problem("password-policy-not-conformant", texts.weak_password()), ..filled }
        }
        SignupError::Invalid(_) => {
            Filled { username_error: problem("invalid-username", texts.invalid_username()), ..filled }
        }
        SignupError::Missing(_) => Filled { password_error: problem("no-password", texts.no_password()), ..filled },
        SignupError::WeakPassword(rules) => {
            let password_error = problem("password-policy-not-conformant", texts.weak_password());
            Filled { password_error, rules: Some(rules), ..filled }
        }
        // Whether an address is known isn't told.
        SignupError::Disabled | SignupError::Exists { .. } | SignupError::Internal(_) => {
            Filled { alert: problem("custom-script-error", texts.sign_up_failed()), ..filled }
        }
    }
}

fn render(ongoing: &Ongoing, status: StatusCode, filled: Filled<'_>) -> Result<Response, AuthorizeError> {
    let database = ongoing.database().filter(|database| !database.signup_is_disabled());
    let tried = filled.rules.is_some();
    let listed = filled.rules.or_else(|| database.map(|database| Policy::of(database).rules(""))).unwrap_or_default();
    let page = SignUpPage {
        texts: ongoing.texts,
        tenant_name: ongoing.tenant_name(),
        client_name: &ongoing.client.name,
        state: ongoing.handle(),
        database: database.map(|database| Database { requires_username: database.requires_username() }),
        providers: providers::of(ongoing),
        email: filled.email,
        email_error: filled.email_error,
        username: filled.username,
        username_error: filled.username_error,
        password_error: filled.password_error,
        alert: filled.alert,
        rules: rules::lines(&listed, tried),
    };
    Ok(page::answer(&ongoing.state, status, &page)?)
}
