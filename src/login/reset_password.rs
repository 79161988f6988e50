//! `/u/reset-password?ticket=`: another password, for who has the mail. Source: spec/management-api.md §8,
//! spec/universal-login.md.

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::reset;
use crate::authentication::reset::ResetError;
use crate::authentication::ticket::TicketError;
use crate::authentication::visitor::Visitor;
use crate::domain::password_policy::Policy;
use crate::domain::password_policy::Rule;
use crate::domain::ticket::Outcome;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::login::directory;
use crate::login::form::PageForm;
use crate::login::page;
use crate::login::page::Problem;
use crate::login::result;
use crate::login::result::Said;
use crate::login::result::Secret;
use crate::login::rules;
use crate::login::rules::RuleLine;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

#[derive(Template)]
#[template(path = "login/reset_password.html")]
struct ResetPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    secret: &'a str,
    /// For the browser's password keeper.
    email: &'a str,
    password_error: Option<Problem>,
    again_error: Option<Problem>,
    rules: Vec<RuleLine>,
}

/// What was wrong with what was typed.
#[derive(Default)]
struct Problems {
    password: Option<Problem>,
    again: Option<Problem>,
    /// The policy, held against the password.
    rules: Option<Vec<Rule>>,
}

/// `GET /u/reset-password?ticket=`
pub(super) async fn show(tenant: Tenant, texts: Texts, secret: Secret) -> Response {
    render(&tenant, texts, &secret.0, Problems::default())
}

/// `POST /u/reset-password`
pub(super) async fn submit(
    tenant: Tenant,
    visitor: Visitor,
    outgoing: Outgoing,
    (texts, secret): (Texts, Secret),
    form: Result<PageForm, AuthorizeError>,
) -> Response {
    let form = match form {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let secret = Some(form.text("ticket")).filter(|sent| !sent.is_empty()).unwrap_or(&secret.0);
    let typed = form.text("password-reset");
    if let Some(problems) = missing(texts, typed, form.text("re-enter-password")) {
        return render(&tenant, texts, secret, problems);
    }
    let weak = Some(Problem { code: "password-policy-not-conformant", text: texts.weak_password() });
    match reset::choose(&tenant, &visitor, &outgoing, (secret, typed)).await {
        Ok(ticket) => {
            let (heading, text) = (texts.password_changed(), texts.password_changed_text());
            let changed = Said { title: texts.reset_title(), heading, text };
            result::show(&tenant, texts, Some(&ticket), Outcome::CHANGED, changed)
        }
        Err(ResetError::WeakPassword(rules)) => {
            let problems = Problems { password: weak, rules: Some(rules), ..Problems::default() };
            render(&tenant, texts, secret, problems)
        }
        Err(ResetError::TooLong) => render(&tenant, texts, secret, Problems { password: weak, ..Problems::default() }),
        Err(ResetError::Directory(error)) => {
            let password = Some(directory::problem(texts, &error));
            render(&tenant, texts, secret, Problems { password, ..Problems::default() })
        }
        Err(ResetError::Ticket(error)) => refuse(&tenant, texts, error),
    }
}

fn missing(texts: Texts, typed: &str, again: &str) -> Option<Problems> {
    if typed.is_empty() {
        let password = Some(Problem { code: "no-password", text: texts.no_password() });
        return Some(Problems { password, ..Problems::default() });
    }
    let again = (typed != again).then(|| Problem { code: "no-match", text: texts.not_the_same() });
    again.is_some().then(|| Problems { again, ..Problems::default() })
}

/// The form, or what is wrong with the ticket.
fn render(tenant: &Tenant, texts: Texts, secret: &str, problems: Problems) -> Response {
    let state = tenant.read();
    let good = match reset::find(tenant, &state, secret) {
        Ok(good) => good,
        Err(error) => return refuse(tenant, texts, error),
    };
    let tried = problems.rules.is_some();
    let connection = state.connection_named(&good.mailbox.connection);
    // A directory's rules are its own.
    let policy = connection.filter(|connection| !connection.strategy.has_own_form());
    let policy = policy.map(|connection| Policy::of(connection).rules(""));
    let listed = problems.rules.or(policy).unwrap_or_default();
    let tenant_name = result::name_of(tenant, &state);
    let is_wrong = problems.password.is_some() || problems.again.is_some();
    let page = ResetPage {
        texts,
        tenant_name: &tenant_name,
        secret,
        email: &good.mailbox.email,
        password_error: problems.password,
        again_error: problems.again,
        rules: rules::lines(&listed, tried),
    };
    let status = if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page::answer(&state, status, &page).unwrap_or_else(Failure::into_response)
}

fn refuse(tenant: &Tenant, texts: Texts, error: TicketError) -> Response {
    let said = |heading, text| Said { title: texts.reset_title(), heading, text };
    match error {
        TicketError::Used(ticket) => {
            result::show(tenant, texts, Some(&ticket), Outcome::USED, said(texts.invalid_link(), texts.link_used()))
        }
        TicketError::Expired(ticket) => {
            let said = said(texts.link_expired(), texts.ask_again());
            result::show(tenant, texts, Some(&ticket), Outcome::EXPIRED, said)
        }
        TicketError::Unknown => {
            result::show(tenant, texts, None, Outcome::USED, said(texts.invalid_link(), texts.ask_again()))
        }
        TicketError::Internal(failure) => failure.into_response(),
    }
}
