//! `POST /auth/page-failed?at=start|hydration|later`: a page says, once, that it works without its script from now on.
//!
//! Anybody may say so. One of three words gets into the log, within the bound for strangers.

use crate::bff::Bff;
use crate::client_address::Peer;
use crate::error::Error;
use axum::Extension;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};

/// The handler.
pub(crate) async fn page_failed(
    State(state): State<Bff>,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Error> {
    let address = state.trusted_proxies.seen_from(peer, &headers).address;
    // Every report counts: only a page of ours has a reason to send one.
    drop(state.page_failures.take(address)?);
    let at = match query.as_deref() {
        Some("at=start") => "start",
        Some("at=hydration") => "hydration",
        _ => "later",
    };
    tracing::warn!(
        code = "page_failed",
        at,
        "the script of a page failed: the page goes on by full loads"
    );
    Ok(StatusCode::NO_CONTENT)
}
