//! The answer to an error: a page for a person, a problem document (RFC 9457) for a program.

use super::{Error, cause, function_error, onward, sign_in};
use crate::bff::Bff;
use crate::middleware::RequestId;
use crate::paths;
use crate::request::is_navigation;
use crate::return_to::ReturnTo;
use crate::sign_in_failed;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bff_contract::access::Access;
use bff_contract::problem::Problem;
use bff_contract::session::SessionState;
use futures::FutureExt;
use serde::Serialize;
use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// After this many seconds a failed store or provider may be asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// After this many seconds one of the many things that a person has under way may be done.
const RETRY_TOO_MANY: HeaderValue = HeaderValue::from_static("1");

/// The answer to a request, with what failed inside turned into one: whatever it is, it ends here.
pub(crate) async fn answer(state: &Bff, id: RequestId, request: Request, next: Next) -> Response {
    let page = asked_page(&request);
    let referer = request.headers().get(header::REFERER).cloned();
    // A handler that panicked is gone, with all that it held; the state that others share is never changed in place.
    let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => Error::Panic.into_response(),
    };
    // A person whose form a function refused gets a page.
    if page.is_none() && function_error::is_one(&response) {
        return function_error::answer(response, &id).await;
    }
    let Some(error) = error_of(&response) else {
        return response;
    };
    let problem = error.problem(id.to_string());
    log(&error);
    let session = response
        .extensions()
        .get::<Arc<SessionState>>()
        .cloned()
        .unwrap_or_default();
    let mut answer = match page {
        Some(page) => present(state, page, &error, problem, session).await,
        None => document(&state.access, &error, &problem, referer.as_ref()),
    };
    say_when_to_retry(&mut answer, error.status());
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    answer
}

/// Says with a status of "later" when that may be.
pub(crate) fn say_when_to_retry(answer: &mut Response, status: StatusCode) {
    let seconds = match status {
        StatusCode::SERVICE_UNAVAILABLE => RETRY_AFTER,
        StatusCode::TOO_MANY_REQUESTS => RETRY_TOO_MANY,
        _ => return,
    };
    answer.headers_mut().insert(header::RETRY_AFTER, seconds);
}

/// What is needed of a request to answer its failure with a page: the request itself is gone by then. None where a script
/// asks; an API is never a page, however somebody got to its address.
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
    let is_ours = response.extensions().get::<SaysItself>().is_some();
    (is_failure && !is_ours).then(|| Arc::new(Error::Layer(status)))
}

/// Marks a response with an error status that already says what it has to, such as a health report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SaysItself;

async fn present(state: &Bff, asked: Parts, error: &Error, problem: Problem, session: Arc<SessionState>) -> Response {
    match error {
        Error::SignInRequired => return to_sign_in(&asked, &sign_in::page(&asked)),
        Error::StepUpRequired(step_up) => {
            let page = sign_in::to_step_up(&state.access, sign_in::page(&asked), *step_up);
            return to_sign_in(&asked, &page);
        }
        _ => {}
    }
    if asked.uri.path() == paths::CALLBACK {
        return see_other(&sign_in_failed::address(&state.keys, &problem));
    }
    state.problem(asked, problem, session).await
}

/// The way to the sign-in, which may lead over any number of providers: a form gets there by a page.
fn to_sign_in(asked: &Parts, page: &ReturnTo) -> Response {
    let address = page.login_address();
    if matches!(asked.method, Method::GET | Method::HEAD) {
        see_other(&address)
    } else {
        onward(&address, "Signing in", "Sign in to go on")
    }
}

/// A problem document (RFC 9457 §3.1), with where to sign in if that is what is missing.
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
    login: Option<Cow<'static, str>>,
}

fn document(access: &Access, error: &Error, problem: &Problem, referer: Option<&HeaderValue>) -> Response {
    let status = error.status();
    let login = match error {
        // Which page is signed in for decides how fresh the authentication has to be.
        Error::StepUpRequired(step_up) => {
            let address = sign_in::to_step_up(access, sign_in::referring_page(referer), *step_up).login_address();
            Some(Cow::Owned(address))
        }
        _ => (status == StatusCode::UNAUTHORIZED).then_some(Cow::Borrowed(paths::LOGIN)),
    };
    let document = Document {
        r#type: "about:blank",
        title: problem.title.as_deref().or(status.canonical_reason()),
        detail: problem.detail.as_deref(),
        status: problem.status,
        code: &problem.code,
        reference: &problem.reference,
        login,
    };
    let content_type = [(header::CONTENT_TYPE, "application/problem+json")];
    let body = serde_json::to_string(&document).expect("a struct with string keys");
    (status, content_type, body).into_response()
}

/// A redirect that is fetched with GET (RED-05).
pub(crate) fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    response
}

pub(super) fn log(error: &Error) {
    let (code, status) = (error.code(), error.status().as_u16());
    let cause = cause::chain(error);
    match status {
        500.. => tracing::error!(code, status, cause, "request failed"),
        401 | 404 => tracing::debug!(code, status, cause, "request refused"),
        _ => tracing::warn!(code, status, cause, "request refused"),
    }
}
