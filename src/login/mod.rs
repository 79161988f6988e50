//! Universal Login, one file a page. Source: spec/universal-login.md.
