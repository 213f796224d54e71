//! A record of every request, for "which calls did the relying party not make".

mod endpoint;

use std::{fmt, sync::Mutex};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use url::Url;

pub use self::endpoint::Endpoint;
use crate::{lock::lock, parameters::decode_pairs};

/// One request as it came in. Its `Debug` form has names only: values may be secrets.
#[derive(Clone)]
pub struct Call {
    /// Which endpoint the path belongs to.
    pub endpoint: Endpoint,
    /// `GET`, `POST`, ...
    pub method: String,
    /// The path as sent, not decoded.
    pub path: String,
    /// The decoded pairs of the query, in order, repeated ones included.
    pub query: Vec<(String, String)>,
    /// Header names in lower case with their values, in order. A value that is not visible ASCII is left empty.
    pub headers: Vec<(String, String)>,
    /// The decoded pairs of an `application/x-www-form-urlencoded` body; empty for any other body, and for calls of the
    /// resource API: the server does not wait for their bodies.
    pub form: Vec<(String, String)>,
}

impl Call {
    /// The first header of that name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The first parameter of that name, in the query or else in the form.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        first(&self.query, name).or_else(|| first(&self.form, name))
    }

    /// Header and claims of the DPoP proof that came with it (RFC 9449 §4.2), unverified.
    #[must_use]
    pub fn dpop_proof(&self) -> Option<(Value, Value)> {
        let mut parts = self.header("dpop")?.split('.');
        let mut part = || serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts.next()?).ok()?).ok();
        Some((part()?, part()?))
    }

    /// The parameters of the protocol message: of the form in a POST, else of the query.
    pub(crate) fn message(&self) -> &[(String, String)] {
        if self.method == "POST" { &self.form } else { &self.query }
    }

    /// The navigation of a browser that is only imagined: no headers.
    pub(crate) fn of_browser(url: &Url) -> Self {
        Self {
            endpoint: Endpoint::of(url.path()),
            method: "GET".to_owned(),
            path: url.path().to_owned(),
            query: decode_pairs(url.query().unwrap_or_default().as_bytes()),
            headers: Vec::new(),
            form: Vec::new(),
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            |pairs: &[(String, String)]| -> Vec<String> { pairs.iter().map(|(name, _)| name.clone()).collect() };
        formatter
            .debug_struct("Call")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &names(&self.query))
            .field("headers", &names(&self.headers))
            .field("form", &names(&self.form))
            .finish()
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let pair = pairs.iter().find(|(key, _)| key == name);
    pair.map(|(_, value)| value.as_str())
}

/// The calls so far.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<Vec<Call>>);

impl Calls {
    pub(crate) fn all(&self) -> Vec<Call> {
        lock(&self.0).clone()
    }

    pub(crate) fn add(&self, call: Call) {
        lock(&self.0).push(call);
    }

    pub(crate) fn forget(&self) {
        lock(&self.0).clear();
    }
}
