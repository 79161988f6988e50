//! What one scenario has: its tenant, its app, its people.

use crate::client::answer::Answer;
use crate::client::app::App;
use crate::client::browser::Browser;
use crate::client::callback::Callback;
use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::client::logins::LoginTaken;
use crate::client::management::{Management, SECRET_SUFFIX};
use crate::client::page::Page;
use crate::client::tenants::{Fork, TenantAddress};
use crate::client::transport::Transport;
use crate::gherkin::known::Known;
use crate::gherkin::linking::Linking;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::site::Site;
use crate::gherkin::steps::directory::Program;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// The callback of the app that scenarios play; nobody listens there, the browser stops before it.
pub const CALLBACK: &str = "http://localhost:8484/callback";

/// Where scenarios run.
#[derive(Debug, Clone)]
pub struct Target {
    /// The connections to it.
    pub transport: Transport,
    /// Those to its control API, with the key.
    pub steering: Transport,
    /// The server's address.
    pub address: String,
    /// The tenant that is forked unless a scenario says otherwise.
    pub tenant: String,
    /// The address of the app under test, for scenarios that do not say it.
    pub app_url: Option<String>,
}

/// The state of one scenario. The tenant is forked when the first step needs it.
#[derive(Debug, Default, cucumber::World)]
pub struct World {
    target: Option<Arc<Target>>,
    fork_name: String,
    from: Option<String>,
    tenant: Option<TenantAddress>,
    shared: bool,
    management: Option<Management>,
    app: Option<App>,
    people: BTreeMap<String, Known>,
    /// The tenant that the scenario began in, while it is in a fork of it.
    home: Option<TenantAddress>,
    /// Forks that the scenario made, by the names it calls them by.
    pub forks: BTreeMap<String, TenantAddress>,
    /// The app under test.
    pub site: Option<Site>,
    /// The page that was shown last in the app under test, and to whom.
    pub shown: Option<(Person, Page)>,
    /// The `client_id` of the app, or its name, where a step named it.
    pub client_id: Option<String>,
    /// What the app sends to `/authorize` besides or instead of the usual.
    pub parameters: Vec<(String, String)>,
    /// How the last link or unlink went.
    pub linking: Linking,
    /// What the app or the administrator was refused with last: code and message.
    pub refusal: Option<(String, String)>,
    /// Where the last link of a mail led, if away from the tenant.
    pub landing: Option<Callback>,
    /// The address that the administrator's last ticket stands in, or the id of the last job.
    pub handed_out: Option<String>,
    /// What the administrator's last search found.
    pub found: Option<Vec<Value>>,
    /// The id of the fault that was asked for last.
    pub fault: Option<String>,
    /// How the last login went that the harness took by itself.
    pub taken: Option<LoginTaken>,
    /// The program that talks to the directory.
    pub program: Option<Program>,
    /// Whether the tenant's directory gets a port.
    speaks_ldap: bool,
    /// How the last plain request was answered.
    pub answered: Option<Result<Answer, ClientError>>,
}

impl World {
    /// Tells a new world where to run; its tenant will be called `fork_name`, or nearly so.
    pub fn begin(&mut self, target: Arc<Target>, fork_name: String) {
        self.target = Some(target);
        self.fork_name = fork_name;
    }

    /// Removes the scenario's tenant. A server that is gone or slow must not fail a scenario that passed, so
    /// whether that works is not asked.
    pub async fn end(&mut self) {
        let tenant = self.home.take().or_else(|| self.tenant.take());
        if let (Some(target), Some(tenant)) = (&self.target, tenant)
            && let Ok(control) = Control::at(target.steering.clone(), &target.address)
        {
            for fork in std::mem::take(&mut self.forks).into_values() {
                drop(control.delete_tenant(&fork.name).await);
            }
            if self.shared {
                drop(control.reset().await);
                return;
            }
            drop(control.delete_tenant(&tenant.name).await);
        }
    }

    /// Has the scenario go on in a fork, or where it began. Browsers and tokens of before are left behind.
    ///
    /// # Errors
    /// As [`World::tenant`].
    pub(crate) async fn enter(&mut self, fork: Option<TenantAddress>) -> Result<(), Failure> {
        let here = self.tenant().await?;
        let home = self.home.take().unwrap_or(here);
        self.tenant = Some(fork.clone().unwrap_or_else(|| home.clone()));
        self.home = fork.map(|_| home);
        (self.management, self.app) = (None, None);
        for known in self.people.values_mut() {
            (known.browser, known.outcome) = (None, None);
        }
        Ok(())
    }

    /// Has the scenario run on the target's tenant itself, which is reset before and after.
    pub(crate) fn share_tenant(&mut self) {
        self.shared = true;
    }

    /// The app under test.
    ///
    /// # Errors
    /// A [`Failure`] when no step named it.
    pub fn site(&self) -> Result<&Site, Failure> {
        self.site.as_ref().ok_or_else(|| Failure::new("to know the app (Given the app at \"…\")", "no step named it"))
    }

    /// The address of the app under test that the run was told.
    ///
    /// # Errors
    /// A [`Failure`] when it was told none.
    pub fn app_url(&self) -> Result<String, Failure> {
        let none = || Failure::new("the address of the app under test", "the run was told none (--app-url)");
        self.target()?.app_url.clone().ok_or_else(none)
    }

    async fn shared_tenant(&mut self, control: &Control, target: &Target) -> Result<TenantAddress, Failure> {
        if let Some(from) = &self.from {
            return Err(Failure::new(
                "an app under test to use the tenant that it is configured for",
                format!("a tenant like {from:?}"),
            ));
        }
        control.reset().await?;
        let issuer = format!("{}/", target.address.trim_end_matches('/'));
        let all = control.tenants().await?;
        let of_target = all.into_iter().find(|tenant| tenant.name == target.tenant);
        let none = || Failure::new(format!("the tenant {:?} at {issuer}", target.tenant), "no tenant of that name");
        let found = of_target.ok_or_else(none)?;
        Ok(self.tenant.insert(TenantAddress { issuer, ..found }).clone())
    }

    /// Has the directory of the scenario's tenant speak LDAP, if it isn't made yet.
    pub(crate) fn speak_ldap(&mut self) {
        self.speaks_ldap = true;
    }

    /// The machine that the server runs on.
    ///
    /// # Errors
    /// A [`Failure`] when the world was not told where to run.
    pub(crate) fn host(&self) -> Result<String, Failure> {
        let address = self.target()?.address.clone();
        let host = Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.ok_or_else(|| Failure::new("an address with a host", address))
    }

    /// Has the scenario's tenant forked from another one than usual.
    pub fn fork_from(&mut self, tenant: &str) {
        self.from = Some(tenant.to_owned());
    }

    /// The scenario's tenant.
    ///
    /// # Errors
    /// A [`Failure`] when it can't be forked.
    pub async fn tenant(&mut self) -> Result<TenantAddress, Failure> {
        if let Some(tenant) = &self.tenant {
            return Ok(tenant.clone());
        }
        let target = self.target()?;
        let control = Control::at(target.steering.clone(), &target.address)?;
        if self.shared {
            return self.shared_tenant(&control, &target).await;
        }
        let from = self.from.clone().unwrap_or_else(|| target.tenant.clone());
        let mut fork =
            Fork { from, name: Some(self.fork_name.clone()), port: false, ldap: self.speaks_ldap, ..Fork::default() };
        let mut made = control.fork(&fork).await;
        for again in 2..10 {
            // An earlier run that was cut short may have left a tenant of this name behind.
            if !made.as_ref().is_err_and(|error| error.refusal().is_some_and(|refusal| refusal.status == 409)) {
                break;
            }
            fork.name = Some(format!("{}-{again}", self.fork_name));
            made = control.fork(&fork).await;
        }
        Ok(self.tenant.insert(made?).clone())
    }

    /// The control API of the scenario's tenant.
    ///
    /// # Errors
    /// A [`Failure`] when there is no tenant to be had.
    pub async fn control(&mut self) -> Result<Control, Failure> {
        let tenant = self.tenant().await?;
        Ok(Control::at(self.target()?.steering.clone(), &tenant.issuer)?)
    }

    /// The Management API of the scenario's tenant.
    ///
    /// # Errors
    /// A [`Failure`] when it gives out no token.
    pub async fn management(&mut self) -> Result<Management, Failure> {
        if let Some(management) = &self.management {
            return Ok(management.clone());
        }
        let tenant = self.tenant().await?;
        let target = self.target()?;
        let client_id = self.management_client()?;
        let secret = format!("{client_id}{SECRET_SUFFIX}");
        let connected = Management::connect(target.transport.clone(), &tenant.issuer, &client_id, &secret).await?;
        Ok(self.management.insert(connected).clone())
    }

    /// The client that the administrator's scripts are.
    ///
    /// # Errors
    /// A [`Failure`] when the world was not told where to run.
    pub fn management_client(&self) -> Result<String, Failure> {
        let target = self.target()?;
        Ok(format!("{}-management", self.from.as_ref().unwrap_or(&target.tenant)))
    }

    /// The connections to the server.
    ///
    /// # Errors
    /// As [`World::management_client`].
    pub fn transport(&self) -> Result<Transport, Failure> {
        Ok(self.target()?.transport.clone())
    }

    /// Has the Management API's token fetched anew: the clock was moved, and it may have expired.
    pub fn forget_tokens(&mut self) {
        self.management = None;
    }

    /// The app of the scenario.
    ///
    /// # Errors
    /// A [`Failure`] when the tenant knows no such client.
    pub async fn app(&mut self) -> Result<&mut App, Failure> {
        let target = self.target()?;
        let wanted = self.client_id.clone().unwrap_or_else(|| format!("{}-web", target.tenant));
        if self.app.as_ref().is_none_or(|app| app.client_id != wanted) {
            let named = |client: &Value, member: &str| client.get(member).and_then(Value::as_str) == Some(&wanted);
            let clients = self.management().await?.clients().await?;
            let known = clients.iter().find(|client| named(client, "client_id") || named(client, "name"));
            let client =
                known.ok_or_else(|| Failure::new(format!("a client {wanted:?}"), "none of that id or name"))?;
            let text = |member: &str| client.get(member).and_then(Value::as_str).map(str::to_owned);
            let public = text("token_endpoint_auth_method").as_deref() == Some("none");
            let secret = text("client_secret").filter(|_| !public);
            let (issuer, client_id) = (self.tenant().await?.issuer, text("client_id").unwrap_or_default());
            self.app = Some(App::new(target.transport.clone(), &issuer, &client_id, secret, CALLBACK)?);
            self.client_id = Some(client_id);
        }
        self.app.as_mut().ok_or_else(|| Failure::new("an app", "none"))
    }

    /// What is known of a person.
    pub fn known(&mut self, person: &Person) -> &mut Known {
        self.people.entry(person.0.clone()).or_default()
    }

    /// A browser that remembers nothing, for the scenario's app.
    ///
    /// # Errors
    /// A [`Failure`] when the world was not told where to run.
    pub fn new_browser(&self) -> Result<Browser, Failure> {
        Ok(Browser::new(self.target()?.transport.clone()).returning_to(CALLBACK))
    }

    /// Whether a step needed the tenant already.
    pub(crate) fn has_tenant(&self) -> bool {
        self.tenant.is_some()
    }

    /// The browsers used last, and whose they are.
    pub(crate) fn browsers(&self) -> impl Iterator<Item = (&str, &Browser)> {
        self.people.iter().filter_map(|(name, known)| Some((name.as_str(), known.browser.as_ref()?)))
    }

    /// The tenant's users that people signed in as last.
    pub(crate) fn users(&self) -> Vec<String> {
        self.people.values().filter_map(|known| known.user_ids.last().cloned()).collect()
    }

    /// What must not be printed: passwords, the app's secret, refresh tokens.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let of_person = |known: &Known| -> Vec<String> {
            let passwords = known.accounts.values().filter_map(|account| account.password.clone());
            passwords.chain(known.refresh_tokens.iter().cloned()).collect()
        };
        let of_app = self.app.iter().filter_map(|app| app.client_secret.clone());
        self.people.values().flat_map(of_person).chain(of_app).collect()
    }

    /// The Management API of the scenario's tenant, with a token of somebody's own.
    ///
    /// # Errors
    /// A [`Failure`] when there is no tenant to be had.
    pub async fn management_of(&mut self, token: &str) -> Result<Management, Failure> {
        let tenant = self.tenant().await?;
        Ok(Management::with_token(self.target()?.transport.clone(), &tenant.issuer, token)?)
    }

    fn target(&self) -> Result<Arc<Target>, Failure> {
        self.target.clone().ok_or_else(|| Failure::new("to know where to run", "nothing was said"))
    }
}
