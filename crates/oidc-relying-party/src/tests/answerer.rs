//! A web server on loopback that gives the answers that a test sets, and records each request.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use serde_json::Value;
use tokio::net::TcpListener;

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Reply {
    pub(crate) fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", media_type.to_owned())],
            body: Some(body.into()),
        }
    }

    pub(crate) fn json(body: &Value) -> Self {
        Self::new(200, "application/json", body.to_string())
    }

    pub(crate) fn error(status: u16, error: &str) -> Self {
        Self::new(
            status,
            "application/json",
            serde_json::json!({ "error": error }).to_string(),
        )
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self {
            status: 302,
            headers: vec![("location", location.to_owned())],
            body: Some(Vec::new()),
        }
    }

    /// The server takes the request and never answers.
    pub(crate) fn never() -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Call {
    /// The parameters of the form in the body, in order.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

#[derive(Clone, Debug, Default)]
struct Script(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    replies: HashMap<String, Reply>,
    calls: Vec<Call>,
}

#[derive(Debug)]
pub(crate) struct Answerer {
    pub(crate) origin: String,
    script: Script,
    server: tokio::task::JoinHandle<()>,
}

impl Answerer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let script = Script::default();
        let router = Router::new().fallback(answer).with_state(script.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        Self { origin, script, server }
    }

    /// From now on `path` gets `reply`. Any other path gets 404.
    pub(crate) fn set(&self, path: &str, reply: Reply) {
        self.script
            .0
            .lock()
            .expect("the script")
            .replies
            .insert(path.to_owned(), reply);
    }

    /// The calls of `path` so far.
    pub(crate) fn calls(&self, path: &str) -> Vec<Call> {
        self.script
            .0
            .lock()
            .expect("the script")
            .calls
            .iter()
            .filter(|call| call.path == path)
            .cloned()
            .collect()
    }
}

impl Drop for Answerer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(script): State<Script>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let call = Call {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let reply = {
        let mut script = script.0.lock().expect("the script");
        let reply = script.replies.get(&call.path).cloned();
        script.calls.push(call);
        reply.unwrap_or_else(|| Reply::new(404, "text/plain", "not found"))
    };
    let Some(body) = reply.body else {
        return std::future::pending().await;
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).expect("a response")
}
