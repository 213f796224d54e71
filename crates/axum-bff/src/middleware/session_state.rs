//! Reads the session once a request, before anything is decided or rendered.
//!
//! A cookie that is no session id of ours counts as absent, and nothing is
//! written for it. A store that is away is its own state: neither signed in nor signed out.

use super::around::{Answer, Inner, Waiting};
use crate::bff::Bff;
use crate::cookies;
use crate::request::Presented;
use crate::shown_session::ShownSession;
use axum::extract::Request;
use axum::http::HeaderMap;
use bff_contract::session::{SessionState, UNATTENDED};
use bff_session::store::StoreError;
use bff_session::{Known, Lifetime, SessionId, UserSession};
use std::sync::Arc;
use time::OffsetDateTime;
use tower::ServiceExt;

/// Gives each request the state of its session.
pub(crate) fn with_session<S: Inner>(bff: Bff) -> impl Fn(&mut S, Request) -> Waiting + Clone {
    move |inner, request| Box::pin(answer(bff.clone(), request, inner.clone()))
}

async fn answer<S: Inner>(bff: Bff, mut request: Request, inner: S) -> Answer {
    let reading = read(&bff, &mut request).await;
    // Asking for the state is not activity (design §4): a page that polls does not extend it. A page that extends it
    // sends POST. A request that nobody has made on purpose says so.
    let counts = request.uri().path() != crate::paths::SESSION && !request.headers().contains_key(UNATTENDED);
    if let (true, Reading::Live(Presented { session, .. })) = (counts, &reading)
        && let Err(error) = bff.sessions.touch(session).await
    {
        tracing::warn!(code = error.code(), "the last activity of a session was not stored");
    }
    // Everybody reads the same one: it may hold many claims.
    let known = Arc::new(reading.state(&bff));
    let extensions = request.extensions_mut();
    extensions.insert(known.clone());
    extensions.insert(bff);
    if let Reading::Live(presented) = reading {
        extensions.insert(presented);
    }
    let mut response = inner.oneshot(request).await?;
    // An error page outside this layer shows the same state.
    if response.status().is_client_error() || response.status().is_server_error() {
        response.extensions_mut().insert(known);
    }
    Ok(response)
}

/// Reads the session. If the request calls an API in the person's name, the tokens are read at the same time, so that the
/// call waits for the store once.
async fn read(bff: &Bff, request: &mut Request) -> Reading {
    if !bff.relay.wants_persons_token(request.uri().path()) {
        return Reading::of(bff, request.headers()).await;
    }
    let Some(id) = Reading::id(bff, request.headers()) else {
        return Reading::Other(SessionState::Anonymous);
    };
    let (found, tokens) = tokio::join!(bff.sessions.load(&id), bff.relay.tokens_ahead(&id));
    if let Some(tokens) = tokens {
        request.extensions_mut().insert(Arc::new(tokens));
    }
    Reading::found(id, found)
}

/// The session that the cookie of a request names, as the store has it.
pub(crate) enum Reading {
    /// It lives.
    Live(Presented),
    /// Any state without a live session.
    Other(SessionState),
}

impl Reading {
    /// One read of the store, or none.
    pub(crate) async fn of(bff: &Bff, headers: &HeaderMap) -> Self {
        match Self::id(bff, headers) {
            Some(id) => {
                let found = bff.sessions.load(&id).await;
                Self::found(id, found)
            }
            None => Self::Other(SessionState::Anonymous),
        }
    }

    fn id(bff: &Bff, headers: &HeaderMap) -> Option<SessionId> {
        cookies::read(headers, &bff.cookies.session).and_then(SessionId::parse)
    }

    fn found(id: SessionId, found: Result<Known, StoreError>) -> Self {
        match found {
            Ok(Known::Live(session)) => Self::Live(Presented { id, session }),
            Ok(Known::Ended(reason)) => Self::Other(SessionState::Ended { reason }),
            Ok(Known::Nothing) => Self::Other(SessionState::Anonymous),
            Err(error) => {
                tracing::warn!(code = error.code(), cause = ?error, "the session cannot be read");
                Self::Other(SessionState::Degraded(None))
            }
        }
    }

    /// The state, as a page may know it.
    pub(crate) fn state(&self, bff: &Bff) -> SessionState {
        match self {
            Self::Live(presented) => session_state(&presented.session, bff.sessions.lifetime(), bff.clock.now()),
            Self::Other(state) => state.clone(),
        }
    }
}

/// The session's state for the browser.
#[must_use]
pub fn session_state(session: &UserSession, lifetime: Lifetime, now: OffsetDateTime) -> SessionState {
    ShownSession::of(session, lifetime, now).to_state()
}
