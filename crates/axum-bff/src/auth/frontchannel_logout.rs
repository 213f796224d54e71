//! `GET /auth/frontchannel-logout?iss=&sid=`: the provider's page shows this in a frame while it
//! signs a person out (OpenID Connect Front-Channel Logout 1.0).
//!
//! Browsers send no cookie of ours into a frame on another site. So the session is found by the
//! index: both `iss` and `sid` have to be there and name one. The answer is the same whether they do
//! or not.
//!
//! Nothing is signed here, so anybody may be asking. A stranger has us look into the index, as often as
//! [`rate`](crate::rate) allows, and nothing else: an unknown session leaves no trace, and no login under way is
//! stopped. A check of headers such as `Sec-Fetch-Dest` would stop some unusual browsers, and no stranger with a
//! script.

use crate::auth::revoke_unless_offline;
use crate::bff::Bff;
use crate::client_address::Peer;
use crate::error::Error;
use crate::metrics::Step;
use crate::response::OwnPolicy;
use axum::Extension;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use bff_session::{IndexKey, Scope};
use time::Duration;
use url::form_urlencoded;

/// Longer names of sessions are nobody's: ID Tokens with such a `sid` are refused.
const SID_LIMIT: usize = 512;

/// The provider vouched for its session by its own clock, which may be ahead of ours.
const CLOCKS_APART: Duration = Duration::MINUTE;

/// The handler. A stranger who guesses a `sid` can sign its person out, and can do nothing else (§4.1): the provider
/// has to make it hard to guess.
pub(crate) async fn frontchannel_logout(
    State(state): State<Bff>,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    if !state.relying_party.listens_to_front_channel() {
        return Err(Error::NotFound);
    }
    let query = query.unwrap_or_default();
    if let Some(sid) = sid_of(&query, state.relying_party.issuer()) {
        let turn = state
            .frontchannel_logouts
            .take(state.trusted_proxies.seen_from(peer, &headers).address)?;
        if Step::Logout.of(end_session(&state, &sid)).await? > 0 {
            turn.give_back();
        }
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

async fn end_session(state: &Bff, sid: &str) -> Result<usize, Error> {
    let key = IndexKey {
        issuer: state.relying_party.issuer(),
        scope: Scope::Session(sid),
    };
    let at = state.clock.now() + CLOCKS_APART;
    let revoke = |ended| revoke_unless_offline(state, ended);
    let ended = state.sessions.end_listed(key, at, revoke).await?;
    if ended > 0 {
        tracing::info!(
            code = "frontchannel_logout",
            ended,
            "the provider's page ended a session"
        );
    }
    Ok(ended)
}

/// The `sid`, if both parameters are there once and `iss` is our provider.
fn sid_of(query: &str, issuer: &str) -> Option<String> {
    let only = |wanted: &str| {
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
        let (_, only) = values.next()?;
        values.next().is_none().then(|| only.into_owned())
    };
    let sid = only("sid").filter(|sid| (1..=SID_LIMIT).contains(&sid.len()))?;
    (only("iss")? == issuer).then_some(sid)
}
