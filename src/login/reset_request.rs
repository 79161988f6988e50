//! `/u/reset-password/request/CONNECTION?state=`: asks for the mail. Source: spec/universal-login.md (URLs).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::reset;
use crate::authentication::visitor::Visitor;
use crate::domain::connection::Connection;
use crate::domain::profile::database::is_email;
use crate::login::form::PageForm;
use crate::login::ongoing::Ongoing;
use crate::login::page;
use crate::login::page::Problem;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

#[derive(Template)]
#[template(path = "login/reset_request.html")]
struct RequestPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    client_name: &'a str,
    state: &'a str,
    requires_username: bool,
    /// The name of the field: `email` or `username`.
    field: &'static str,
    known_by: &'a str,
    error: Option<Problem>,
    /// What is said once the mail is sent, or would be.
    sent: Option<String>,
}

/// What was typed, and what came of it.
#[derive(Default)]
struct Filled<'a> {
    known_by: &'a str,
    error: Option<Problem>,
    sent: Option<String>,
}

/// `GET /u/reset-password/request/CONNECTION?state=`
pub(super) async fn show(tenant: Tenant, visitor: Visitor, Path(name): Path<String>, handle: Handle) -> Response {
    let result = Ongoing::find(&tenant, &visitor, handle.0.as_deref()).and_then(|ongoing| {
        let hint = ongoing.transaction.request.login_hint.clone().unwrap_or_default();
        let connection = connection(&ongoing, &name)?;
        render(&ongoing, connection, Filled { known_by: &hint, ..Filled::default() })
    });
    settle(result, &tenant, &visitor).await
}

/// `POST /u/reset-password/request/CONNECTION`: the answer is the same whether or not there is such a user.
pub(super) async fn submit(
    tenant: Tenant,
    visitor: Visitor,
    Path(name): Path<String>,
    form: Result<PageForm, AuthorizeError>,
) -> Response {
    let result = match form {
        Ok(form) => request(&tenant, &visitor, &name, &form).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

async fn request(tenant: &Tenant, visitor: &Visitor, name: &str, form: &PageForm) -> Result<Response, AuthorizeError> {
    let ongoing = Ongoing::find(tenant, visitor, form.handle())?;
    let (connection, texts) = (connection(&ongoing, name)?, ongoing.texts);
    let known_by = form.text(field(connection)).trim();
    let error = match connection.requires_username() {
        true if known_by.is_empty() => Some(Problem { code: "no-username", text: texts.no_username() }),
        false if known_by.is_empty() => Some(Problem { code: "no-email", text: texts.no_email() }),
        false if !is_email(known_by) => Some(Problem { code: "invalid-email-format", text: texts.invalid_email() }),
        _ => None,
    };
    if error.is_some() {
        return render(&ongoing, connection, Filled { known_by, error, ..Filled::default() });
    }
    reset::request(tenant, visitor, Some(&ongoing.client.client_id), connection, known_by).await?;
    let sent = Some(texts.check_email_text(known_by));
    render(&ongoing, connection, Filled { known_by, sent, ..Filled::default() })
}

/// The database, if the login may use it and people may help themselves there.
fn connection<'a>(ongoing: &'a Ongoing, name: &str) -> Result<&'a Connection, AuthorizeError> {
    let mut databases = ongoing.connections.iter().filter(|connection| connection.resets_passwords());
    let found = databases.find(|connection| connection.name == name);
    Ok(&**found.ok_or(Refusal::ConnectionNotEnabled)?)
}

fn field(connection: &Connection) -> &'static str {
    if connection.requires_username() { "username" } else { "email" }
}

fn render(ongoing: &Ongoing, connection: &Connection, filled: Filled<'_>) -> Result<Response, AuthorizeError> {
    let status = if filled.error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = RequestPage {
        texts: ongoing.texts,
        tenant_name: ongoing.tenant_name(),
        client_name: &ongoing.client.name,
        state: ongoing.handle(),
        requires_username: connection.requires_username(),
        field: field(connection),
        known_by: filled.known_by,
        error: filled.error,
        sent: filled.sent,
    };
    Ok(page::answer(&ongoing.state, status, &page)?)
}
