//! The Management API v2. Source: spec/management-api.md.
