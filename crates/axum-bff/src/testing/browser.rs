//! A browser: a cookie jar, and the headers that tell the kind of a request.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use std::collections::BTreeMap;
use tower::ServiceExt;

/// A browser in front of a router. It answers a failure of the router itself with a panic.
#[derive(Clone, Debug)]
pub struct Browser {
    router: Router,
    /// The cookies that it has, by name.
    pub cookies: BTreeMap<String, String>,
}

/// An answer of the router.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it was sent.
    pub body: Bytes,
    /// The address to which a page of a sign-out goes on at once.
    onward: Option<String>,
}

impl Answer {
    /// The target of a redirect.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok())
    }

    /// The address to which the answer leads by itself: by a redirect, or as a page that goes on at once.
    #[must_use]
    pub fn leads_to(&self) -> Option<String> {
        if let Some(address) = self.location().or(self.onward.as_deref()) {
            return Some(address.to_owned());
        }
        let page = self.text();
        let (_, address) = page.split_once("<meta http-equiv=\"refresh\" content=\"0;url=")?;
        let (address, _) = address.split_once('"')?;
        Some(html_escape::decode_html_entities(address).into_owned())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// A header, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The cookies that it sets, with their attributes.
    #[must_use]
    pub fn set_cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(header::SET_COOKIE).iter();
        values
            .filter_map(|value| value.to_str().ok())
            .map(str::to_owned)
            .collect()
    }
}

/// The headers with which a browser opens a page.
pub const NAVIGATE: [(&str, &str); 3] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("accept", "text/html,application/xhtml+xml"),
];
/// The headers with which a script of our own page asks for data.
pub const FETCH: [(&str, &str); 4] = [
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "application/json"),
];

impl Browser {
    /// A browser without cookies.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
        }
    }

    /// The same cookies against another replica.
    #[must_use]
    pub fn at(&self, router: Router) -> Self {
        Self {
            router,
            cookies: self.cookies.clone(),
        }
    }

    /// Opens an address as a person does.
    pub async fn open(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, &NAVIGATE, "").await
    }

    /// Asks as a script of our own page does.
    pub async fn fetch(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, &FETCH, "").await
    }

    /// Sends a form of our own page.
    pub async fn submit(&mut self, address: &str) -> Answer {
        let headers = [&NAVIGATE[..], &[("sec-fetch-site", "same-origin")]].concat();
        self.send(Method::POST, address, &headers, "").await
    }

    /// Calls a server function as the hydrated page does.
    pub async fn call(&mut self, function: &str, body: &str) -> Answer {
        self.send(Method::POST, &format!("/_fn/{function}"), &FETCH, body).await
    }

    /// Sends JSON as a script of our own page does.
    ///
    /// ```
    /// # use axum::http::Method;
    /// # async fn order(ada: &mut axum_bff::testing::Browser) {
    /// let answer = ada.send_json(Method::POST, "/orders", &serde_json::json!({"bells": 2})).await;
    /// assert_eq!(answer.json()["number"], 1);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If the address is none.
    pub async fn send_json(&mut self, method: Method, address: &str, json: &serde_json::Value) -> Answer {
        let headers = [&FETCH[..], &[("content-type", "application/json")]].concat();
        self.send(method, address, &headers, &json.to_string()).await
    }

    /// Sends these headers, and the cookies. A body without a `content-type` is a form.
    ///
    /// # Panics
    ///
    /// If this is no request.
    pub async fn send(&mut self, method: Method, address: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let path = address.strip_prefix(super::ORIGIN).unwrap_or(address);
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
        let has_type = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(header::CONTENT_TYPE.as_str()));
        if !body.is_empty() && !has_type {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        self.send_request(request, body.to_owned()).await
    }

    /// Sends this request as it is, without the cookies that this browser has.
    ///
    /// # Panics
    ///
    /// If it is none, or the answer sets a cookie that a browser would not take.
    pub async fn send_request(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("the whole body");
        let mut answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body,
            onward: None,
        };
        if let Some(address) = answer
            .leads_to()
            .filter(|to| to.starts_with(crate::paths::LOGOUT_AT_PROVIDER))
        {
            answer.onward = self.redirected_from(&address).await;
        }
        answer
    }

    /// The address to which a navigation to this address leads.
    async fn redirected_from(&self, address: &str) -> Option<String> {
        let request = Request::builder().uri(address).body(Body::empty()).expect("an address");
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let location = response.headers().get(header::LOCATION)?;
        location.to_str().ok().map(str::to_owned)
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("ASCII");
            let (pair, attributes) = line.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            // Browsers demand these attributes of a `__Host-Http-` cookie, to set it and to remove it.
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

    /// The session's state, as a script asks for it.
    pub async fn session(&mut self) -> serde_json::Value {
        self.fetch("/auth/session").await.json()
    }
}
