//! A small resource API that takes this provider's access tokens (RFC 6750, RFC 9449), for demonstrations and tests.
//!
//! | request | answer |
//! |---|---|
//! | `GET /resource/whoami` | the person or client of the access token, its type and length, and the names of the request's headers |
//! | `GET /resource/orders` | demo orders of the person |
//! | `POST /resource/echo` | the body as it comes, with its content type |
//! | `GET /resource/events` | server-sent events, one a second |
//! | `GET /resource/socket` | a WebSocket that echoes each message |
//!
//! Every other path of it is 404, and every request without a good access token 401.

mod orders;
mod streams;

use axum::{
    Extension, Json, Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    calls::Call,
    dpop::{holder, with_nonce},
    grants::Holder,
    records::Side,
    state::Shared,
};

/// The API under `/resource`, guarded.
pub(crate) fn resource(provider: &Shared) -> Router<Shared> {
    Router::new()
        .route("/whoami", get(whoami))
        .route("/orders", get(orders::orders))
        .route("/echo", post(echo))
        .route("/events", get(streams::events))
        .route("/socket", get(streams::socket))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(from_fn_with_state(provider.clone(), guard))
}

/// Lets a request with a good access token through, and adds the token's holder to it.
async fn guard(State(provider): State<Shared>, mut request: Request, next: Next) -> Response {
    let Some(call) = request.extensions().get::<Call>().cloned() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let response = match holder(&provider, &call, Side::Resource) {
        Ok(holder) => {
            request.extensions_mut().insert(holder);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    with_nonce(&provider, &call, Side::Resource, response)
}

/// `GET /resource/whoami`. It gives only the names of the headers, and the length of the token: the values may be secret.
async fn whoami(
    State(provider): State<Shared>,
    Extension(holder): Extension<Holder>,
    call: Extension<Call>,
) -> Json<Value> {
    let (subject, scope) = match &holder {
        Holder::Person(grant) => (Some(&grant.subject), &grant.scope),
        Holder::Client(scope) => (None, scope),
    };
    let mut headers: Vec<&str> = call.headers.iter().map(|(name, _)| name.as_str()).collect();
    headers.sort_unstable();
    headers.dedup();
    let (scheme, token) = call
        .header("authorization")
        .and_then(|value| value.split_once(' '))
        .unzip();
    Json(json!({
        "sub": subject,
        "scope": scope.join(" "),
        "client_id": provider.settings.client.id,
        "headers": headers,
        "bearer": token.is_some(),
        "scheme": scheme,
        "token_length": token.map(str::len),
    }))
}

/// `POST /resource/echo`.
async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut response = Response::new(body);
    if let Some(content_type) = parts.headers.get(header::CONTENT_TYPE) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type.clone());
    }
    response
}
