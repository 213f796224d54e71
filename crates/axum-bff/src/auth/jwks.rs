//! `GET /auth/jwks`: the public halves of our keys, for the provider to verify our client assertions
//! with (OpenID Connect Dynamic Client Registration 1.0 §2, `jwks_uri`).
//!
//! It stands outside the session layer and the headers of dynamic responses: it is the same
//! for everybody, and no secret.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Json, Response};
use oidc_relying_party::RelyingParty;

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    // A provider that keeps to it knows a new key five minutes after it was added; the one before goes on signing
    // for longer than that (docs/operations.md).
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'"),
    ),
];

/// The handler. Without keys the set is empty. `application/json`, because not every provider takes
/// `application/jwk-set+json`.
pub(crate) async fn jwks(State(relying_party): State<RelyingParty>) -> Response {
    (HEADERS, Json(relying_party.jwk_set())).into_response()
}
