//! What the service put into a request, as handlers' arguments.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::server::service::Service;
use crate::server::site::Site;

use crate::store::tenant::Tenant;

/// Makes a type that the service inserts an extractor.
macro_rules! from_extensions {
    ($($type:ty),*) => {$(
        impl<S: Sync> FromRequestParts<S> for $type {
            type Rejection = Failure;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
                extension(parts)
            }
        }
    )*};
}

from_extensions!(Tenant, Keyring, Site, Service);
