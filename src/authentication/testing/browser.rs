//! A browser without a socket: cookies, and a person who knows ana's password.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use axum::http::header;

use crate::authentication::testing::Answer;
use crate::authentication::testing::Host;
use crate::authentication::testing::parameter;

/// A browser with its cookies.
pub(in crate::authentication) struct Browser<'a> {
    host: &'a Host,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    pub(in crate::authentication) fn new(host: &'a Host) -> Self {
        Self { host, cookies: BTreeMap::new() }
    }

    pub(in crate::authentication) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(in crate::authentication) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(body.into()).unwrap()).await
    }

    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        let answer = self.host.send(request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// Opens `/authorize` with `query`, types ana's password where a page asks for it, and returns the answer that
    /// goes to the app.
    pub(in crate::authentication) async fn sign_in(&mut self, query: &str) -> Answer {
        let answer = self.get(&format!("/authorize?{query}")).await;
        let location = answer.headers.get(header::LOCATION).map(|location| location.to_str().unwrap().to_owned());
        match location.filter(|location| location.starts_with("/u/login?")) {
            Some(page) => {
                let resume = self.post(&page, &[]).await;
                self.get(resume.header("location")).await
            }
            None => answer,
        }
    }

    /// Signs in as [`Browser::sign_in`] and returns the code.
    pub(in crate::authentication) async fn code(&mut self, query: &str) -> String {
        let answer = self.sign_in(query).await;
        parameter(answer.header("location"), "code").unwrap_or_else(|| panic!("no code: {answer:?}"))
    }
}
