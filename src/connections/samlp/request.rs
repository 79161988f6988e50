//! The request that a person is sent away with: built in, or made of the connection's template.
//! Source: spec/enterprise.md §3.2 (`requestTemplate`, `protocolBinding`, `deflate`, `signSAMLRequest`).

use url::Url;

use crate::connections::error::ConnectionError;
use crate::connections::parameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::samlp;
use crate::connections::samlp::keys;
use crate::connections::samlp::provider::option;
use crate::connections::samlp::provider::wanted_binding;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::names;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::writer;

/// Makes the request, and signs it where the connection says so.
pub(super) async fn send(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    visit: UpstreamVisit,
) -> Result<Departure, ConnectionError> {
    let connection = party.connection;
    let xml = match option(connection, "requestTemplate") {
        Some(template) => filled(template, party, request, &visit),
        None => built_in(party, request, &visit).to_xml(),
    };
    let mut endpoint = Url::parse(&visit.base)
        .map_err(|error| ConnectionError::Misconfigured(format!("signInEndpoint {:?}: {error}", visit.base)))?;
    let others = parameters::upstream_params(connection, request);
    if !others.is_empty() {
        endpoint.query_pairs_mut().extend_pairs(others);
    }
    let is_signed = connection.flag_option("signSAMLRequest");
    let key = if is_signed { Some(keys::signing(party).await?) } else { None };
    let signing = key.as_deref().map(|key| keys::how(party, key));
    if wanted_binding(connection) == names::binding::POST {
        let failed =
            |error: &dyn std::fmt::Display| ConnectionError::Misconfigured(format!("requestTemplate: {error}"));
        let xml = match signing {
            Some(signing) => signing.sign(&xml, &visit.nonce).map_err(|error| failed(&error))?,
            None => xml,
        };
        let fields = vec![
            (Kind::Request.field().to_owned(), binding::to_post(&xml)),
            ("RelayState".to_owned(), visit.state.clone()),
        ];
        return Ok(Departure { location: endpoint.into(), fields, visit });
    }
    let deflate = connection.options.get("deflate") != Some(&false.into());
    let outgoing = Outgoing { kind: Kind::Request, xml: &xml, relay_state: Some(&visit.state), deflate };
    let location = outgoing.to_url(endpoint.as_str(), signing.as_ref());
    let location = location.map_err(|error| ConnectionError::Misconfigured(error.to_string()))?;
    Ok(Departure::redirect(location, visit))
}

fn built_in(party: RelyingParty<'_>, request: &AuthorizationRequest, visit: &UpstreamVisit) -> AuthnRequest {
    AuthnRequest {
        header: Header {
            id: visit.nonce.clone(),
            issue_instant: party.now,
            destination: Some(visit.base.clone()),
            issuer: Some(samlp::entity_id(party)),
        },
        assertion_consumer_url: Some(visit.redirect_uri.clone()),
        assertion_consumer_index: None,
        protocol_binding: Some(names::binding::POST.to_owned()),
        provider_name: None,
        force_authn: request.asks_prompt("login"),
        is_passive: false,
        subject: None,
        name_id_policy: None,
        requested_authn_context: None,
    }
}

/// The template with its variables replaced; one that is not known stays as it is.
fn filled(template: &str, party: RelyingParty<'_>, request: &AuthorizationRequest, visit: &UpstreamVisit) -> String {
    let (issuer, now) = (samlp::entity_id(party), party.now.to_string());
    let both = format!(
        r#"AssertionConsumerServiceURL="{}" Destination="{}""#,
        writer::escaped(&visit.redirect_uri),
        writer::escaped(&visit.base),
    );
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("@@") {
        filled.push_str(before);
        let known = after.split_once("@@").and_then(|(name, left)| {
            let value = match name {
                "ID" => &visit.nonce,
                "IssueInstant" => &now,
                "Issuer" => &issuer,
                "Destination" => &visit.base,
                "AssertionConsumerServiceURL" => &visit.redirect_uri,
                "ProtocolBinding" => names::binding::POST,
                "ProviderName" => party.own.name,
                "LoginHint" => request.login_hint.as_deref().unwrap_or_default(),
                "AssertServiceURLAndDestination" => return Some((both.clone(), left)),
                _ => return Some((writer::escaped(of_connection(name, party)?), left)),
            };
            Some((writer::escaped(value), left))
        });
        let (value, left) = known.unwrap_or_else(|| ("@@".to_owned(), after));
        filled.push_str(&value);
        rest = left;
    }
    filled + rest
}

/// `@@Connection.key@@`: a text of the connection's options.
fn of_connection<'a>(variable: &str, party: RelyingParty<'a>) -> Option<&'a str> {
    party.connection.text_option(variable.strip_prefix("Connection.")?)
}
