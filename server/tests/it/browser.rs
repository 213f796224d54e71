//! A browser: a cookie jar, and the headers that tell what kind of request it is.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use provider::Provider;
use std::collections::BTreeMap;
use tower::ServiceExt;

#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn set_cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(header::SET_COOKIE).iter();
        values
            .filter_map(|value| value.to_str().ok())
            .map(str::to_owned)
            .collect()
    }
}

pub(crate) const NAVIGATE: [(&str, &str); 3] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("accept", "text/html,application/xhtml+xml"),
];
pub(crate) const FETCH: [(&str, &str); 4] = [
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "application/json"),
];

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
        }
    }

    /// The same cookies against another replica.
    pub(crate) fn at(&self, router: Router) -> Self {
        Self {
            router,
            cookies: self.cookies.clone(),
        }
    }

    /// Opens an address as a person does.
    pub(crate) async fn open(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, &NAVIGATE, "").await
    }

    /// Asks as a script of our own page does.
    pub(crate) async fn fetch(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, &FETCH, "").await
    }

    /// Sends a form of our own page.
    pub(crate) async fn submit(&mut self, address: &str) -> Answer {
        let headers = [&NAVIGATE[..], &[("sec-fetch-site", "same-origin")]].concat();
        self.send(Method::POST, address, &headers, "").await
    }

    /// Calls a server function as the hydrated page does.
    pub(crate) async fn call(&mut self, function: &str, body: &str) -> Answer {
        self.send(Method::POST, &format!("/_fn/{function}"), &FETCH, body).await
    }

    /// Sends exactly these headers, and the cookies.
    pub(crate) async fn send(&mut self, method: Method, address: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let path = address.strip_prefix(crate::world::ORIGIN).unwrap_or(address);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        self.send_request(request, body.to_owned()).await
    }

    /// Sends this request as it is.
    pub(crate) async fn send_request(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let body = body.collect().await.expect("the whole body").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("ASCII");
            let (pair, attributes) = line.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            // What a browser demands of a `__Host-Http-` cookie, to be set as to be removed.
            for attribute in ["Secure", "HttpOnly", "Path=/"] {
                assert!(attributes.contains(attribute), "{line}");
            }
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Begins a login, signs in at the provider, and gives the address of the callback.
    pub(crate) async fn callback_address(&mut self, provider: &Provider, username: &str, return_to: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", return_to)
            .finish();
        let start = self.open(&format!("/auth/login?{query}")).await;
        assert_eq!(start.status, StatusCode::SEE_OTHER, "{}", start.text());
        let address = start.location().expect("the provider's address").to_owned();
        provider.authorize(&address, username).await.to_string()
    }

    /// Signs in, and gives the answer of the callback.
    pub(crate) async fn sign_in(&mut self, provider: &Provider, username: &str, return_to: &str) -> Answer {
        let callback = self.callback_address(provider, username, return_to).await;
        self.open(&callback).await
    }

    /// The session's state, as a script asks for it.
    pub(crate) async fn session(&mut self) -> serde_json::Value {
        self.fetch("/auth/session").await.json()
    }
}
