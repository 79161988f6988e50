//! Faults: what is to go wrong, for tests. Nothing does unless it is asked for here.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::Error as _;
use serde_json::Value;
use serde_json::json;
use utoipa::ToSchema;

use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::http::faults::effect::Effect;
use crate::http::faults::list::Counted;
use crate::http::faults::list::Fault;
use crate::http::faults::list::MOST;
use crate::http::faults::scope::Caller;
use crate::http::faults::scope::SAML;
use crate::http::faults::scope::Scope;
use crate::http::outgoing::struck::DIRECTORY;
use crate::server::site::Site;
use crate::time::Rng;
use crate::upstreams::adfs::otherwise as adfs;
use crate::upstreams::provider::Provider;
use crate::upstreams::saml::wrong::Wrong;

/// Any provider.
const ANY: &str = "*";

/// Something that is to go wrong.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultRequest {
    /// Which requests it is about; every one to the tenant, if not given.
    #[serde(default)]
    scope: Scope,
    /// What it does. Where its kind says it all, that alone will do: `"reset"`.
    #[serde(deserialize_with = "effect")]
    effect: Effect,
    /// How many requests that fit pass first.
    #[serde(default)]
    after: u64,
    /// How often it fires; for ever, if not given.
    times: Option<u64>,
    /// How likely it fires, 0 to 1, drawn from the tenant's random source; always, if not given.
    probability: Option<f64>,
}

/// A fault.
#[derive(Serialize, ToSchema)]
pub(super) struct FaultView {
    /// By which it is read and deleted, and found in the journal.
    id: String,
    scope: Scope,
    effect: Effect,
    /// How many requests that fit pass first.
    after: u64,
    /// How often it fires at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    /// How likely it fires.
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    /// How often it fired.
    fired: u64,
    /// How many requests its scope fitted, whether it fired at them or not.
    fitted: u64,
}

/// All faults, in the order in which they were added.
#[derive(Serialize, ToSchema)]
pub(super) struct FaultList {
    faults: Vec<FaultView>,
}

/// The faults that are on, with how often each fired.
#[utoipa::path(get, path = "/faults", tag = "faults", responses((status = 200, description = "In the order in which they were added", body = FaultList), ControlError))]
pub(super) async fn list(site: Site) -> Json<FaultList> {
    Json(FaultList { faults: site.faults.all().iter().map(FaultView::from).collect() })
}

/// One fault, with how often it fired.
#[utoipa::path(get, path = "/faults/{id}", tag = "faults", params(("id" = String, Path, description = "The fault's id")), responses((status = 200, description = "The fault", body = FaultView), ControlError))]
pub(super) async fn read(site: Site, Path(id): Path<String>) -> Result<Json<FaultView>, ControlError> {
    let found = site.faults.get(&id).ok_or(ControlError::NotFound { what: "fault", name: id })?;
    Ok(Json(FaultView::from(&found)))
}

/// Has something go wrong from now on, at the tenant asked. A fork begins without faults, and a reset takes them away.
#[utoipa::path(post, path = "/faults", tag = "faults", request_body = FaultRequest, responses((status = 201, description = "The fault", body = FaultView), ControlError))]
pub(super) async fn create(
    site: Site,
    Body(request): Body<FaultRequest>,
) -> Result<(StatusCode, Json<FaultView>), ControlError> {
    request.check(&site)?;
    let (id, key) = site.tenant.draw(|rng| (format!("flt_{}", rng.alphanumeric(16)), rng.key()));
    let FaultRequest { scope, effect, after, times, probability } = request;
    let fault = Fault { id, scope, effect, after, times, probability };
    let added = site.faults.add(fault, Rng::from_key(key));
    let added =
        added.map_err(|_| ControlError::Conflict(format!("there are {MOST} faults already: delete some first")))?;
    Ok((StatusCode::CREATED, Json(FaultView::from(&added))))
}

/// Ends a fault; it is no mistake if it is gone already.
#[utoipa::path(delete, path = "/faults/{id}", tag = "faults", params(("id" = String, Path, description = "The fault's id")), responses((status = 204, description = "Gone"), ControlError))]
pub(super) async fn delete(site: Site, Path(id): Path<String>) -> StatusCode {
    site.faults.remove(&id);
    StatusCode::NO_CONTENT
}

/// Ends all faults.
#[utoipa::path(delete, path = "/faults", tag = "faults", responses((status = 204, description = "None is left"), ControlError))]
pub(super) async fn clear(site: Site) -> StatusCode {
    site.faults.clear();
    StatusCode::NO_CONTENT
}

/// An effect, or its kind.
fn effect<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Effect, D::Error> {
    let effect = match Value::deserialize(deserializer)? {
        Value::String(kind) => json!({ "kind": kind }),
        effect if effect.is_object() => effect,
        _ => return Err(D::Error::custom("\"effect\" must be an object with a \"kind\": {\"kind\": \"reset\"}")),
    };
    serde_json::from_value(effect).map_err(D::Error::custom)
}

impl FaultRequest {
    fn check(&self, site: &Site) -> Result<(), ControlError> {
        let invalid = |text: String| Err(ControlError::Invalid(text));
        self.effect.check(&self.scope).map_err(|error| ControlError::Invalid(error.to_string()))?;
        if self.times == Some(0) {
            return invalid("\"times\" must be at least 1".to_owned());
        }
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return invalid("\"probability\" must be between 0 and 1".to_owned());
        }
        self.check_form()?;
        let Some(name) = self.scope.upstream.as_deref().filter(|name| *name != ANY) else { return Ok(()) };
        if name == DIRECTORY {
            return self.check_directory();
        }
        if name == SAML || site.upstreams.read().saml.providers.get(name).is_some() {
            return Ok(());
        }
        if name == adfs::NAME {
            return self.check_adfs();
        }
        if matches!(self.effect, Effect::WrongResponse { .. }) {
            return invalid(format!(
                "\"wrong_response\" is what SAML identity providers and AD FS do: the upstream is \"{SAML}\", the name of one, or \"adfs\""
            ));
        }
        let Some(provider) = Provider::of(name) else {
            let known = Provider::ALL.map(Provider::as_str).join(", ");
            let others = format!(
                "\"{DIRECTORY}\" for the directory, \"adfs\" for AD FS, \"{SAML}\" or a name for SAML, or \"*\" for any"
            );
            return invalid(format!("there is no upstream \"{name}\": it is one of {known}, {others}"));
        };
        let is_of_keys = matches!(self.effect, Effect::ChangedKeys {} | Effect::WrongKey {} | Effect::ClockSkew { .. });
        if is_of_keys && matches!(provider, Provider::Facebook | Provider::Github) {
            let kind = self.effect.kind();
            return invalid(format!("{} signs no tokens, so \"{kind}\" can't happen there", provider.label()));
        }
        Ok(())
    }
}

impl FaultRequest {
    /// What a SAML identity provider's responses can be.
    fn check_form(&self) -> Result<(), ControlError> {
        match &self.effect {
            Effect::WrongResponse { form } if Wrong::of(form).is_none() => {
                let names = Wrong::names();
                Err(ControlError::Invalid(format!("\"form\" is one of {names}; found \"{form}\"")))
            }
            _ => Ok(()),
        }
    }

    /// Tokens of AD FS are none of SAML 2.0, and nobody is sent back from there without one.
    fn check_adfs(&self) -> Result<(), ControlError> {
        match &self.effect {
            Effect::Declines {} => Err(ControlError::Invalid(
                "AD FS sends nobody back without a token, so nobody \"declines\" there".to_owned(),
            )),
            Effect::WrongResponse { form } if !adfs::FORMS.iter().any(|known| known.name() == form) => {
                let names = adfs::FORMS.map(Wrong::name).join(", ");
                Err(ControlError::Invalid(format!("\"form\" is one of {names} at AD FS; found \"{form}\"")))
            }
            _ => Ok(()),
        }
    }

    /// A directory is asked over LDAP: there are no endpoints, and it can't be told whom a connection will be about.
    fn check_directory(&self) -> Result<(), ControlError> {
        let invalid = |text: &str| Err(ControlError::Invalid(text.to_owned()));
        if !matches!(self.effect, Effect::Down {} | Effect::Reset {} | Effect::Latency { .. }) {
            return invalid("a directory can be \"down\", \"reset\" connections or have a \"latency\", nothing else");
        }
        let Scope { endpoint, caller, client, person, .. } = &self.scope;
        if endpoint.is_some() || client.is_some() || person.is_some() || *caller == Some(Caller::Visitor) {
            return invalid("a fault of the directory is about every connection of the tenant's to it, and no others");
        }
        Ok(())
    }
}

impl From<&Counted> for FaultView {
    fn from(counted: &Counted) -> Self {
        let Fault { id, scope, effect, after, times, probability } = Fault::clone(&counted.fault);
        Self { id, scope, effect, after, times, probability, fired: counted.fired, fitted: counted.fitted }
    }
}
