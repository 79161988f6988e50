//! The way through AD FS: a relying party asks, somebody signs in, the token goes; and out again.

use axum::body::Body;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use url::Url;

use crate::http::body;
use crate::http::parameters::Parameters;
use crate::protocols::wsfed::request::Action;
use crate::protocols::wsfed::request::SignIn;
use crate::upstreams::active_directory::account;
use crate::upstreams::active_directory::account::Policy;
use crate::upstreams::active_directory::account::sub_code;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::adfs::page;
use crate::upstreams::adfs::site::Site;
use crate::upstreams::adfs::state::Session;
use crate::upstreams::adfs::token;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::state::hash_of;

/// `GET /adfs/ls/`: a relying party sends somebody, to sign in or out.
pub(super) async fn ask(site: Site) -> Result<Response, ErrorPage> {
    let query = query(&site)?;
    match action(&query)? {
        Action::SignIn => begin(&site, &query).await,
        Action::SignOut => sign_out(&site, query.get("wreply")),
        Action::CleanUp => {
            end(&site)?;
            page::signed_out()
        }
    }
}

/// `POST /adfs/ls/`: the form of the page, at the address that it was shown at.
pub(super) async fn sign_in(site: Site, body: Body) -> Result<Response, ErrorPage> {
    let query = query(&site)?;
    if action(&query)? != Action::SignIn {
        return Err(Site::error("MSIS7012", "Only a sign-in is asked for by a form."));
    }
    let asked = Asked::read(&query)?;
    let form = body::read(body, body::MOST_BYTES).await.map_err(|error| Site::error("MSIS7012", &error.to_string()))?;
    let form = Parameters::of_form(&form).map_err(|error| Site::error("MSIS7012", &error.to_string()))?;
    let (name, password) = (form.get("UserName").unwrap_or_default(), form.get("Password").unwrap_or_default());
    let who = match authenticate(&site, name.trim(), password)? {
        Ok(who) => who,
        Err(problem) => return page::sign_in(&site, &asked.realm, name, Some(problem)),
    };
    let (browser, session) = site.upstreams.write(|draft| {
        // A name of its own for each session: what a browser had before is worth nothing.
        let browser = draft.rng().url_safe(43);
        let session = Session { who, since: draft.now };
        if let Some(before) = &site.browser {
            draft.adfs.end(hash_of(before));
        }
        draft.adfs.put(hash_of(&browser), session);
        Ok::<_, ErrorPage>((browser, session))
    })?;
    let mut response = asked.answer(&site, session).await?;
    if let Some(cookie) = site.cookie(&browser) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Who is signed in goes on at once, unless they must do it again; else the page is shown.
async fn begin(site: &Site, query: &Parameters) -> Result<Response, ErrorPage> {
    let asked = Asked::read(query)?;
    match current(site) {
        Some(session) if !asked.is_too_old(session, site) => asked.answer(site, session).await,
        _ => page::sign_in(site, &asked.realm, asked.request.user_name.as_deref().unwrap_or_default(), None),
    }
}

fn sign_out(site: &Site, reply: Option<&str>) -> Result<Response, ErrorPage> {
    end(site)?;
    match reply.filter(|url| is_address(url)) {
        Some(reply) => Ok(pages::away(reply)),
        None => page::signed_out(),
    }
}

fn end(site: &Site) -> Result<(), ErrorPage> {
    let Some(browser) = &site.browser else { return Ok(()) };
    site.upstreams.write(|draft| {
        draft.adfs.end(hash_of(browser));
        Ok(())
    })
}

/// The browser's session, if its account may still be used.
fn current(site: &Site) -> Option<Session> {
    let (state, now) = (site.upstreams.read(), site.upstreams.now());
    let session = state.adfs.session(hash_of(site.browser.as_deref()?), now)?;
    let entry = state.directory.entry(session.who)?;
    account::obstacle(entry, Policy::of(&state.directory), now).is_none().then_some(session)
}

/// What a relying party asked for, with all that is needed.
struct Asked {
    request: SignIn,
    realm: String,
    reply: String,
}

impl Asked {
    fn read(query: &Parameters) -> Result<Self, ErrorPage> {
        let request = SignIn::read(|name| query.get(name));
        let mut request =
            request.map_err(|why| Site::error("MSIS7012", &format!("The request can't be read: {why}.")))?;
        let realm = request
            .realm
            .take()
            .ok_or_else(|| Site::error("MSIS7007", "The relying party is not known: the request has no wtrealm."))?;
        let reply = request.reply.take().filter(|url| is_address(url)).ok_or_else(|| {
            let detail =
                format!("The relying party {realm:?} can't be answered: wreply is not an address of http or https.");
            Site::error("MSIS3127", &detail)
        })?;
        Ok(Self { request, realm, reply })
    }

    /// Whether the session began longer ago than the relying party takes.
    fn is_too_old(&self, session: Session, site: &Site) -> bool {
        let most = self.request.freshness.map(|minutes| i64::from(minutes).saturating_mul(60));
        most.is_some_and(|most| site.upstreams.now() >= session.since.plus_seconds(most))
    }

    async fn answer(&self, site: &Site, session: Session) -> Result<Response, ErrorPage> {
        let entry = site.upstreams.read().directory.entry(session.who).cloned();
        let gone = || Site::error("MSIS3127", "The account is gone.");
        let entry: &Entry = &*entry.ok_or_else(gone)?;
        token::send(site, &self.request, (&self.realm, &self.reply), (entry, session)).await
    }
}

/// Checks a password against the directory; what it notes of it stays. The inner error is for the page.
fn authenticate(site: &Site, name: &str, password: &str) -> Result<Result<EntryId, &'static str>, ErrorPage> {
    let checked = site.upstreams.write(|draft| {
        let now = draft.now;
        Ok::<_, ErrorPage>(draft.directory.authenticate(name, password.as_bytes(), now))
    })?;
    Ok(checked.map_err(|refusal| match refusal {
        Refusal::Credentials(sub_code::PASSWORD_EXPIRED | sub_code::MUST_CHANGE) => {
            "You must update your password because it has expired."
        }
        Refusal::Credentials(sub_code::DISABLED | sub_code::ACCOUNT_EXPIRED) => "Your account can't be used.",
        _ => "Incorrect user ID or password. Type the correct user ID and password, and try again.",
    }))
}

fn query(site: &Site) -> Result<Parameters, ErrorPage> {
    let read = Parameters::of_form(site.query.as_bytes());
    read.map_err(|error| Site::error("MSIS7012", &format!("The address can't be read: {error}.")))
}

fn action(query: &Parameters) -> Result<Action, ErrorPage> {
    let wa = query.get("wa").filter(|wa| !wa.is_empty());
    let wa = wa.ok_or_else(|| Site::error("MSIS7065", "There is nothing asked for: the request has no wa."))?;
    Action::of(Some(wa)).ok_or_else(|| Site::error("MSIS7065", &format!("{wa:?} is nothing that can be asked for.")))
}

fn is_address(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
