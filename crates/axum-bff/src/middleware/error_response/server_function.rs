//! The typed error of a server function: the function's own answer, and not a failure that this layer answers.

use crate::request::RequestId;
use axum::body::{Body, HttpBody, to_bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// Leptos marks the answer with it (`server_fn::error::SERVER_FN_ERROR_HEADER`).
const MARK: HeaderName = HeaderName::from_static("serverfnerror");

/// An error is a few words. A longer one is passed on without a look at it.
const LONGEST: u64 = 16 * 1024;

/// Whether a script gets the error of a server function.
pub(super) fn is_error(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && response.headers().contains_key(MARK)
}

/// The answer. A problem ([`bff_contract::problem::Problem`]) gets its status, which Leptos makes 500, and the
/// correlation id. Another type of error is the application's own, and stays as it is.
pub(super) async fn answer(response: Response, id: &RequestId) -> Response {
    if response.body().size_hint().upper().is_none_or(|size| size > LONGEST) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Some((status, problem)) = problem(&body, id) else {
        return Response::from_parts(parts, Body::from(body));
    };
    if parts.status == StatusCode::INTERNAL_SERVER_ERROR {
        parts.status = status;
    }
    let document = HeaderValue::from_static("application/problem+json");
    parts.headers.insert(header::CONTENT_TYPE, document);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(problem))
}

/// The problem that a body is, with its reference, and its status.
fn problem(body: &[u8], id: &RequestId) -> Option<(StatusCode, String)> {
    let mut json: Value = serde_json::from_slice(body).ok()?;
    let status = u16::try_from(json.get("status")?.as_u64()?).ok()?;
    let has_code = json
        .get("code")
        .and_then(Value::as_str)
        .is_some_and(|code| !code.is_empty());
    if !has_code || !(400..600).contains(&status) {
        return None;
    }
    json["reference"] = id.to_string().into();
    if let Some(trace_id) = id.trace().known_id() {
        json["trace_id"] = trace_id.into_string().into();
    }
    Some((StatusCode::from_u16(status).ok()?, json.to_string()))
}
