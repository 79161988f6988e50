//! The tenant's Authentication API: OAuth 2.0 and OpenID Connect. Source: spec/authentication-api.md, spec/tokens.md.
