//! Talks to a running server from outside, over a socket, as its users do: a browser without a screen, an app that
//! signs people in, an administrator's scripts, and the control API that tests use.
//!
//! Nothing here knows how the server is made: it is as much use against another machine's server as against one
//! started in this process.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use impostor::client::app::App;
//! use impostor::client::browser::{Arrival, Browser};
//! use impostor::client::control::Control;
//! use impostor::client::people::NewPerson;
//! use impostor::client::transport::Transport;
//! use impostor::harness::Impostor;
//!
//! let impostor = Impostor::start().await?;
//! let (transport, issuer) = (Transport::new()?, format!("{}/", impostor.url()));
//! let person = NewPerson { at: "database".to_owned(), ..NewPerson::default() };
//! let ana = Control::at(transport.clone(), &issuer)?.add_person(&person).await?;
//!
//! let callback = "http://localhost:8484/callback";
//! let mut app = App::new(transport.clone(), &issuer, "acme-spa", None, callback)?;
//! let login = app.begin_login(&[])?;
//! let mut browser = Browser::new(transport).returning_to(callback);
//! let Arrival::Page(page) = browser.open(&login.url).await? else { return Err("no login page".into()) };
//! let form = page.form_with("username")?;
//! let form = form.fill("username", &ana.email.unwrap_or_default())?;
//! let form = form.fill("password", &ana.password.unwrap_or_default())?;
//! let Arrival::Callback(answer) = browser.submit(form).await? else { return Err("not signed in".into()) };
//!
//! let tokens = app.redeem(&login, &answer).await?;
//! let id_token = app.verify_id_token(&tokens.id_token.unwrap_or_default(), Some(&login)).await?;
//! assert_eq!(id_token.claims["sub"], *ana.id);
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

pub mod answer;
pub mod app;
pub mod browser;
pub mod callback;
pub mod clock;
pub mod configuration;
pub mod control;
pub mod cookies;
pub mod directory;
pub mod error;
pub mod events;
pub mod faults;
pub mod field;
pub mod fixture;
pub mod form;
pub mod imports;
pub mod issued;
pub mod journal;
pub mod journey;
pub mod jwt;
pub mod login;
pub mod logins;
pub mod logs;
pub mod mail;
pub mod management;
pub mod names;
pub mod orders;
pub mod page;
pub mod people;
pub mod relying_party;
pub mod service_provider;
pub mod snapshots;
pub mod tenants;
pub mod tokens;
pub mod traces;
pub mod transport;
