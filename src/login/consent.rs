//! `/u/consent`: whether the app may have what it asks for. Source: spec/universal-login.md.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::authentication::authorize::consent;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::own;
use crate::authentication::visitor::Visitor;
use crate::domain::resource_server::ResourceServer;
use crate::domain::transaction::Stage;
use crate::login::form::PageForm;
use crate::login::ongoing::Ongoing;
use crate::login::page;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

#[derive(Template)]
#[template(path = "login/consent.html")]
struct ConsentPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    client_name: &'a str,
    state: &'a str,
    scopes: Vec<ScopeLine>,
}

/// A scope, in words where there are any.
struct ScopeLine {
    value: String,
    text: String,
}

/// `GET /u/consent?state=`
pub(super) async fn show(tenant: Tenant, visitor: Visitor, handle: Handle) -> Response {
    let result = waiting(&tenant, &visitor, handle.0.as_deref()).and_then(|ongoing| {
        let api = api(&tenant, &visitor, &ongoing);
        let asked = consent::asked_scopes(&ongoing.state, &ongoing.transaction, &ongoing.client, api);
        let page = ConsentPage {
            texts: ongoing.texts,
            tenant_name: ongoing.tenant_name(),
            client_name: &ongoing.client.name,
            state: ongoing.handle(),
            scopes: asked
                .iter()
                .filter(|scope| *scope != "openid")
                .map(|scope| line(ongoing.texts, api, scope))
                .collect(),
        };
        Ok(page::answer(&ongoing.state, StatusCode::OK, &page)?)
    });
    settle(result, &tenant, &visitor).await
}

/// `POST /u/consent`: `action` is `accept` or `deny`.
pub(super) async fn submit(tenant: Tenant, visitor: Visitor, form: Result<PageForm, AuthorizeError>) -> Response {
    let result = match form {
        Ok(form) => decide(&tenant, &visitor, &form).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

async fn decide(tenant: &Tenant, visitor: &Visitor, form: &PageForm) -> Result<Response, AuthorizeError> {
    let ongoing = waiting(tenant, visitor, form.handle())?;
    match form.text("action") {
        "accept" => {
            let api = api(tenant, visitor, &ongoing);
            let scopes = consent::asked_scopes(&ongoing.state, &ongoing.transaction, &ongoing.client, api);
            consent::accept(tenant, &ongoing.transaction.id, scopes).await
        }
        "deny" => consent::deny(tenant, &ongoing.transaction.id).await,
        _ => Err(Refusal::InvalidRequest("the form says neither accept nor deny".into()).into()),
    }
}

/// The login, if it waits for consent.
fn waiting(tenant: &Tenant, visitor: &Visitor, handle: Option<&str>) -> Result<Ongoing, AuthorizeError> {
    let ongoing = Ongoing::find(tenant, visitor, handle)?;
    match &ongoing.transaction.stage {
        Stage::SignedIn(_) => Ok(ongoing),
        Stage::Login | Stage::Upstream(_) => Err(Refusal::UnknownTransaction.into()),
    }
}

fn api<'a>(tenant: &Tenant, visitor: &Visitor, ongoing: &'a Ongoing) -> Option<&'a ResourceServer> {
    let audience = ongoing.transaction.request.audience.as_deref()?;
    let began_at = visitor.address.at(&ongoing.transaction.issuer);
    own::api(tenant, &ongoing.state, &began_at, audience).map(|api| &**api)
}

fn line(texts: Texts, api: Option<&ResourceServer>, scope: &str) -> ScopeLine {
    let described = api.and_then(|api| api.scopes.iter().find(|permission| permission.value == scope));
    let text = match scope {
        "profile" => texts.scope_profile(),
        "email" => texts.scope_email(),
        "offline_access" => texts.scope_offline_access(),
        _ => described.and_then(|permission| permission.description.as_deref()).unwrap_or(scope),
    };
    ScopeLine { value: scope.to_owned(), text: text.to_owned() }
}
