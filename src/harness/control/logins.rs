//! Logins without a browser: the harness walks the redirects, forms and provider's pages itself, as a person would.

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::client::app::App;
use crate::client::browser::Arrival;
use crate::client::browser::Browser;
use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::client::journey::Journey;
use crate::domain::client::Client;
use crate::domain::strategy::Kind;
use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::harness::control::login_view::CallbackView;
use crate::harness::control::login_view::LoginView;
use crate::harness::control::login_view::PageView;
use crate::harness::traveller;
use crate::http::address::Address;
use crate::server::service::Service;
use crate::server::site::Site;

/// A login to be walked through.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginRequest {
    /// A `user_id`, an e-mail address, a username, or `FAKE:ID` of an account at a fake (`google:1015801`).
    person: String,
    /// The app's `client_id` or name; the tenant's first client that signs people in, if not given.
    client: Option<String>,
    /// The connection to sign in with, where the person has several accounts.
    connection: Option<String>,
    /// One of the client's callbacks; the first one, if not given. It is not called.
    redirect_uri: Option<String>,
    /// `openid profile email`, if not given.
    scope: Option<String>,
    /// The API's identifier.
    audience: Option<String>,
    /// The organization's id.
    organization: Option<String>,
    /// More parameters for `/authorize`; they beat the others, and an empty one leaves a parameter out.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// The password to type, where it isn't known (only its hash is) or is to be a wrong one.
    password: Option<String>,
    /// Permissions to decline at the provider.
    #[serde(default)]
    declines: Vec<String>,
    /// Whether the person turns back at the provider.
    #[serde(default)]
    cancels: bool,
    /// Whether the person says yes on the tenant's consent page.
    #[serde(default = "yes")]
    consents: bool,
    /// Whether the code is exchanged for tokens; else it is left for the app.
    #[serde(default)]
    exchange: bool,
}

fn yes() -> bool {
    true
}

/// Signs somebody in as a browser would, and tells what the app's callback received.
///
/// The login is a real one: the tenant's state and log have it, faults strike it. It is taken at the address of the call.
#[utoipa::path(post, path = "/logins", tag = "logins", request_body = LoginRequest, responses((status = 200, description = "How it went, also where it failed", body = LoginView), ControlError))]
pub(super) async fn create(
    site: Site,
    service: Service,
    address: Address,
    headers: HeaderMap,
    Body(request): Body<LoginRequest>,
) -> Result<Json<LoginView>, ControlError> {
    let mut journey = journey(&site, &request)?;
    let client = traveller::client(&site.tenant.read(), request.client.as_deref())?;
    let redirect_uri = match &request.redirect_uri {
        Some(given) => given.clone(),
        None => traveller::callback(&client).ok_or_else(|| {
            ControlError::Invalid(format!("the client {} has no callback: give a \"redirect_uri\"", client.client_id))
        })?,
    };
    let transport = service.own_transport().map_err(ControlError::walking)?;
    let mut parameters = parameters(&request, &client)?;
    if let Some(connection) = journey.connection.clone().filter(|name| is_passwordless(&site, name)) {
        let outbox = match headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' ')) {
            Some((_, key)) => transport.clone().bearing(key).map_err(ControlError::walking)?,
            None => transport.clone(),
        };
        journey.codes = Some(Control::at(outbox, address.issuer()).map_err(ControlError::walking)?);
        parameters.push(("connection".to_owned(), connection));
    }
    let secret = client.client_secret.clone().filter(|_| !client.is_public());
    let app = App::new(transport.clone(), &address.issuer(), client.client_id.as_str(), secret, &redirect_uri);
    let mut app = app.map_err(ControlError::walking)?;
    let login = app.begin_login(&parameters).map_err(ControlError::walking)?;
    let mut browser = Browser::new(transport).returning_to(&redirect_uri);
    let opened = browser.open(&login.url).await.map_err(ControlError::walking)?;
    let arrival = journey.travel(&mut browser, opened).await.map_err(ControlError::walking)?;
    let mut view = LoginView::of(&browser, &login);
    match arrival {
        Arrival::Page(page) => view.page = Some(PageView::of(&page)),
        Arrival::Callback(callback) => {
            if request.exchange && callback.get("code").is_some() {
                let tokens = app.redeem(&login, &callback).await.map_err(ControlError::walking)?;
                if let Some(id_token) = &tokens.id_token {
                    let checked = app.verify_id_token(id_token, Some(&login)).await.map_err(ControlError::walking)?;
                    view.claims = Some(checked.claims);
                }
                view.tokens = Some(tokens.to_map());
            }
            view.callback = Some(CallbackView::of(callback));
        }
    }
    Ok(Json(view))
}

fn is_passwordless(site: &Site, connection: &str) -> bool {
    let state = site.tenant.read();
    state.connection_named(connection).is_some_and(|connection| connection.strategy.kind() == Kind::Passwordless)
}

fn journey(site: &Site, request: &LoginRequest) -> Result<Journey, ControlError> {
    let way = traveller::way(site, &request.person, request.connection.as_deref())?;
    if way.connection.is_none() && way.account.password.is_none() && request.password.is_none() {
        return Err(ControlError::Invalid(format!(
            "only a hash is known of the password of \"{}\": give the \"password\"",
            request.person
        )));
    }
    Ok(Journey {
        password: request.password.clone(),
        declines: request.declines.clone(),
        cancels: request.cancels,
        refuses_consent: !request.consents,
        ..way
    })
}

/// What goes to `/authorize` besides the usual.
fn parameters(request: &LoginRequest, client: &Client) -> Result<Vec<(String, String)>, ControlError> {
    let named = [
        ("scope", request.scope.as_deref()),
        ("audience", request.audience.as_deref()),
        ("organization", request.organization.as_deref()),
    ];
    let mut parameters: Vec<(String, String)> =
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
    if !request.exchange && !request.parameters.contains_key("code_challenge") {
        // The code is the app's to exchange, and it knows no verifier of ours.
        parameters.extend(["code_challenge", "code_challenge_method"].map(|name| (name.to_owned(), String::new())));
    }
    for (name, value) in &request.parameters {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                let message = format!("the parameter \"{name}\" must be a text, a number or a truth value");
                return Err(ControlError::Invalid(message));
            }
        };
        if name == "client_id" && text != client.client_id.as_str() {
            return Err(ControlError::Invalid("name the client by \"client\"".to_owned()));
        }
        parameters.retain(|(known, _)| known != name);
        parameters.push((name.clone(), text));
    }
    Ok(parameters)
}

impl ControlError {
    /// What a walk through a login stumbled over.
    fn walking(error: ClientError) -> Self {
        Self::Conflict(format!("the login can't go on: {error}"))
    }
}
