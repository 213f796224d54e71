//! Whether this process lives (`/livez`) and whether it can do its work (`/readyz`).

use crate::bff::Bff;
use crate::paths::{LIVE, READY};
use crate::response::FinalResponse;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::{Router, routing::get};
use bff_session::Sessions;
use oidc_relying_party::{Fault, RelyingParty};
use serde_json::json;

/// The health routes. They say nothing of addresses, versions or causes (SEC-08).
pub(crate) fn routes() -> Router<Bff> {
    Router::new().route(LIVE, get(live)).route(READY, get(ready))
}

async fn live() -> Response {
    report(StatusCode::OK, &json!({"status": "ok"}))
}

/// Ready if a session could be begun and ended. A request makes the store write nothing, and makes it answer once a second at
/// most.
///
/// A provider that is away stops new logins only, so it makes no replica unready, not even one that has just started: the
/// sessions that go on would be cut off. Metadata that cannot be used are no outage: somebody has to change a setting, and a
/// replica with that setting takes no other's place. A clock that is off stops new logins only as well, and it may be the
/// provider's. A replica that hears nothing of the others serves new requests as it should, and to send them elsewhere would
/// help no open stream.
async fn ready(State(sessions): State<Sessions>, State(relying_party): State<RelyingParty>) -> Response {
    let (store, provider) = tokio::join!(sessions.readiness(), relying_party.provider());
    let word = |is_ok| if is_ok { "ok" } else { "unavailable" };
    let is_misconfigured = matches!(&provider, Err(error) if error.fault() == Fault::Settings);
    let status = if store.is_ok() && !is_misconfigured {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let mut parts = json!({
        "status": word(status.is_success()),
        "session_store": word(store.is_ok()),
        "session_events": word(sessions.hears()),
        "provider_metadata": word(provider.is_ok()),
        "clock": "unknown",
    });
    if let Some(offset) = relying_party.clock_offset() {
        parts["clock"] = if offset.exceeds_leeway { "differs" } else { "ok" }.into();
        parts["provider_clock_ahead_seconds"] = offset.ahead.whole_seconds().into();
    }
    report(status, &parts)
}

fn report(status: StatusCode, parts: &serde_json::Value) -> Response {
    let mut response = (status, Json(parts)).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(FinalResponse);
    response
}
