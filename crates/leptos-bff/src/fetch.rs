//! Asking the server for JSON, from the browser.

use crate::problem::Problem;
use crate::public_path::href;
use futures::Stream;
use leptos::prelude::window;
use leptos::server_fn::response::ClientRes;
use leptos::wasm_bindgen::{JsCast, JsValue};
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Object, Reflect};
use web_sys::{RequestInit, Response};

/// The JSON at a path of the application, such as that of a relayed API: `/api/orders/...`.
///
/// The request has the header `x-csrf: 1`, which the API relay wants: no page of another site can
/// set it. The cookie goes with it as with every request; no script sees it.
///
/// # Errors
///
/// The server's problem, or one with status 0 if no answer came: `offline` or `unreachable`.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Problem> {
    read(&get_text(path).await?)
}

/// The same as a text, which nobody has read.
pub(crate) async fn get_text(path: &str) -> Result<String, Problem> {
    text(ask("GET", &href(path), &[("x-csrf", "1")], "").await)
}

/// The JSON that the application answers to a form at this path, sent as the browser would send it without scripts; null if there is
/// nothing to say (204).
///
/// # Errors
///
/// As [`get`].
pub async fn post_form<T: DeserializeOwned>(path: &str, form: &str) -> Result<T, Problem> {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    read(&text(ask("POST", &href(path), &headers, form).await)?)
}

/// An answer of the server.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) status: u16,
    body: String,
    location: String,
    has_redirect: bool,
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Problem> {
    serde_json::from_str(json).map_err(|_| Problem::unreadable())
}

/// The JSON of an answer. An answer without a body is null.
fn text(answer: Result<Answer, String>) -> Result<String, Problem> {
    let answer = answer.map_err(|code| Problem {
        status: 0,
        code,
        ..Problem::default()
    })?;
    match answer.status {
        204 => Ok("null".to_owned()),
        200..300 => Ok(answer.body),
        _ => Err(Problem::from(&answer)),
    }
}

impl From<&Answer> for Problem {
    /// An API's own error need not be a problem document: then its status has to do.
    fn from(answer: &Answer) -> Self {
        let mut told = Self::from(serde_json::from_str::<Value>(&answer.body).unwrap_or_default());
        told.status = answer.status;
        told
    }
}

/// Sends a request to this address and returns the answer. If no answer came, the error is the code of a problem: `offline` or
/// `unreachable`.
pub(crate) async fn ask(method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, String> {
    fetched(method, address, headers, body).await.map_err(|_| {
        let is_online = window().navigator().on_line();
        if is_online { "unreachable" } else { "offline" }.to_owned()
    })
}

async fn fetched(method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    if method != "GET" {
        init.set_body(&body.into());
    }
    let set = Object::new();
    for (name, value) in headers {
        Reflect::set(&set, &(*name).into(), &(*value).into())?;
    }
    init.set_headers(&set);
    let answer: Response = JsFuture::from(window().fetch_with_str_and_init(address, &init))
        .await?
        .dyn_into()?;
    let body = JsFuture::from(answer.text()?).await?;
    let header = |name: &str| answer.headers().get(name).ok().flatten();
    Ok(Answer {
        status: answer.status(),
        body: body.as_string().unwrap_or_default(),
        location: header("location").unwrap_or_else(|| answer.url()),
        has_redirect: header(leptos::server_fn::redirect::REDIRECT_HEADER).is_some(),
    })
}

impl<E> ClientRes<E> for Answer {
    async fn try_into_string(self) -> Result<String, E> {
        Ok(self.body)
    }

    async fn try_into_bytes(self) -> Result<bytes::Bytes, E> {
        Ok(self.body.into())
    }

    /// In one piece.
    fn try_into_stream(
        self,
    ) -> Result<impl Stream<Item = Result<bytes::Bytes, bytes::Bytes>> + Send + Sync + 'static, E> {
        Ok(futures::stream::iter([Ok(self.body.into())]))
    }

    fn status(&self) -> u16 {
        self.status
    }

    fn status_text(&self) -> String {
        String::new()
    }

    fn location(&self) -> String {
        self.location.clone()
    }

    fn has_redirect(&self) -> bool {
        self.has_redirect
    }
}
