//! Reads the session once a request, before anything is decided or rendered.
//!
//! A cookie that is no session id of ours counts as absent, and nothing is
//! written for it. A store that is away is its own state: neither signed in nor signed out.

use crate::bff::Bff;
use crate::cookies;
use crate::request::Presented;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bff_contract::session::{ActiveSession, LeftOut, SessionState};
use bff_session::{Known, Lifetime, SessionId, UserSession};
use std::sync::Arc;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(crate) async fn session_state_layer(State(state): State<Bff>, mut request: Request, next: Next) -> Response {
    let (known, presented) = read(&state, &mut request).await;
    // Everybody reads the same one: it may hold many claims.
    let known = Arc::new(known);
    // Asking for the state is not activity (design §4): a page that polls does not extend it. A page that extends it
    // sends POST.
    let counts = request.uri().path() != crate::paths::SESSION;
    if let (true, Some(Presented { session, .. })) = (counts, &presented)
        && let Err(error) = state.sessions.touch(session).await
    {
        tracing::warn!(code = error.code(), "the last activity of a session was not stored");
    }
    request.extensions_mut().insert(known.clone());
    request.extensions_mut().insert(state);
    if let Some(presented) = presented {
        request.extensions_mut().insert(presented);
    }
    let mut response = next.run(request).await;
    // An error page outside this layer shows the same state.
    if response.status().is_client_error() || response.status().is_server_error() {
        response.extensions_mut().insert(known);
    }
    response
}

async fn read(state: &Bff, request: &mut Request) -> (SessionState, Option<Presented>) {
    let id = cookies::read(request.headers(), &state.cookies.session).and_then(SessionId::parse);
    let Some(id) = id else {
        return (SessionState::Anonymous, None);
    };
    let found = if state.relay.wants_persons_token(request.uri().path()) {
        // Both at once: the call waits for the store once.
        let (found, tokens) = tokio::join!(state.sessions.load(&id), state.relay.tokens_ahead(&id));
        if let Some(tokens) = tokens {
            request.extensions_mut().insert(Arc::new(tokens));
        }
        found
    } else {
        state.sessions.load(&id).await
    };
    match found {
        Ok(Known::Live(session)) => {
            let known = session_state(&session, state.sessions.lifetime(), state.clock.now());
            (known, Some(Presented { id, session }))
        }
        Ok(Known::Ended(reason)) => (SessionState::Ended { reason }, None),
        Ok(Known::Nothing) => (SessionState::Anonymous, None),
        Err(error) => {
            tracing::warn!(code = error.code(), cause = ?error, "the session cannot be read");
            (SessionState::Degraded(None), None)
        }
    }
}

fn left_out(session: &UserSession) -> Option<LeftOut> {
    let left_out = &session.left_out;
    (!left_out.is_nothing()).then(|| LeftOut {
        claims: left_out.claims.clone(),
        roles: left_out.roles,
    })
}

/// The session's state for the browser.
#[must_use]
pub fn session_state(session: &UserSession, lifetime: Lifetime, now: OffsetDateTime) -> SessionState {
    // Records have whole seconds.
    let now = now.replace_nanosecond(0).unwrap_or(now);
    let seconds_since = |then: OffsetDateTime| u64::try_from((now - then).whole_seconds()).unwrap_or(0);
    let seconds_until = |end: OffsetDateTime| u64::try_from((end - now).whole_seconds()).unwrap_or(0);
    let signed_in_at = session
        .signed_in_at
        .replace_nanosecond(0)
        .unwrap_or(session.signed_in_at);
    let known = ActiveSession {
        claims: session.claims.clone(),
        roles: session.roles.clone(),
        left_out: left_out(session),
        issuer: session.identity.issuer.clone(),
        signed_in_at: signed_in_at.format(&Rfc3339).unwrap_or_default(),
        authenticated_ago: session.authenticated_at.map(seconds_since),
        acr: session.acr.clone(),
        expires_in: seconds_until(lifetime.absolute_end(session)),
        idle_expires_in: seconds_until(lifetime.idle_end(session)),
        warning: lifetime.warning().whole_seconds().unsigned_abs(),
    };
    if known.seconds_left() <= known.warning {
        SessionState::Expiring(known)
    } else {
        SessionState::Active(known)
    }
}
