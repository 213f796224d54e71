//! The layer that records every request.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    calls::{Call, Endpoint},
    parameters::decode_pairs,
    state::Shared,
};

/// No request of the protocol comes near this many bytes.
const LARGEST_BODY: usize = 1 << 20;

/// The path as it was sent, where the routes see another.
#[derive(Clone)]
pub(crate) struct SentPath(pub(crate) String);

/// Records the request and hands it on with its [`Call`] as an extension, which is all that the endpoints of the protocol
/// read.
pub(crate) async fn record(State(provider): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (known, rest) = if Endpoint::of(parts.uri.path()) == Endpoint::Resource {
        (Bytes::new(), body)
    } else {
        match to_bytes(body, LARGEST_BODY).await {
            Ok(body) => (body, Body::empty()),
            Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        }
    };
    let call = read(&parts, &known);
    provider.calls.add(call.clone());
    let mut request = Request::from_parts(parts, rest);
    request.extensions_mut().insert(call);
    let response = next.run(request).await;
    provider.answered.notify_one();
    response
}

fn read(parts: &Parts, body: &[u8]) -> Call {
    let form = if is_form(&parts.headers) {
        decode_pairs(body)
    } else {
        Vec::new()
    };
    let text = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = parts.headers.iter();
    Call {
        endpoint: Endpoint::of(parts.uri.path()),
        method: parts.method.to_string(),
        path: parts
            .extensions
            .get()
            .map_or_else(|| parts.uri.path().to_owned(), |SentPath(path)| path.clone()),
        query: decode_pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
        form,
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}
