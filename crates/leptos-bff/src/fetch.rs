//! Asking the server for JSON, from the browser. A server function with arguments is asked here
//! too: Leptos' own client brings a serializer for every type there is, floats included.

use crate::problem::Problem;
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Object, Reflect};
use web_sys::{RequestInit, Response};

/// The JSON at an address of this origin; null where there is nothing to say (204).
///
/// The request has the header `x-csrf: 1`, which the API relay wants: no page of another site can
/// set it. The cookie goes with it as with every request; no script sees it.
///
/// # Errors
///
/// The server's problem, or one with status 0 where no answer came: `offline` or `unreachable`.
pub async fn get(address: &str) -> Result<Value, Problem> {
    read(RequestInit::new(), address, &[("x-csrf", "1")]).await
}

/// The JSON that a server function of this origin answers to a form, sent as the browser would
/// send it without scripts.
///
/// # Errors
///
/// As [`get`].
pub async fn post_form(address: &str, form: &str) -> Result<Value, Problem> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&form.into());
    read(init, address, &[("content-type", "application/x-www-form-urlencoded")]).await
}

/// What [`post_form`] gives, for a resource: what that awaits has to be
/// `Send`, and nothing ever leaves the one thread that there is here.
///
/// # Errors
///
/// As [`get`].
#[cfg(not(feature = "ssr"))]
pub fn post_for_resource(address: &'static str, form: String) -> impl Future<Output = Result<Value, Problem>> + Send {
    send_wrapper::SendWrapper::new(async move { post_form(address, &form).await })
}

async fn read(init: RequestInit, address: &str, headers: &[(&str, &str)]) -> Result<Value, Problem> {
    let answer = ask(&init, address, headers).await.map_err(|_| no_answer())?;
    let body = text(&answer).await.map_err(|_| no_answer())?;
    if answer.status() == 204 {
        return Ok(Value::Null);
    }
    let json = crate::json::read(&body);
    if answer.ok() {
        return json.ok_or_else(Problem::unreadable);
    }
    // An API's own error need not be a problem document: then its status has to do.
    let mut told = Problem::from(json.unwrap_or_default());
    told.status = answer.status();
    Err(told)
}

async fn ask(init: &RequestInit, address: &str, headers: &[(&str, &str)]) -> Result<Response, JsValue> {
    let set = Object::new();
    for (name, value) in headers {
        Reflect::set(&set, &(*name).into(), &(*value).into())?;
    }
    init.set_headers(&set);
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, init)).await?;
    answer.dyn_into()
}

async fn text(answer: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(answer.text()?).await?;
    text.as_string().ok_or(text)
}

fn no_answer() -> Problem {
    let is_online = window().navigator().on_line();
    Problem {
        status: 0,
        code: if is_online { "unreachable" } else { "offline" }.to_owned(),
        reference: String::new(),
    }
}
