//! One call to an API and its answer.

use super::bearer::Bearer;
use super::own_page::Kind;
use super::person::{Person, Room};
use super::request_body::{Fate, Outgoing, RequestBody};
use super::request_headers::Head;
use super::response_body::{Bounds, RelayedBody};
use super::response_headers::{POLICY, essence, relayed};
use super::socket::Handshake;
use super::{RelayError, Upstream, UpstreamError, head, tunnel};
use crate::bff::Bff;
use crate::error::{Error, SaysItself};
use crate::middleware::OwnPolicy;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bff_session::SessionId;
use hyper::body::Incoming;
use oidc_relying_party::AccessToken;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};

/// What the head of an answer may be, in bytes.
const HEAD_LIMIT: usize = 64 * 1024;

/// A call that has passed every check.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) upstream: Arc<Upstream>,
    pub(super) kind: Kind,
    pub(super) head: Head,
    /// There where a WebSocket is asked for.
    pub(super) handshake: Option<Handshake>,
    pub(super) session: SessionId,
    pub(super) person: Person,
    pub(super) room: Room,
}

/// Calls the API and passes its answer on.
pub(super) async fn forward(state: &Bff, call: Call, body: Body) -> Result<Response, Error> {
    let upstream = &call.upstream;
    let deadline = Instant::now() + upstream.timeout();
    let body = timeout_at(deadline, RequestBody::take(body, upstream.body_limit()))
        .await
        .map_err(|_| RelayError::BodySlow)??;
    let mut body = body.outgoing(upstream.body_limit(), upstream.timeout());
    let fate = body.fate.clone();
    let upload = body.upload.take();
    let answer = timeout_at(deadline, answered(state, &call, body)).await.map_err(|_| {
        if fate.is_awaited() {
            RelayError::BodySlow
        } else {
            upstream.failed(UpstreamError::Timeout)
        }
    })??;
    judge(upstream, &answer)?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        let Call {
            upstream,
            handshake,
            session,
            room,
            ..
        } = call;
        let handshake = handshake.ok_or_else(|| upstream.failed(UpstreamError::Malformed))?;
        let bounds = tunnel::Bounds {
            session: state.relay.session_end.wait(session),
            going_away: state.relay.going_away.subscribe(),
            stuck: upstream.timeout(),
            room,
        };
        return Ok(handshake.join(&upstream, answer, bounds)?);
    }
    if let Some(upload) = upload {
        upload.bound(state.relay.session_end.wait(call.session.clone()), call.room.clone());
    }
    Ok(shown(state, call, answer)?)
}

/// The answer to the call, or to its one replay.
async fn answered(state: &Bff, call: &Call, body: Outgoing) -> Result<axum::http::Response<Incoming>, Error> {
    let Call {
        upstream,
        head,
        session,
        ..
    } = call;
    let bearer = Bearer {
        state,
        upstream,
        session,
    };
    let Outgoing {
        body, mut replay, fate, ..
    } = body;
    let Some(token) = bearer.current().await? else {
        return Ok(sent(upstream, head.clone(), body, &fate).await?);
    };
    let caller = Caller { state, upstream, head };
    let with_token = caller.with_token(&token)?;
    let mut answer = sent(upstream, with_token, body, &fate).await?;
    if caller.wants_another_proof(&token, &answer) {
        // The token is good and the API has done nothing (RFC 9449 §9). It has one replay, for this or for the token.
        let again = replay
            .take()
            .ok_or_else(|| upstream.failed(UpstreamError::Unauthorized))?;
        drop(answer);
        answer = upstream.send(caller.with_token(&token)?, again.into()).await?;
        if caller.wants_another_proof(&token, &answer) {
            return Err(upstream.failed(UpstreamError::Unauthorized).into());
        }
    }
    if answer.status() != StatusCode::UNAUTHORIZED {
        return Ok(answer);
    }
    // Nothing of the refusal is of use, and its connection may still be taking the body.
    drop(answer);
    // Also where there can be no replay: the next call is better off.
    let renewed = bearer.renewed(&token).await?;
    let (Some(token), Some(body)) = (renewed, replay) else {
        return Err(upstream.failed(UpstreamError::Unauthorized).into());
    };
    let answer = upstream.send(caller.with_token(&token)?, body.into()).await?;
    let _ = caller.wants_another_proof(&token, &answer);
    Ok(answer)
}

/// What a call is made with, but for its token.
#[derive(Clone, Copy)]
struct Caller<'a> {
    state: &'a Bff,
    upstream: &'a Upstream,
    head: &'a Head,
}

impl Caller<'_> {
    fn with_token(self, token: &AccessToken) -> Result<Head, RelayError> {
        let head = self.head.with_token(&self.state.relying_party, token);
        head.ok_or_else(|| RelayError::NoToken(self.upstream.name()))
    }

    /// Whether the API wants another proof with the same token. A nonce for the next one is kept from any answer.
    fn wants_another_proof(self, token: &AccessToken, answer: &axum::http::Response<Incoming>) -> bool {
        let said = (answer.status(), answer.headers());
        token.dpop_key.is_some() && self.state.relying_party.wants_another_proof(&self.head.url, said)
    }
}

async fn sent(
    upstream: &Upstream,
    head: Head,
    body: Body,
    fate: &Fate,
) -> Result<axum::http::Response<Incoming>, RelayError> {
    let answer = upstream.send(head, body).await;
    answer.map_err(|error| fate.error().unwrap_or(error))
}

/// Whether an answer may be passed on.
fn judge(upstream: &Upstream, answer: &axum::http::Response<Incoming>) -> Result<(), RelayError> {
    let status = answer.status();
    let error = if status == StatusCode::UNAUTHORIZED {
        UpstreamError::Unauthorized
    } else if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        UpstreamError::Redirect
    } else if head::size(answer.headers()) > HEAD_LIMIT {
        UpstreamError::Malformed
    } else {
        return Ok(());
    };
    Err(upstream.failed(error))
}

/// The answer for the browser.
fn shown(state: &Bff, call: Call, answer: axum::http::Response<Incoming>) -> Result<Response, RelayError> {
    let Call {
        upstream,
        kind,
        head,
        session,
        person,
        room,
        ..
    } = call;
    let (parts, body) = answer.into_parts();
    let mut headers = relayed(&parts.headers, &head.method, &upstream);
    let is_event_stream = essence(&headers).is_some_and(|essence| essence.eq_ignore_ascii_case("text/event-stream"));
    let room = if is_event_stream && kind == Kind::Call {
        upstream.admit(Kind::EventStream, person)?
    } else {
        room
    };
    if is_event_stream {
        // nginx in front of us holds events back otherwise.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    }
    let bounds = Bounds {
        idle: (!is_event_stream).then(|| upstream.timeout()),
        session: state.relay.session_end.wait(session),
        server: is_event_stream.then(|| state.relay.end_of_server()),
        room,
    };
    let mut response = Response::new(Body::new(RelayedBody::new(body, bounds)));
    *response.status_mut() = parts.status;
    *response.headers_mut() = headers;
    // An API's 404 is its own to explain.
    response.extensions_mut().insert(SaysItself);
    response
        .extensions_mut()
        .insert(OwnPolicy(HeaderValue::from_static(POLICY)));
    Ok(response)
}
