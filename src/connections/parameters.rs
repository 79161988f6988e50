//! What a connection adds to the request that it sends people away with.
//! Source: spec/enterprise.md §6.3 (`upstream_params`), spec/authentication-api.md §2 (`connection_scope`).

use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::transaction::AuthorizationRequest;

/// The connection's `upstream_params`: constants, and parameters of `/authorize` under another name.
pub(crate) fn upstream_params<'a>(
    connection: &'a Connection,
    request: &AuthorizationRequest,
) -> Vec<(&'a str, String)> {
    let configured = connection.options.get("upstream_params").and_then(Value::as_object);
    let value_of = |setting: &Value| {
        let text = |name: &str| setting.get(name).and_then(Value::as_str);
        text("value").map(str::to_owned).or_else(|| received(request, text("alias")?))
    };
    configured.into_iter().flatten().filter_map(|(name, setting)| Some((name.as_str(), value_of(setting)?))).collect()
}

/// Puts `name` to `value`, in the place of an earlier value.
pub(crate) fn put<'a>(parameters: &mut Vec<(&'a str, String)>, name: &'a str, value: String) {
    parameters.retain(|(known, _)| *known != name);
    parameters.push((name, value));
}

/// The names in a list separated by commas or spaces, as `connection_scope` and Facebook's `scope` are.
pub(crate) fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ']).filter(|word| !word.is_empty())
}

/// The texts of an option that is an array, or a list in one text.
pub(crate) fn scope_option<'a>(connection: &'a Connection, option: &str) -> Vec<&'a str> {
    match connection.options.get(option) {
        Some(Value::Array(scopes)) => scopes.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(list)) => words(list).collect(),
        _ => Vec::new(),
    }
}

/// The scopes of a connection: `scope` as it is stored, else those that its ticked options stand for, else the usual
/// ones; then its `freeform_scopes` and the app's `connection_scope`. Source: spec/management-api.md §9.
pub(crate) fn scopes<'a>(
    connection: &'a Connection,
    request: &'a AuthorizationRequest,
    ticked: &[(&str, &'a str)],
    usual: &[&'a str],
) -> Vec<&'a str> {
    let mut own = scope_option(connection, "scope");
    if own.is_empty() {
        own = ticked.iter().filter(|(option, _)| connection.flag_option(option)).map(|(_, scope)| *scope).collect();
    }
    if own.is_empty() {
        own = usual.to_vec();
    }
    let freeform = scope_option(connection, "freeform_scopes");
    let asked = words(request.connection_scope.as_deref().unwrap_or_default());
    each_once(own.into_iter().chain(freeform).chain(asked))
}

/// Each once, in the order in which they first came.
pub(crate) fn each_once<'a>(scopes: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once: Vec<&str> = Vec::new();
    for scope in scopes {
        if !once.contains(&scope) {
            once.push(scope);
        }
    }
    once
}

/// A parameter as `/authorize` received it, of those that may be passed on.
fn received(request: &AuthorizationRequest, name: &str) -> Option<String> {
    match name {
        "login_hint" => request.login_hint.clone(),
        "audience" => request.audience.clone(),
        "ui_locales" => request.ui_locales.clone(),
        "max_age" => request.max_age.map(|seconds| seconds.to_string()),
        "prompt" => (!request.prompt.is_empty()).then(|| request.prompt.join(" ")),
        "acr_values" | "display" | "id_token_hint" | "resource" | "response_mode" | "response_type" | "client_id" => {
            request.others.get(name).cloned()
        }
        _ => None,
    }
}
