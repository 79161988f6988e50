//! `/u/login/password-expired`: a password of a directory that has expired, or that has to be changed, is changed. The
//! address and the names are our own: the real ones are not recorded. Source: spec/enterprise.md §2.5, §2.7.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::authentication::arrival;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::directory as authentication_directory;
use crate::authentication::directory::DirectoryError;
use crate::authentication::password::Attempt;
use crate::authentication::visitor::Visitor;
use crate::connections::ad::refusal::AdRefusal;
use crate::domain::connection::Connection;
use crate::http::outgoing::Outgoing;
use crate::login::directory;
use crate::login::form::PageForm;
use crate::login::ongoing::Ongoing;
use crate::login::page;
use crate::login::page::Problem;
use crate::login::texts::Texts;
use crate::login::texts::texts;
use crate::store::tenant::Tenant;

#[derive(Template)]
#[template(path = "login/expired.html")]
struct ExpiredPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    state: &'a str,
    username: &'a str,
    current_error: Option<Problem>,
    password_error: Option<Problem>,
    again_error: Option<Problem>,
    alert: Option<Problem>,
}

/// What was wrong with what was typed.
#[derive(Default)]
struct Problems {
    current: Option<Problem>,
    password: Option<Problem>,
    again: Option<Problem>,
    alert: Option<Problem>,
}

/// Whether somebody who was refused so may choose another password at once.
pub(super) fn is_for(connection: &Connection, error: &DirectoryError) -> bool {
    let refused =
        matches!(error, DirectoryError::Refused(AdRefusal::PasswordExpired | AdRefusal::PasswordChangeRequired));
    refused && connection.resets_passwords()
}

/// The page, for who typed the right password that has expired.
pub(super) fn show(ongoing: &Ongoing, username: &str) -> Result<Response, AuthorizeError> {
    render(ongoing, StatusCode::OK, username, Problems::default())
}

/// `GET /u/login/password-expired?state=`: whoever comes without a name has to say it first.
pub(super) async fn begin(tenant: Tenant, visitor: Visitor, handle: Handle) -> Response {
    let result = Ongoing::find(&tenant, &visitor, handle.0.as_deref())
        .and_then(|ongoing| Ok(redirect(&format!("/u/login?state={}", ongoing.handle()))?));
    settle(result, &tenant, &visitor).await
}

/// `POST /u/login/password-expired`
pub(super) async fn submit(
    tenant: Tenant,
    visitor: Visitor,
    outgoing: Outgoing,
    form: Result<PageForm, AuthorizeError>,
) -> Response {
    let result = match form {
        Ok(form) => change(&tenant, &visitor, &outgoing, &form).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

/// Changes the password, and signs in with the new one.
async fn change(
    tenant: &Tenant,
    visitor: &Visitor,
    outgoing: &Outgoing,
    form: &PageForm,
) -> Result<Response, AuthorizeError> {
    let ongoing = Ongoing::find(tenant, visitor, form.handle())?;
    let username = form.text("username").trim();
    let connection = directory::of(&ongoing, username).filter(|connection| connection.resets_passwords());
    let connection = connection.ok_or(Refusal::ConnectionNotEnabled)?;
    let (current, new) = (form.text("password-current"), form.text("password-reset"));
    let again = |problems| render(&ongoing, StatusCode::BAD_REQUEST, username, problems);
    if let Some(problems) = missing(ongoing.texts, (current, new, form.text("re-enter-password"))) {
        return again(problems);
    }
    let client_id = &ongoing.client.client_id;
    let attempt = Attempt { client_id, connection, identifier: username, password: current };
    match authentication_directory::change_password(tenant, visitor, outgoing, (attempt, new)).await {
        Ok(proof) => arrival::sign_in(tenant, visitor, &ongoing.transaction, connection, proof).await,
        Err(error) => again(problems(ongoing.texts, &error)),
    }
}

fn problems(texts: Texts, error: &DirectoryError) -> Problems {
    let problem = Some(directory::problem(texts, error));
    match error {
        DirectoryError::Refused(AdRefusal::WrongPassword | AdRefusal::WrongUsername) => {
            Problems { current: problem, ..Problems::default() }
        }
        DirectoryError::Refused(AdRefusal::PasswordComplexity) => Problems { password: problem, ..Problems::default() },
        _ => Problems { alert: problem, ..Problems::default() },
    }
}

fn missing(texts: Texts, (current, new, again): (&str, &str, &str)) -> Option<Problems> {
    let none = || Some(Problem { code: "no-password", text: texts.no_password() });
    let differs = || Some(Problem { code: "no-match", text: texts.not_the_same() });
    match () {
        () if current.is_empty() => Some(Problems { current: none(), ..Problems::default() }),
        () if new.is_empty() => Some(Problems { password: none(), ..Problems::default() }),
        () if new != again => Some(Problems { again: differs(), ..Problems::default() }),
        () => None,
    }
}

fn render(
    ongoing: &Ongoing,
    status: StatusCode,
    username: &str,
    problems: Problems,
) -> Result<Response, AuthorizeError> {
    let page = ExpiredPage {
        texts: ongoing.texts,
        tenant_name: ongoing.tenant_name(),
        state: ongoing.handle(),
        username,
        current_error: problems.current,
        password_error: problems.password,
        again_error: problems.again,
        alert: problems.alert,
    };
    Ok(page::answer(&ongoing.state, status, &page)?)
}

texts! {
    expired_title: "Choose another password", "Wählen Sie ein anderes Passwort", "Elija otra contraseña",
        "Choisissez un autre mot de passe", "Escolha outra senha";
    expired_text: "Your password has expired, or has to be changed before you can log in.",
        "Ihr Passwort ist abgelaufen oder muss geändert werden, bevor Sie sich anmelden können.",
        "Su contraseña ha caducado, o debe cambiarla antes de iniciar sesión.",
        "Votre mot de passe a expiré, ou doit être changé avant de vous connecter.",
        "Sua senha expirou, ou precisa ser alterada antes de entrar.";
    current_password: "Current password", "Aktuelles Passwort", "Contraseña actual", "Mot de passe actuel",
        "Senha atual";
}
