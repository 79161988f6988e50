//! What AD FS says of itself, for relying parties to load as it is.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::protocols::wsfed::metadata::TokenService;
use crate::upstreams::adfs::claims;
use crate::upstreams::adfs::site::Site;
use crate::upstreams::pages::ErrorPage;

/// `GET /FederationMetadata/2007-06/FederationMetadata.xml`
pub(super) async fn show(site: Site) -> Result<Response, ErrorPage> {
    let service = TokenService {
        entity_id: site.entity_id(),
        signing: vec![site.key(true).await?.certificate().clone()],
        passive: site.passive(),
        claims: claims::OFFERED.map(|(uri, name)| (uri.to_owned(), name.to_owned())).into(),
    };
    Ok(([(CONTENT_TYPE, "application/samlmetadata+xml")], service.to_xml()).into_response())
}
