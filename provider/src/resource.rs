//! A small resource API that takes this provider's access tokens (RFC 6750), for demonstrations and tests.
//!
//! | request | answer |
//! |---|---|
//! | `GET /resource/whoami` | in whose name the call is made, and the names of the headers that came |
//! | `GET /resource/orders` | demo orders of the person |
//! | `POST /resource/echo` | the body as it comes, with its content type |
//! | `GET /resource/events` | server-sent events, one a second |
//! | `GET /resource/socket` | a WebSocket that sends back what it gets |
//!
//! Every other path of it is 404, and every request without a good access token 401.

mod orders;
mod streams;

use axum::{
    Extension, Json, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{calls::Call, grants::Holder, state::Shared, userinfo::bearer};

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

/// Lets through who has a good access token, and says who it is.
async fn guard(State(provider): State<Shared>, mut request: Request, next: Next) -> Response {
    let token = request.extensions().get::<Call>().and_then(bearer);
    let now = provider.clock.seconds();
    let holder = token.and_then(|token| provider.grants.access_token(token, now));
    let Some(holder) = holder else {
        let challenge = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
        let body = Json(json!({ "error": "invalid_token" }));
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], body).into_response();
    };
    request.extensions_mut().insert(holder);
    next.run(request).await
}

/// `GET /resource/whoami`. Of the headers only the names: what was sent may be secret.
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
    Json(json!({
        "sub": subject,
        "scope": scope.join(" "),
        "client_id": provider.client.id,
        "headers": headers,
        "bearer": bearer(&call).is_some(),
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
