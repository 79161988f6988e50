//! What the API fills in when the options of a SAML connection are written: out of metadata, and out of the certificate.
//! Source: spec/enterprise.md §3.2, recorded answers.

use serde_json::Map;
use serde_json::Value;

use crate::connections::metadata;
use crate::connections::samlp::provider::Provider;
use crate::connections::samlp::provider::is_set;
use crate::http::outgoing::Outgoing;
use crate::keys::digest;
use crate::keys::x509::Certificate;
use crate::protocols::saml::names::binding;

/// Names of a subject's parts (RFC 4514 §3 and what certificates have besides), as the API words them.
const PARTS: [(&str, &str); 8] = [
    ("CN", "commonName"),
    ("C", "countryName"),
    ("ST", "stateOrProvinceName"),
    ("L", "localityName"),
    ("O", "organizationName"),
    ("OU", "organizationalUnitName"),
    ("emailAddress", "emailAddress"),
    ("Email", "emailAddress"),
];

/// Fills in what the options leave to metadata, and what is known of their certificate. `metadataUrl` is asked now, once.
///
/// # Errors
/// Why the metadata can't be used, in words.
pub(crate) async fn complete(options: &mut Map<String, Value>, outgoing: &Outgoing) -> Result<(), String> {
    let text = |name: &str| options.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let xml = match (text("metadataXml"), text("metadataUrl")) {
        (Some(xml), _) => Some(xml.to_owned()),
        (None, Some(url)) => metadata::fetch_at_save(outgoing, "saml", url).await?,
        (None, None) => None,
    };
    if let Some(xml) = xml {
        import(options, &xml)?;
    }
    certificate(options);
    Ok(())
}

/// Puts what metadata says where the options say nothing.
fn import(options: &mut Map<String, Value>, xml: &str) -> Result<(), String> {
    let wanted = options.get("protocolBinding").and_then(Value::as_str);
    let wanted = if wanted == Some(binding::POST) { binding::POST } else { binding::REDIRECT };
    let provider = Provider::of_metadata(xml, wanted)?;
    let certificate = provider.certificates.first().ok_or("the metadata has no certificate for signatures")?;
    let found = [
        ("signInEndpoint", provider.sign_in),
        ("signOutEndpoint", provider.sign_out),
        ("signingCert", pem(certificate)),
        ("bindingMethod", wanted.to_owned()),
    ];
    for (name, value) in found {
        if !value.is_empty() && !is_set(options.get(name)) {
            options.insert(name.to_owned(), value.into());
        }
    }
    Ok(())
}

/// Adds `cert`, `thumbprints`, `expires` and `subject` of the signing certificate. A text that is no certificate adds
/// nothing: logins will say so.
fn certificate(options: &mut Map<String, Value>) {
    let read = options.get("signingCert").and_then(Value::as_str).map(Certificate::from_text);
    let Some(Ok(certificate)) = read else { return };
    let parts = certificate.subject.split(", ").filter_map(|part| part.split_once('='));
    let named = parts.filter_map(|(name, value)| {
        let (_, known) = PARTS.iter().find(|(short, _)| *short == name)?;
        Some(((*known).to_owned(), Value::from(value)))
    });
    let subject: Map<String, Value> = named.collect();
    options.insert("cert".to_owned(), pem(&certificate).into());
    options.insert("thumbprints".to_owned(), vec![certificate.thumbprint()].into());
    options.insert("expires".to_owned(), certificate.not_after.to_string().into());
    options.insert("subject".to_owned(), subject.into());
}

/// A certificate in PEM.
fn pem(certificate: &Certificate) -> String {
    let base64 = digest::base64(certificate.der());
    let mut lines = vec!["-----BEGIN CERTIFICATE-----"];
    let mut rest = base64.as_str();
    while let Some((line, more)) = rest.split_at_checked(64) {
        lines.push(line);
        rest = more;
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines.push("-----END CERTIFICATE-----");
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use serde_json::json;

    use super::*;
    use crate::protocols::saml::metadata::Endpoint;
    use crate::protocols::saml::metadata::Entity;
    use crate::protocols::saml::metadata::IdentityProvider;
    use crate::protocols::saml::metadata::Role;
    use crate::protocols::saml::testing;

    async fn completed(options: Value) -> Result<Value, String> {
        let Value::Object(mut options) = options else { panic!("they are no object") };
        complete(&mut options, &Outgoing::new(Router::new())).await.map(|()| options.into())
    }

    fn described(certificates: &[&Certificate]) -> String {
        let role = Role {
            signing: certificates.iter().copied().cloned().collect(),
            single_logout: vec![Endpoint::new(binding::POST, "https://idp.example/slo")],
            ..Role::default()
        };
        let sso = [(binding::POST, "https://idp.example/post"), (binding::REDIRECT, "https://idp.example/redirect")];
        let single_sign_on = sso.map(|(binding, url)| Endpoint::new(binding, url)).into();
        let identity_provider = Some(IdentityProvider { role, single_sign_on, ..IdentityProvider::default() });
        Entity { entity_id: testing::IDP.to_owned(), identity_provider, ..Entity::default() }.to_xml()
    }

    #[tokio::test]
    async fn metadata_fills_in_what_is_left_out() {
        let certificate = testing::KEY.certificate();
        let xml = described(&[certificate]);
        let filled = completed(json!({ "metadataXml": xml })).await.unwrap();
        assert_eq!(filled["signInEndpoint"], "https://idp.example/redirect");
        assert_eq!(filled["signOutEndpoint"], "https://idp.example/slo");
        assert_eq!(filled["bindingMethod"], binding::REDIRECT);
        assert_eq!(&Certificate::from_text(filled["signingCert"].as_str().unwrap()).unwrap(), certificate);
        assert_eq!(filled["thumbprints"], json!([certificate.thumbprint()]));
        assert_eq!(
            (&filled["metadataXml"], &filled["subject"]),
            (&xml.clone().into(), &json!({ "commonName": "idp.example" }))
        );
        let posted = json!({ "metadataXml": xml, "protocolBinding": binding::POST, "signOutEndpoint": "https://idp.example/bye" });
        let posted = completed(posted).await.unwrap();
        assert_eq!(posted["signInEndpoint"], "https://idp.example/post");
        assert_eq!(posted["signOutEndpoint"], "https://idp.example/bye");
    }

    #[tokio::test]
    async fn metadata_that_is_none_is_refused() {
        for (xml, expected) in [
            ("<r/>", "doesn't follow its schema"),
            ("nonsense", "can't be read"),
            (described(&[]).as_str(), "the metadata has no certificate for signatures"),
        ] {
            let error = completed(json!({ "metadataXml": xml })).await.unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        let unreachable = json!({ "metadataUrl": "http://127.0.0.1:1/" });
        assert_eq!(completed(unreachable.clone()).await, Ok(unreachable));
    }

    #[tokio::test]
    async fn of_a_certificate_its_facts_are_told_and_of_nonsense_nothing() {
        let pasted = digest::base64(testing::KEY.certificate().der());
        let filled = completed(json!({ "signingCert": pasted })).await.unwrap();
        assert!(filled["cert"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));
        assert_eq!(filled["expires"], "4096-01-01T00:00:00.000Z");
        let nonsense = json!({ "signingCert": "nonsense" });
        assert_eq!(completed(nonsense.clone()).await, Ok(nonsense));
    }
}
