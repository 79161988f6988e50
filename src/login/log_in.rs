//! `/u/login`: identifier and password on one page, or an address that a code is sent to, and buttons for other connections. Source: spec/universal-login.md.

use askama::Template;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::Response;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::departure::Abroad;
use crate::authentication::directory as authentication_directory;
use crate::authentication::password;
use crate::authentication::password::Attempt;
use crate::authentication::password::PasswordError;
use crate::authentication::passwordless::passcodes;
use crate::authentication::visitor::Visitor;
use crate::domain::connection::Connection;
use crate::login::captcha::Captcha;
use crate::login::directory;
use crate::login::expired;
use crate::login::form::PageForm;
use crate::login::ongoing::Ongoing;
use crate::login::page;
use crate::login::page::Problem;
use crate::login::passwordless;
use crate::login::people;
use crate::login::people::Person;
use crate::login::providers;
use crate::login::providers::Provider;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

#[derive(Template)]
#[template(path = "login/login.html")]
struct LoginPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    client_name: &'a str,
    state: &'a str,
    database: Option<Database<'a>>,
    /// Without a database: whether a code is sent by SMS, or else by e-mail.
    code_by_sms: Option<bool>,
    providers: Vec<Provider>,
    people: Vec<Person>,
    username: &'a str,
    username_error: Option<Problem>,
    password_error: Option<Problem>,
    alert: Option<Problem>,
    captcha: Option<Captcha>,
}

/// What the form is for.
struct Database<'a> {
    name: &'a str,
    requires_username: bool,
    signup: bool,
    resets: bool,
    /// Whether nobody needs a password here whose company asks for it.
    password_may_lack: bool,
}

/// What a page that is shown again says was wrong.
#[derive(Default)]
struct Problems {
    username: Option<Problem>,
    password: Option<Problem>,
    alert: Option<Problem>,
    captcha: Option<Captcha>,
}

/// `GET /u/login?state=`
pub(super) async fn show(tenant: Tenant, visitor: Visitor, handle: Handle) -> Response {
    let result = Ongoing::find(&tenant, &visitor, handle.0.as_deref()).and_then(|ongoing| {
        let hint = ongoing.transaction.request.login_hint.clone().unwrap_or_default();
        let captcha = Captcha::demanded(&ongoing, &visitor, &hint);
        render(&ongoing, StatusCode::OK, &hint, Problems { captcha, ..Problems::default() })
    });
    settle(result, &tenant, &visitor).await
}

/// `POST /u/login`: a password, or the button of another connection.
pub(super) async fn submit(
    tenant: Tenant,
    visitor: Visitor,
    abroad: Abroad,
    headers: HeaderMap,
    form: Result<PageForm, AuthorizeError>,
) -> Response {
    let result = match form {
        Ok(form) => sign_in(&tenant, &visitor, (&abroad, &headers), &form).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

async fn sign_in(
    tenant: &Tenant,
    visitor: &Visitor,
    (abroad, headers): (&Abroad, &HeaderMap),
    form: &PageForm,
) -> Result<Response, AuthorizeError> {
    let ongoing = Ongoing::find(tenant, visitor, form.handle())?;
    if !form.text("connection").is_empty() {
        return providers::depart(tenant, abroad, &ongoing, form.text("connection")).await;
    }
    if !form.text(people::FIELD).is_empty() {
        return people::sign_in(tenant, visitor, &ongoing, headers, form.text(people::FIELD)).await;
    }
    if let Some(connection) = ongoing.passwordless() {
        return send_code(tenant, visitor, &ongoing, (connection, form.text("username").trim())).await;
    }
    let (username, typed) = (form.text("username").trim(), form.text("password"));
    if let Some(home) = providers::home_of(&ongoing, username) {
        return providers::go_home(tenant, abroad, &ongoing, (home, username)).await;
    }
    let by_directory = directory::of(&ongoing, username);
    let connection = by_directory.or_else(|| ongoing.database()).ok_or(Refusal::ConnectionNotEnabled)?;
    let texts = ongoing.texts;
    let mut captcha = Captcha::demanded(&ongoing, visitor, username);
    if let Some(problems) = missing(texts, connection, username, typed) {
        return render(&ongoing, StatusCode::BAD_REQUEST, username, Problems { captcha, ..problems });
    }
    if captcha.as_mut().is_some_and(|captcha| !captcha.is_solved(&ongoing, form)) {
        return render(&ongoing, StatusCode::BAD_REQUEST, username, Problems { captcha, ..Problems::default() });
    }
    let attempt = Attempt { client_id: &ongoing.client.client_id, connection, identifier: username, password: typed };
    let mut problems = Problems { captcha, ..Problems::default() };
    if by_directory.is_some() {
        let proof = match authentication_directory::prove(tenant, visitor, &abroad.outgoing, attempt).await {
            Ok(proof) => proof,
            Err(error) if expired::is_for(connection, &error) => return expired::show(&ongoing, username),
            Err(error) => {
                let problem = directory::problem(texts, &error);
                let about_password = problem.code == "wrong-username-credentials";
                *if about_password { &mut problems.password } else { &mut problems.alert } = Some(problem);
                return render(&ongoing, StatusCode::BAD_REQUEST, username, problems);
            }
        };
        return arrival::sign_in(tenant, visitor, &ongoing.transaction, connection, proof).await;
    }
    match password::prove(tenant, visitor, attempt).await {
        Ok(user_id) => {
            let proof = Proof::Password(user_id);
            return arrival::sign_in(tenant, visitor, &ongoing.transaction, connection, proof).await;
        }
        Err(PasswordError::Wrong) => problems.password = Some(wrong_credentials(texts, connection)),
        Err(PasswordError::TooManyAttempts) => {
            problems.alert = Some(Problem { code: "user-blocked", text: texts.account_blocked() });
        }
        Err(PasswordError::Leaked) => {
            problems.alert = Some(Problem { code: "password-breached", text: texts.password_breached() });
        }
        Err(PasswordError::Internal(failure)) => {
            return Err(TrustedRedirect::of(&ongoing.transaction).refuse(Refusal::Internal(failure)));
        }
    }
    render(&ongoing, StatusCode::BAD_REQUEST, username, problems)
}

/// Without a password to ask for, a code goes to the address.
async fn send_code(
    tenant: &Tenant,
    visitor: &Visitor,
    ongoing: &Ongoing,
    (connection, address): (&Connection, &str),
) -> Result<Response, AuthorizeError> {
    match passwordless::begin(tenant, visitor, ongoing, (connection, address)).await? {
        Ok(response) => Ok(response),
        Err(problem) => {
            let problems = Problems { username: Some(problem), ..Problems::default() };
            render(ongoing, StatusCode::BAD_REQUEST, address, problems)
        }
    }
}

fn missing(texts: Texts, connection: &Connection, username: &str, password: &str) -> Option<Problems> {
    let no_username = || {
        let text = if asks_username(connection) { texts.no_username() } else { texts.no_email() };
        Problem { code: "no-username", text }
    };
    let username_problem = username.is_empty().then(no_username);
    let password_problem = password.is_empty().then(|| Problem { code: "no-password", text: texts.no_password() });
    let any = username_problem.is_some() || password_problem.is_some();
    any.then_some(Problems { username: username_problem, password: password_problem, ..Problems::default() })
}

/// Whether the form's first field is for more than e-mail addresses.
fn asks_username(connection: &Connection) -> bool {
    connection.requires_username() || connection.strategy.has_own_form()
}

fn wrong_credentials(texts: Texts, connection: &Connection) -> Problem {
    if connection.requires_username() {
        return Problem { code: "wrong-username-credentials", text: texts.wrong_username_credentials() };
    }
    Problem { code: "wrong-email-credentials", text: texts.wrong_email_credentials() }
}

fn render(
    ongoing: &Ongoing,
    status: StatusCode,
    username: &str,
    problems: Problems,
) -> Result<Response, AuthorizeError> {
    let database = ongoing.database().or_else(|| directory::of(ongoing, "")).map(|database| Database {
        name: &database.name,
        requires_username: asks_username(database),
        signup: database.strategy.is_database() && !database.signup_is_disabled(),
        resets: database.resets_passwords(),
        password_may_lack: providers::any_is_a_home(ongoing),
    });
    let page = LoginPage {
        texts: ongoing.texts,
        tenant_name: ongoing.tenant_name(),
        client_name: &ongoing.client.name,
        state: ongoing.handle(),
        database,
        code_by_sms: ongoing.passwordless().map(|connection| passcodes::attribute(connection) == "phone_number"),
        providers: providers::of(ongoing),
        people: people::of(ongoing),
        username,
        username_error: problems.username,
        password_error: problems.password,
        alert: problems.alert,
        captcha: problems.captcha,
    };
    Ok(page::answer(&ongoing.state, status, &page)?)
}
