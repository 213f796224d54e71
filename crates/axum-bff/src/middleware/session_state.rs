//! Reads the session once a request, before anything is decided or rendered.
//!
//! A cookie that is no session id of ours counts as absent, and nothing is
//! written for it. A store that is away is its own state: neither signed in nor signed out.

use crate::bff::Bff;
use crate::cookies;
use crate::request::Presented;
use crate::shown_session::ShownSession;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use bff_contract::session::SessionState;
use bff_session::store::StoreError;
use bff_session::{Known, Lifetime, SessionId, UserSession};
use futures::future::BoxFuture;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use time::OffsetDateTime;
use tower::layer::{LayerFn, layer_fn};
use tower::{Service, ServiceExt};

/// The layer. A request clones the service inside of it once.
pub(crate) fn session_state_layer<S>(bff: Bff) -> LayerFn<impl Fn(S) -> WithSession<S> + Clone> {
    layer_fn(move |inner| WithSession {
        inner,
        bff: bff.clone(),
    })
}

/// A service whose requests have the state of their session with them.
#[derive(Clone, Debug)]
pub(crate) struct WithSession<S> {
    inner: S,
    bff: Bff,
}

impl<S> Service<Request> for WithSession<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // The clone that is called is asked.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (bff, inner) = (self.bff.clone(), self.inner.clone());
        Box::pin(answer(bff, request, inner))
    }
}

async fn answer<S>(bff: Bff, mut request: Request, inner: S) -> Result<Response, Infallible>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let reading = read(&bff, &mut request).await;
    // Asking for the state is not activity (design §4): a page that polls does not extend it. A page that extends it
    // sends POST.
    let counts = request.uri().path() != crate::paths::SESSION;
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

/// Reads the session. Where the request calls an API in the person's name, the tokens are read at the same time, so that the
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
