//! The answer to an error: a page for a person, a problem document (RFC 9457) for a program.

mod server_function;

use crate::bff::Bff;
use crate::config::PublicUrl;
use crate::error::{Error, log};
use crate::paths;
use crate::request::{RequestId, is_navigation, media_type};
use crate::response::{FinalResponse, add_retry_after, onward, see_other};
use crate::return_to::ReturnTo;
use crate::sign_in_failed;
use crate::step_up::login_address;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use bff_contract::access::StepUp;
use bff_contract::problem::Problem;
use bff_contract::session::SessionState;
use futures::FutureExt;
use serde::Serialize;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tower::{Service, ServiceExt};

/// Answers a request, and turns every failure inside into an answer.
pub(super) async fn error_response<S>(state: &Bff, id: &RequestId, request: Request, inner: S) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let page = asked_page(&request);
    let referer = request.headers().get(header::REFERER).cloned();
    // A handler that panicked is gone, with all that it held; the state that others share is never changed in place.
    let response = match AssertUnwindSafe(inner.oneshot(request)).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => Error::Panic.into_response(),
    };
    // A person whose form a function refused gets a page.
    if page.is_none() && server_function::is_error(&response) {
        return server_function::answer(response, id).await;
    }
    let Some(error) = error_of(&response) else {
        return response;
    };
    let mut problem = error.problem(id.to_string());
    problem.trace_id = id.trace().known_id();
    log(&error);
    let session = response
        .extensions()
        .get::<Arc<SessionState>>()
        .cloned()
        .unwrap_or_default();
    let mut answer = match page {
        Some(page) => present(state, page, &error, problem, session).await,
        None => document(state, &error, &problem, referer.as_ref()),
    };
    add_retry_after(&mut answer, error.status());
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    answer
}

/// The parts of a request that a problem page needs, because the request itself is gone by then. `None` for a request of a
/// script; an API's address never gets a page.
fn asked_page(request: &Request) -> Option<Parts> {
    if !is_navigation(request.headers()) || request.uri().path().starts_with(paths::API) {
        return None;
    }
    let (mut parts, ()) = axum::http::Request::new(()).into_parts();
    parts.method.clone_from(request.method());
    parts.uri.clone_from(request.uri());
    parts.headers.clone_from(request.headers());
    Some(parts)
}

/// The error that a handler attached, or the one that a layer's bare status stands for.
fn error_of(response: &Response) -> Option<Arc<Error>> {
    if let Some(error) = response.extensions().get::<Arc<Error>>() {
        return Some(error.clone());
    }
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    let is_final = response.extensions().get::<FinalResponse>().is_some() || is_json(response.headers());
    (is_failure && !is_final).then(|| Arc::new(Error::Layer(status)))
}

/// Whether a handler has described the failure in JSON, for its own script. A text, such as axum's own refusals have, is no
/// answer to a person and names parts of the program: it is replaced.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers).to_ascii_lowercase();
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

async fn present(state: &Bff, asked: Parts, error: &Error, problem: Problem, session: Arc<SessionState>) -> Response {
    match error {
        Error::SignInRequired => {
            let page = page(&asked, &state.public_url);
            return to_login(state, &asked, &page.login_address(&state.public_url));
        }
        Error::StepUpRequired(step_up) => {
            let page = page(&asked, &state.public_url);
            let itself = page.path() == asked.uri.path();
            return to_login(state, &asked, &step_up_address(state, (page, itself), *step_up));
        }
        _ => {}
    }
    if asked.uri.path() == paths::CALLBACK {
        return see_other(&sign_in_failed::address(&state.keys, &problem));
    }
    state.problem_page(asked, problem, session).await
}

/// The way to the login, which may lead over any number of providers: a form gets there by a page.
fn to_login(state: &Bff, asked: &Parts, address: &str) -> Response {
    if matches!(asked.method, Method::GET | Method::HEAD) {
        see_other(address)
    } else {
        onward(&state.public_url.seen(address), "Signing in", "Sign in to go on")
    }
}

fn step_up_address(state: &Bff, page: (ReturnTo, bool), step_up: StepUp) -> String {
    login_address((&state.access, &state.keys, &state.public_url), page, step_up)
}

/// A problem document (RFC 9457 §3.1), with the sign-in's address if a session is missing.
#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    status: u16,
    code: &'a str,
    reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<String>,
}

fn document(state: &Bff, error: &Error, problem: &Problem, referer: Option<&HeaderValue>) -> Response {
    let status = error.status();
    let public_url = &state.public_url;
    let login = match error {
        // Which page is signed in for decides how fresh the authentication has to be.
        Error::StepUpRequired(step_up) => {
            let page = referring_page(referer, public_url);
            Some(public_url.seen(&step_up_address(state, (page, false), *step_up)))
        }
        _ => (status == StatusCode::UNAUTHORIZED).then(|| public_url.seen(paths::LOGIN)),
    };
    let document = Document {
        r#type: "about:blank",
        title: problem.title.as_deref().or(status.canonical_reason()),
        detail: problem.detail.as_deref(),
        status: problem.status,
        code: &problem.code,
        reference: &problem.reference,
        trace_id: problem.trace_id.as_deref(),
        login,
    };
    let content_type = [(header::CONTENT_TYPE, "application/problem+json")];
    let body = serde_json::to_string(&document).expect("a struct with string keys");
    (status, content_type, body).into_response()
}

/// The page that was asked for, or the page whose form was sent.
fn page(asked: &Parts, public_url: &PublicUrl) -> ReturnTo {
    match asked.method {
        Method::GET | Method::HEAD => {
            let target = asked.uri.path_and_query().map(ToString::to_string);
            ReturnTo::judge(&target.unwrap_or_default())
        }
        _ => referring_page(asked.headers.get(header::REFERER), public_url),
    }
}

/// The page that a form or a script's request came from; the home page if no header names one.
fn referring_page(referer: Option<&HeaderValue>, public_url: &PublicUrl) -> ReturnTo {
    let target = referer.and_then(|referer| {
        let page = url::Url::parse(referer.to_str().ok()?).ok()?;
        Some(page[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    });
    ReturnTo::seen(&target.unwrap_or_default(), public_url)
}
