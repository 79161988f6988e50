//! Whom a request is from and about. Read only when a fault asks: the body is kept, and nothing is verified.

use axum::body::Body;
use axum::body::Bytes;
use axum::http::Extensions;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;

use crate::connections::redirect::provider_of;
use crate::domain::id::UserId;
use crate::domain::session::Grant;
use crate::domain::user::Identity;
use crate::http::body;
use crate::http::body::BodyError;
use crate::http::body::Media;
use crate::http::cookies;
use crate::http::cookies::CookieScope;
use crate::http::faults::scope::Who;
use crate::http::faults::shown;
use crate::http::parameters::Parameters;
use crate::keys::digest;
use crate::keys::verify::Jws;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::upstreams::Upstreams;
use crate::upstreams::whose;

/// How much of a body is read.
const MOST_BYTES: usize = 1024 * 1024;

/// Parameters that name a person.
const NAMES: [&str; 7] = ["username", "email", "login_hint", "user_id", "phone_number", "identifier", "account"];

/// What tells of client and person: parameters, credentials in the header, what a login, a code, a token or a session is
/// known to belong to. Of a body that can't be read, what is left is that it broke off.
pub(super) async fn of(tenant: &Tenant, upstream: Option<&str>, request: &mut Request<Body>) -> Who {
    let whole = body::read(std::mem::take(request.body_mut()), MOST_BYTES).await;
    if let Some(upstream) = upstream {
        let bytes = whole.as_ref().map(AsRef::as_ref).unwrap_or_default();
        let (headers, query) = (request.headers(), request.uri().query().unwrap_or_default());
        let found = at_fake(request.extensions(), upstream, &shown::of(headers, query, bytes));
        let client = shown::client(headers, query, bytes).or(found.client);
        put_back(request, whole);
        return Who { client, people: found.people };
    }
    let state = tenant.read();
    let mut found = Found { state: &state, who: Who::default(), users: Vec::new() };
    found.parameters(request.uri().query().unwrap_or_default().as_bytes(), Media::Form);
    if let Ok(bytes) = &whole {
        found.parameters(bytes, Media::of(request.headers()));
    }
    put_back(request, whole);
    if let Some(header) = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()) {
        found.credentials(header);
    }
    found.path(request.uri().path());
    let scope: CookieScope = request.extensions().get().copied().unwrap_or_default();
    for secret in cookies::values(request.headers(), &scope.name("auth0")).take(4) {
        let session = state.sessions.get(&digest::sha256(secret.as_bytes()));
        found.users.extend(session.map(|session| session.user_id.clone()));
    }
    found.finish()
}

/// Whom a request to a fake is from and about, by what it shows.
pub(super) fn at_fake(extensions: &Extensions, upstream: &str, shown: &[String]) -> Who {
    extensions.get().map(|upstreams: &Upstreams| whose::of(upstreams, upstream, shown)).unwrap_or_default()
}

/// The body as it came; or one that breaks off.
fn put_back(request: &mut Request<Body>, whole: Result<Bytes, BodyError>) {
    *request.body_mut() = match whole {
        Ok(bytes) => Body::from(bytes),
        Err(error) => Body::from_stream(futures_util::stream::once(async move { Err::<Bytes, _>(error) })),
    };
}

/// What was found so far.
struct Found<'a> {
    state: &'a TenantState,
    who: Who,
    users: Vec<UserId>,
}

impl Found<'_> {
    fn parameters(&mut self, text: &[u8], media: Media) {
        let parameters = match media {
            Media::Form => Parameters::of_form(text),
            Media::Json => Parameters::of_json(text),
            Media::Other => return,
        };
        let Ok(parameters) = parameters else { return };
        self.client(parameters.get("client_id"));
        for name in NAMES {
            self.who.people.extend(parameters.get(name).map(str::to_owned));
        }
        let hash = |name: &str| parameters.get(name).map(|secret| digest::sha256(secret.as_bytes()));
        if let Some(code) = hash("code").and_then(|hash| self.state.codes.get(&hash)) {
            self.grant(&code.grant.clone());
        }
        if let Some(token) = hash("refresh_token").and_then(|hash| self.state.refresh_tokens.get(&hash)) {
            self.grant(&token.grant.clone());
        }
        self.login(parameters.get("state"));
    }

    /// A login under way: by its handle, or by the `state` that was sent to a provider.
    fn login(&mut self, state: Option<&str>) {
        let Some(state) = state else { return };
        let visit = self.state.visits.get(&digest::sha256(state.as_bytes()));
        let handle = visit.map_or(state, |id| id.as_str());
        let client = self.state.transactions.get(handle).map(|login| login.client_id.to_string());
        self.client(client.as_deref());
    }

    fn credentials(&mut self, header: &str) {
        match header.split_once(' ') {
            Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => {
                let pair = digest::from_base64(pair.trim()).and_then(|bytes| String::from_utf8(bytes).ok());
                self.client(pair.as_deref().and_then(|pair| pair.split(':').next()));
            }
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => self.token(token.trim()),
            _ => {}
        }
    }

    fn token(&mut self, token: &str) {
        if let Some(opaque) = self.state.opaque_tokens.get(&digest::sha256(token.as_bytes())) {
            return self.grant(&opaque.grant.clone());
        }
        let Ok(token) = Jws::parse(token) else { return };
        let text = |claim: &str| token.unverified(claim).and_then(|value| value.as_str());
        self.client(text("azp").or_else(|| text("client_id")));
        self.users.extend(text("sub").map(UserId::from));
    }

    /// A path of the Management API that names a user.
    fn path(&mut self, path: &str) {
        let segment = path.strip_prefix("/api/v2/users/").and_then(|rest| rest.split('/').next());
        let decoded = segment.and_then(|id| {
            let pair = format!("id={}", id.replace('+', "%2B"));
            url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, id)| id.into_owned())
        });
        self.users.extend(decoded.as_deref().map(UserId::from));
    }

    fn grant(&mut self, grant: &Grant) {
        self.client(Some(grant.client_id.as_str()));
        self.users.push(grant.user_id.clone());
    }

    fn client(&mut self, id: Option<&str>) {
        if self.who.client.is_none() {
            self.who.client = id.map(str::to_owned);
        }
    }

    /// With every other name that the people have.
    fn finish(self) -> Who {
        let Self { state, mut who, users } = self;
        let named = who.people.iter().flat_map(|name| state.users.with_email(name)).cloned();
        let known = users.iter().filter_map(|id| state.users.owner_of(id)).cloned();
        let all: Vec<_> = known.chain(named).collect();
        who.people.extend(users.iter().map(ToString::to_string));
        for user in all {
            let at = |identity: &Identity| {
                let id = identity.user_id.to_string();
                // Where ids are unique in a connection alone, its name stands before them.
                let own = id.rsplit('|').next().unwrap_or_default();
                format!("{}:{own}", provider_of(identity.provider))
            };
            who.people.extend(user.identities.iter().map(at));
            who.people.extend(user.names());
        }
        who
    }
}
