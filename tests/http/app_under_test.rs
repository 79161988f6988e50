//! Scenarios that drive an app which runs by itself, and many scenarios at a time.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;
use impostor::client::app::App;
use impostor::client::callback::{Callback, ResponseMode};
use impostor::client::control::Control;
use impostor::client::login::Login;
use impostor::client::transport::Transport;
use impostor::gherkin::options::{Format, RunOptions, Summary};
use impostor::gherkin::run::run;
use impostor::harness::Impostor;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

type Shared = Arc<Mutex<(App, Option<Login>)>>;

/// An app with `/login`, `/callback`, `/logout` and a first page that says who is signed in.
async fn start_app(impostor: &Impostor) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let secret = Some("acme-web-secret-for-local-tests-only".to_owned());
    let issuer = format!("{}/", impostor.url());
    let callback = format!("{url}/callback");
    let app = App::new(Transport::new().unwrap(), &issuer, "acme-web", secret, &callback).unwrap();
    let routes = Router::new().route("/login", get(login)).route("/callback", get(arrive)).route("/", get(home));
    let routes =
        routes.route("/logout", get(async || ([("set-cookie", "who=; Max-Age=0; Path=/")], Redirect::to("/"))));
    let routes = routes.with_state(Arc::new(Mutex::new((app, None))));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

async fn login(State(shared): State<Shared>) -> Redirect {
    let mut shared = shared.lock().await;
    let login = shared.0.begin_login(&[]).unwrap();
    let to = Redirect::to(&login.url);
    shared.1 = Some(login);
    to
}

async fn arrive(State(shared): State<Shared>, Query(parameters): Query<Vec<(String, String)>>) -> impl IntoResponse {
    let (app, login) = shared.lock().await.clone();
    let url = "http://localhost/callback".parse().unwrap();
    let callback = Callback { url, mode: ResponseMode::Query, parameters };
    let tokens = app.redeem(&login.unwrap(), &callback).await.unwrap();
    let claims = app.verify(&tokens.id_token.unwrap()).await.unwrap().claims;
    let cookie = format!("who={}; Path=/", claims["email"].as_str().unwrap());
    ([("set-cookie", cookie)], Redirect::to("/"))
}

async fn home(headers: HeaderMap) -> Html<String> {
    let cookies = headers.get("cookie").and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let who = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("who="));
    Html(who.map_or_else(|| "<p>Please sign in</p>".to_owned(), |who| format!("<p>Welcome, {who}</p>")))
}

async fn run_text(impostor: &Impostor, name: &str, text: &str, jobs: usize) -> (Summary, String) {
    let folder = std::env::temp_dir().join(format!("impostor-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (feature, report) = (folder.join("it.feature"), folder.join("report"));
    fs::write(&feature, text).unwrap();
    let options = RunOptions {
        features: vec![feature],
        report: Some(report.clone()),
        quiet: true,
        ..RunOptions::shipped(impostor.url())
    };
    let summary = run(RunOptions { format: Format::Junit, concurrency: jobs, ..options }).await.unwrap();
    let report = fs::read_to_string(report).unwrap();
    if summary.failed > 0 {
        // The runner keeps panics from being printed.
        use std::io::Write as _;
        drop(writeln!(std::io::stderr(), "{report}"));
    }
    fs::remove_dir_all(folder).unwrap();
    (summary, report)
}

#[tokio::test]
async fn a_scenario_drives_an_app_through_its_own_redirects() {
    let impostor = Impostor::start().await.unwrap();
    let app = start_app(&impostor).await;
    let text = format!(
        r#"Feature: The shop
  Background:
    Given the app at "{app}"
    And "ana" has a Facebook account with "email" "ada@shop.example"

  Scenario: In and out
    When "ana" signs in to the app with "facebook"
    Then the app shows "Welcome, ada@shop.example"
    And the app received an ID token whose "email" is "ada@shop.example"
    And "ana" is signed in to the app as "ada@shop.example"
    When "ana" signs out of the app
    Then the app shows "Please sign in"

  Scenario: Nobody yet
    When "ana" opens "/" in the app
    Then the app shows "Please sign in"
    And the app received no ID token

  Scenario: A wrong expectation
    When "ana" signs in to the app with Facebook
    Then the app shows "Good morning"
"#
    );
    let (summary, report) = run_text(&impostor, "shop", &text, 8).await;
    assert_eq!((summary.passed, summary.failed), (2, 1), "{report}");
    for said in
        ["which says: Welcome, ada@shop.example", "what led there:", "/authorize?", "the tenant log", "code=***"]
    {
        assert!(report.contains(said), "{said} in {report}");
    }
}

#[tokio::test]
async fn five_hundred_scenarios_run_side_by_side_and_leave_nothing() {
    let impostor = Impostor::start().await.unwrap();
    let mut text = "Feature: Many\n".to_owned();
    for number in 0..500 {
        let email = format!("ana{number}@people.example");
        write!(text, "  Scenario: {number}\n    Given \"ana\" has a Google account with \"email\" \"{email}\"\n    When \"ana\" signs in with Google\n    Then the ID token of \"ana\" has \"email\" \"{email}\"\n").unwrap();
    }
    let (summary, report) = run_text(&impostor, "many", &text, 64).await;
    assert_eq!((summary.passed, summary.failed), (500, 0), "{report}");
    let control = Control::at(Transport::new().unwrap(), impostor.url()).unwrap();
    let left: Vec<_> = control.tenants().await.unwrap().into_iter().map(|tenant| tenant.name).collect();
    assert_eq!(left, ["acme"]);
}
