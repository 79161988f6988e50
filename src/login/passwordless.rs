//! `/u/login/passwordless-email-challenge` and `-sms-challenge`: the code that was sent is typed.
//! Source: spec/universal-login.md (URLs), spec/authentication-api.md §7.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::authorize::transaction;
use crate::authentication::passwordless::error::PasswordlessError;
use crate::authentication::passwordless::passcodes;
use crate::authentication::passwordless::passcodes::Recipient;
use crate::authentication::visitor::Visitor;
use crate::domain::connection::Connection;
use crate::domain::passcode::PasscodeError;
use crate::domain::transaction::Addressed;
use crate::login::form::PageForm;
use crate::login::ongoing::Ongoing;
use crate::login::page;
use crate::login::page::Problem;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

#[derive(Template)]
#[template(path = "login/passwordless.html")]
struct ChallengePage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    state: &'a str,
    is_sms: bool,
    address: &'a str,
    error: Option<Problem>,
    /// Another code has just been sent.
    resent: bool,
}

/// Sends the code to whom the person says they are, and shows the page to type it on. What is wrong with the address is
/// for the page that asks for it.
///
/// # Errors
/// The error page, or at the app.
pub(super) async fn begin(
    tenant: &Tenant,
    visitor: &Visitor,
    ongoing: &Ongoing,
    (connection, address): (&Connection, &str),
) -> Result<Result<Response, Problem>, AuthorizeError> {
    let texts = ongoing.texts;
    let is_sms = passcodes::attribute(connection) == "phone_number";
    if address.is_empty() {
        let text = if is_sms { texts.no_phone() } else { texts.no_email() };
        return Ok(Err(Problem { code: if is_sms { "no-phone" } else { "no-email" }, text }));
    }
    if !passcodes::fits(connection, address) {
        let (code, text) = if is_sms {
            ("invalid-phone-format", texts.invalid_phone())
        } else {
            ("invalid-email-format", texts.invalid_email())
        };
        return Ok(Err(Problem { code, text }));
    }
    match send(tenant, visitor, ongoing, (connection, address)).await {
        Ok(()) => {}
        Err(PasswordlessError::Internal(failure)) => {
            return Err(TrustedRedirect::of(&ongoing.transaction).refuse(Refusal::Internal(failure)));
        }
        // Nobody new is taken.
        Err(_) => return Ok(Err(Problem { code: "auth0-users-validation", text: texts.signups_disabled() })),
    }
    let addressed = Addressed { connection: connection.name.clone(), address: address.to_owned() };
    let kept = tenant.write(|tx| -> Result<(), AuthorizeError> {
        let mut transaction = transaction::again(tx, &ongoing.transaction.id)?;
        transaction.addressed = Some(addressed);
        tx.transactions.put(transaction.id.clone(), transaction);
        Ok(())
    });
    kept.await?;
    let kind = if is_sms { "sms" } else { "email" };
    Ok(Ok(redirect(&format!("/u/login/passwordless-{kind}-challenge?state={}", ongoing.handle()))?))
}

async fn send(
    tenant: &Tenant,
    visitor: &Visitor,
    ongoing: &Ongoing,
    (connection, address): (&Connection, &str),
) -> Result<(), PasswordlessError> {
    let recipient = Recipient { client_id: &ongoing.client.client_id, connection, address };
    passcodes::send(tenant, visitor, recipient, None).await.map(drop)
}

/// `GET /u/login/passwordless-…-challenge?state=`
pub(super) async fn show(tenant: Tenant, visitor: Visitor, handle: Handle) -> Response {
    let result = Ongoing::find(&tenant, &visitor, handle.0.as_deref()).and_then(|ongoing| {
        let Some((connection, address)) = addressed(&ongoing) else { return back(&ongoing) };
        render(&ongoing, (connection, address), (None, false))
    });
    settle(result, &tenant, &visitor).await
}

/// `POST /u/login/passwordless-…-challenge`: a code, or the button for another one.
pub(super) async fn submit(tenant: Tenant, visitor: Visitor, form: Result<PageForm, AuthorizeError>) -> Response {
    let result = match form {
        Ok(form) => sign_in(&tenant, &visitor, &form).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

async fn sign_in(tenant: &Tenant, visitor: &Visitor, form: &PageForm) -> Result<Response, AuthorizeError> {
    let ongoing = Ongoing::find(tenant, visitor, form.handle())?;
    let Some((connection, address)) = addressed(&ongoing) else { return back(&ongoing) };
    let texts = ongoing.texts;
    if form.text("action") == "resend-code" {
        let sent = send(tenant, visitor, &ongoing, (connection, address)).await;
        sent.map_err(|_| TrustedRedirect::of(&ongoing.transaction).refuse(Refusal::ConnectionNotEnabled))?;
        return render(&ongoing, (connection, address), (None, true));
    }
    let code = form.text("code").trim();
    if code.is_empty() {
        let problem = Problem { code: "no-code", text: texts.no_code() };
        return render(&ongoing, (connection, address), (Some(problem), false));
    }
    let client_id = &ongoing.client.client_id;
    let problem = match passcodes::prove(tenant, (client_id, connection), address, code).await? {
        Ok(proven) => {
            let proof = Proof::Passcode(proven);
            return arrival::sign_in(tenant, visitor, &ongoing.transaction, connection, proof).await;
        }
        Err(PasscodeError::Wrong) => Problem { code: "invalid-code", text: texts.wrong_code() },
        Err(PasscodeError::TooManyTries) => Problem { code: "too-many-failures", text: texts.too_many_codes() },
    };
    render(&ongoing, (connection, address), (Some(problem), false))
}

/// Whom a code was sent in this login, as long as the client may use the connection.
fn addressed(ongoing: &Ongoing) -> Option<(&Connection, &str)> {
    let addressed = ongoing.transaction.addressed.as_ref()?;
    let mut connections = ongoing.connections.iter();
    let connection = connections.find(|connection| connection.name == addressed.connection)?;
    Some((connection, addressed.address.as_str()))
}

/// To where the address is asked for.
fn back(ongoing: &Ongoing) -> Result<Response, AuthorizeError> {
    Ok(redirect(&format!("/u/login?state={}", ongoing.handle()))?)
}

fn render(
    ongoing: &Ongoing,
    (connection, address): (&Connection, &str),
    (error, resent): (Option<Problem>, bool),
) -> Result<Response, AuthorizeError> {
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = ChallengePage {
        texts: ongoing.texts,
        tenant_name: ongoing.tenant_name(),
        state: ongoing.handle(),
        is_sms: passcodes::attribute(connection) == "phone_number",
        address,
        error,
        resent,
    };
    Ok(page::answer(&ongoing.state, status, &page)?)
}
