//! One call to an API and its answer, for a browser by way of the relay, or for the application's own code.

use super::bearer::Bearer;
use super::caller::Caller;
use super::csrf::CallKind;
use super::request_body::{Fate, Outgoing, RequestBody, Upload};
use super::request_headers::Head;
use super::response_body::{Bounds, RelayedBody};
use super::{Relay, RelayError, Upstream, UpstreamError, head, tunnel};
use crate::concurrency::PersonPermit;
use crate::error::Error;
use crate::request::media_type;
use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use hyper::body::Incoming;
use oidc_relying_party::AccessToken;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};

/// The largest head of an answer, in bytes.
const HEAD_LIMIT: usize = 64 * 1024;

/// A call that has passed every check.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) upstream: Arc<Upstream>,
    pub(super) kind: CallKind,
    pub(super) head: Head,
    pub(super) caller: Caller,
    pub(super) permit: PersonPermit,
}

/// A call whose answer has begun.
#[derive(Debug)]
pub(super) struct Answered {
    call: Call,
    answer: Response<Incoming>,
    upload: Option<Upload>,
}

impl Call {
    /// Calls the API: once, or a second time if another token or another proof may help (PRX-07, RFC 9449 §9). Until the
    /// head of the answer it takes the time-out of that API at most.
    pub(super) async fn send(self, relay: &Relay, body: Body) -> Result<Answered, Error> {
        let upstream = self.upstream.clone();
        let status = |answered: &Answered| answered.answer.status();
        let calling = self.send_uncounted(relay, body);
        upstream.metrics.measure(&upstream.name(), calling, status).await
    }

    async fn send_uncounted(self, relay: &Relay, body: Body) -> Result<Answered, Error> {
        let upstream = &self.upstream;
        let deadline = Instant::now() + upstream.timeout();
        let body = timeout_at(deadline, RequestBody::take(body, upstream.body_limit()))
            .await
            .map_err(|_| RelayError::BodySlow)??;
        let mut body = body.outgoing(upstream.body_limit(), upstream.timeout());
        let fate = body.fate.clone();
        let upload = body.upload.take();
        let answer = timeout_at(deadline, self.answer(relay, body)).await.map_err(|_| {
            if fate.is_awaited() {
                RelayError::BodySlow
            } else {
                upstream.failed(UpstreamError::Timeout)
            }
        })??;
        judge(upstream, &answer)?;
        Ok(Answered {
            call: self,
            answer,
            upload,
        })
    }

    /// The answer to the call, or to its one replay.
    async fn answer(&self, relay: &Relay, body: Outgoing) -> Result<Response<Incoming>, Error> {
        let Self { upstream, head, .. } = self;
        let bearer = self.bearer(relay);
        let Outgoing {
            body, mut replay, fate, ..
        } = body;
        let Some(token) = bearer.current().await? else {
            return Ok(sent(upstream, head.clone(), body, &fate).await?);
        };
        let with_token = self.with_token(relay, &token)?;
        let mut answer = sent(upstream, with_token, body, &fate).await?;
        if self.wants_another_proof(relay, &token, &answer) {
            // The token is good and the API has done nothing (RFC 9449 §9). It has one replay, for this or for the token.
            let again = replay
                .take()
                .ok_or_else(|| upstream.failed(UpstreamError::Unauthorized))?;
            drop(answer);
            answer = upstream.send(self.with_token(relay, &token)?, again.into()).await?;
            if self.wants_another_proof(relay, &token, &answer) {
                return Err(upstream.failed(UpstreamError::Unauthorized).into());
            }
        }
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // Nothing of the refusal is of use, and its connection may still be taking the body.
        drop(answer);
        // Also if there can be no replay: the next call is better off.
        let renewed = bearer.renewed(&token).await?;
        let (Some(token), Some(body)) = (renewed, replay) else {
            return Err(upstream.failed(UpstreamError::Unauthorized).into());
        };
        let answer = upstream.send(self.with_token(relay, &token)?, body.into()).await?;
        let _ = self.wants_another_proof(relay, &token, &answer);
        Ok(answer)
    }

    fn bearer<'a>(&'a self, relay: &'a Relay) -> Bearer<'a> {
        Bearer {
            tokens: &relay.tokens,
            upstream: &self.upstream,
            session: self.caller.session(),
            ahead: self.caller.tokens(),
        }
    }

    fn with_token(&self, relay: &Relay, token: &AccessToken) -> Result<Head, RelayError> {
        let head = self.head.with_token(&relay.tokens.relying_party, token);
        head.ok_or_else(|| RelayError::NoToken(self.upstream.name()))
    }

    /// Whether the API wants another proof with the same token. A nonce for the next one is kept from any answer.
    fn wants_another_proof(&self, relay: &Relay, token: &AccessToken, answer: &Response<Incoming>) -> bool {
        let said = (answer.status(), answer.headers());
        token.dpop_key.is_some() && relay.tokens.relying_party.wants_another_proof(&self.head.url, said)
    }
}

impl Answered {
    pub(super) fn is_switching(&self) -> bool {
        self.answer.status() == StatusCode::SWITCHING_PROTOCOLS
    }

    /// The answer to a handshake, and the bounds of the socket.
    pub(super) fn switched(self, relay: &Relay) -> (Arc<Upstream>, Response<Incoming>, tunnel::Bounds) {
        let Call {
            upstream,
            caller,
            permit,
            ..
        } = self.call;
        let bounds = tunnel::Bounds {
            session: relay.session_end.wait(&caller),
            going_away: relay.going_away.subscribe(),
            stuck: upstream.timeout(),
            permit,
        };
        (upstream, self.answer, bounds)
    }

    /// The answer, whose body ends with the session and goes on for as long as it moves. An event stream may stand still, and
    /// ends with this server.
    pub(super) fn bounded(self, relay: &Relay) -> Result<Response<RelayedBody<Incoming>>, RelayError> {
        let Call {
            upstream,
            kind,
            caller,
            permit,
            ..
        } = self.call;
        if self.answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Err(upstream.failed(UpstreamError::Malformed));
        }
        let session_end = || relay.session_end.wait(&caller);
        if let Some(upload) = self.upload {
            upload.bound(session_end(), permit.clone());
        }
        let (parts, body) = self.answer.into_parts();
        let is_event_stream = is_event_stream(&parts.headers);
        let permit = if is_event_stream && kind == CallKind::Call {
            upstream.admit(CallKind::EventStream, &caller)?
        } else {
            permit
        };
        let bounds = Bounds {
            idle: (!is_event_stream).then(|| upstream.timeout()),
            session: session_end(),
            server: is_event_stream.then(|| relay.end_of_server()),
            permit,
        };
        Ok(Response::from_parts(parts, RelayedBody::new(body, bounds)))
    }
}

/// Whether an answer is a stream of events, by the one content type that it has.
pub(super) fn is_event_stream(headers: &HeaderMap) -> bool {
    let types = headers.get_all(header::CONTENT_TYPE).iter().count();
    types == 1 && media_type(headers).eq_ignore_ascii_case("text/event-stream")
}

async fn sent(upstream: &Upstream, head: Head, body: Body, fate: &Fate) -> Result<Response<Incoming>, RelayError> {
    let answer = upstream.send(head, body).await;
    answer.map_err(|error| fate.error().unwrap_or(error))
}

/// Whether an answer is one that the caller may see.
fn judge(upstream: &Upstream, answer: &Response<Incoming>) -> Result<(), RelayError> {
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
