//! Names of SAML and of what it stands on. Source: SAML 2.0 Core §8, Bindings §3, XML Signature §1.3, XML Encryption §1.3.

pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
pub(crate) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(crate) const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
pub(crate) const ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
pub(crate) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
pub(crate) const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Where messages go, and how (Bindings §3).
pub(crate) mod binding {
    pub(crate) const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    pub(crate) const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
}

/// What a name identifier is (Core §8.3).
pub(crate) mod name_id_format {
    pub(crate) const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
    pub(crate) const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    pub(crate) const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    pub(crate) const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    /// An issuer's; what an issuer without a format is.
    pub(crate) const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
}

/// How an attribute is named (Core §8.2).
pub(crate) mod attribute_name_format {
    pub(crate) const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";
    pub(crate) const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
    pub(crate) const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
}

/// How a request went (Core §3.2.2.2): the top-level codes, then those that stand below them.
pub(crate) mod status {
    pub(crate) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
    pub(crate) const REQUESTER: &str = "urn:oasis:names:tc:SAML:2.0:status:Requester";
    pub(crate) const RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
    pub(crate) const AUTHN_FAILED: &str = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed";
    pub(crate) const NO_PASSIVE: &str = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";
    pub(crate) const REQUEST_DENIED: &str = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied";
    pub(crate) const UNKNOWN_PRINCIPAL: &str = "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal";
    pub(crate) const INVALID_NAME_ID_POLICY: &str = "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy";
    pub(crate) const PARTIAL_LOGOUT: &str = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
}

/// How the person proved to be the one (Authentication Context §3.4).
pub(crate) mod authn_context {
    pub(crate) const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";
    #[cfg(test)]
    pub(crate) const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
    pub(crate) const PASSWORD_PROTECTED_TRANSPORT: &str =
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
}

/// The confirmation of a browser's assertion: who bears it (Profiles §3.3).
pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// SAML 1.1 (Core §2, §7.1; Bindings §4.1.1).
pub(crate) mod v1_1 {
    pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:1.0:assertion";
    pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:1.0:cm:bearer";
    /// How the person proved to be the one.
    pub(crate) mod authentication_method {
        pub(crate) const PASSWORD: &str = "urn:oasis:names:tc:SAML:1.0:am:password";
        pub(crate) const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.0:am:unspecified";
    }
}
