//! What the API fills in when the options of an AD FS connection are written: out of its metadata.
//! Source: spec/enterprise.md §5.1, recorded answers.

use serde_json::Map;
use serde_json::Value;

use crate::connections::adfs::provider::metadata_url;
use crate::connections::metadata;
use crate::http::outgoing::Outgoing;
use crate::keys::x509::Certificate;
use crate::protocols::wsfed::metadata::TokenService;

/// Takes `thumbprints` from metadata (`fedMetadataXml`, `adfs_server`), and `signInEndpoint` where there is none. The server
/// is asked now, once.
///
/// # Errors
/// Why the metadata can't be used, in words.
pub(crate) async fn complete(options: &mut Map<String, Value>, outgoing: &Outgoing) -> Result<(), String> {
    let text = |name: &str| options.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let xml = match (text("fedMetadataXml"), text("adfs_server")) {
        (Some(xml), _) => Some(xml.to_owned()),
        (None, Some(server)) => metadata::fetch_at_save(outgoing, "adfs", &metadata_url(server)).await?,
        (None, None) => None,
    };
    let Some(xml) = xml else { return Ok(()) };
    let service = TokenService::read(&xml).map_err(|error| error.to_string())?;
    let thumbprints: Vec<_> = service.signing.iter().map(Certificate::thumbprint).collect();
    if text("signInEndpoint").is_none() {
        options.insert("signInEndpoint".to_owned(), service.passive.into());
    }
    if !thumbprints.is_empty() {
        // A change of keys: what was signed with the old ones is still on its way.
        let own = options.get("thumbprints").and_then(Value::as_array).into_iter().flatten();
        let gone: Vec<_> = own.filter(|own| !thumbprints.iter().any(|new| *own == new)).cloned().collect();
        if !gone.is_empty() {
            options.insert("prev_thumbprints".to_owned(), gone.into());
        }
        options.insert("thumbprints".to_owned(), thumbprints.into());
    }
    Ok(())
}
