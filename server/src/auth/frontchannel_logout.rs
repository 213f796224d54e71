//! `GET /auth/frontchannel-logout?iss=&sid=`: the provider's page shows this in a frame while it
//! signs a person out (OpenID Connect Front-Channel Logout 1.0).
//!
//! Browsers send no cookie of ours into a frame on another site. So the session is found by the
//! index: both `iss` and `sid` have to be there and name one. The answer is the same whether they do
//! or not.

use crate::auth::provider_logout;
use crate::error::Error;
use crate::middleware::OwnPolicy;
use crate::session::Scope;
use crate::state::AppState;
use axum::extract::{RawQuery, State};
use axum::http::HeaderValue;
use axum::response::{Html, IntoResponse, Response};
use time::Duration;
use url::form_urlencoded;

/// Longer names of sessions are nobody's: ID Tokens with such a `sid` are refused.
const SID_LIMIT: usize = 512;

/// The provider vouched for its session by its own clock, which may be ahead of ours.
const CLOCKS_APART: Duration = Duration::MINUTE;

/// The handler. Who can guess a `sid` can sign its person out, and no more (§4.1): the provider has
/// to make it hard to guess.
pub(crate) async fn frontchannel_logout(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = query.unwrap_or_default();
    if let Some(sid) = sid_of(&query, state.relying_party.issuer()) {
        let at = state.clock.now() + CLOCKS_APART;
        let ended = provider_logout(&state, Scope::Session(&sid), at).await?;
        tracing::info!(
            code = "frontchannel_logout",
            ended,
            "the provider's page ended a session"
        );
    }
    let mut response = Html("<!doctype html><title>Signed out</title>").into_response();
    let ancestors = state.relying_party.provider_origins();
    let policy = format!("default-src 'none'; frame-ancestors {ancestors}");
    // Origins are characters of a header. Otherwise the policy of every page holds, which is narrower.
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.extensions_mut().insert(OwnPolicy(policy));
    }
    Ok(response)
}

/// The `sid`, where both parameters are there once and `iss` is our provider.
fn sid_of(query: &str, issuer: &str) -> Option<String> {
    let only = |wanted: &str| {
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
        let (_, only) = values.next()?;
        values.next().is_none().then(|| only.into_owned())
    };
    let sid = only("sid").filter(|sid| (1..=SID_LIMIT).contains(&sid.len()))?;
    (only("iss")? == issuer).then_some(sid)
}
