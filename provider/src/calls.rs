//! A record of every request, for "which calls did the relying party not make".

mod endpoint;

use std::{collections::VecDeque, fmt, sync::Mutex};

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

    /// About as many bytes it takes in memory.
    fn size(&self) -> usize {
        let texts = |pairs: &[(String, String)]| -> usize {
            let one = |(name, value): &(String, String)| size_of::<(String, String)>() + name.len() + value.len();
            pairs.iter().map(one).sum()
        };
        let pairs = texts(&self.query) + texts(&self.headers) + texts(&self.form);
        size_of::<Self>() + self.method.len() + self.path.len() + pairs
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

/// The calls of a development run take so many bytes together at most. Any page that a browser at this machine shows can send
/// requests here.
const LARGEST: usize = 64 << 20;

/// The calls so far.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    calls: VecDeque<Call>,
    /// The sizes of all of them.
    size: usize,
}

impl Calls {
    pub(crate) fn all(&self) -> Vec<Call> {
        lock(&self.0).calls.iter().cloned().collect()
    }

    /// Keeps one more call. The oldest ones go where there are too many.
    pub(crate) fn add(&self, call: Call) {
        let mut kept = lock(&self.0);
        kept.size += call.size();
        kept.calls.push_back(call);
        while kept.size > LARGEST {
            let Some(oldest) = kept.calls.pop_front() else { break };
            kept.size -= oldest.size();
        }
    }

    pub(crate) fn forget(&self) {
        *lock(&self.0) = Kept::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_calls_go_where_all_take_too_much_memory() {
        let calls = Calls::default();
        let url = Url::parse("http://127.0.0.1:4000/elsewhere").expect("a URL");
        for number in 0..100 {
            let text = ("text".to_owned(), "x".repeat(1 << 20));
            calls.add(Call {
                path: format!("/{number}"),
                form: vec![text],
                ..Call::of_browser(&url)
            });
        }
        let kept = calls.all();
        assert!((32..64).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept.last().map(|call| call.path.as_str()), Some("/99"));
        assert_eq!(kept.iter().map(Call::size).sum::<usize>(), lock(&calls.0).size);
        calls.forget();
        assert!(calls.all().is_empty());
    }
}
