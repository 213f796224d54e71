//! The answer to an error: a page for a person, a problem document (RFC 9457) for a program.

use super::{Error, cause};
use crate::middleware::RequestId;
use crate::pages;
use crate::paths;
use crate::request::is_navigation;
use crate::return_to::ReturnTo;
use crate::sign_in_failed;
use crate::state::AppState;
use app::problem::Problem;
use app::session::SessionState;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Json, Response};
use serde_json::json;
use std::sync::Arc;

/// After this many seconds a failed store or provider may be asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The layer that turns errors into answers. Whatever fails inside it ends here.
pub async fn answer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(error) = error_of(&response) else {
        return response;
    };
    let problem = Problem {
        status: error.status().as_u16(),
        code: error.spoken_code().to_owned(),
        reference: asked
            .extensions
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    log(&error, &problem);
    let session = response
        .extensions()
        .get::<Arc<SessionState>>()
        .cloned()
        .unwrap_or_default();
    let mut answer = present(&state, asked, &error, problem, session).await;
    if error.status() == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    answer
}

/// The answer where a handler panicked.
#[must_use]
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Error::Panic.into_response()
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

/// Marks a response with an error status that already says what it has to: a server function's
/// typed error, a health report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SaysItself;

async fn present(
    state: &AppState,
    asked: Parts,
    error: &Error,
    problem: Problem,
    session: Arc<SessionState>,
) -> Response {
    // An API is never a page, however somebody got to its address.
    if !is_navigation(&asked.headers) || asked.uri.path().starts_with(paths::API) {
        return document(error, &problem);
    }
    if matches!(error, Error::SignInRequired) {
        return see_other(&sign_in_address(&asked));
    }
    if asked.uri.path() == paths::CALLBACK {
        return see_other(&sign_in_failed::address(&state.keys, &problem));
    }
    pages::problem(state, asked, problem, session).await
}

fn document(error: &Error, problem: &Problem) -> Response {
    let mut body = json!({
        "type": "about:blank",
        "title": error.status().canonical_reason(),
        "status": problem.status,
        "code": problem.code,
        "reference": problem.reference,
    });
    if error.status() == StatusCode::UNAUTHORIZED {
        body["login"] = paths::LOGIN.into();
    }
    let content_type = [(header::CONTENT_TYPE, "application/problem+json")];
    (error.status(), content_type, Json(body).0.to_string()).into_response()
}

/// Where to sign in and come back from: the page itself, or the one whose form was sent.
fn sign_in_address(asked: &Parts) -> String {
    let target = match asked.method {
        Method::GET | Method::HEAD => asked.uri.path_and_query().map(ToString::to_string),
        _ => asked.headers.get(header::REFERER).and_then(|referer| {
            let page = url::Url::parse(referer.to_str().ok()?).ok()?;
            Some(page[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
        }),
    };
    ReturnTo::judge(&target.unwrap_or_default()).login_address()
}

/// A redirect that is fetched with GET (RED-05).
pub(crate) fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    response
}

fn log(error: &Error, problem: &Problem) {
    let (code, status) = (error.code(), problem.status);
    let cause = cause::chain(error);
    match status {
        500.. => tracing::error!(code, status, cause, "request failed"),
        401 | 404 => tracing::debug!(code, status, cause, "request refused"),
        _ => tracing::warn!(code, status, cause, "request refused"),
    }
}
