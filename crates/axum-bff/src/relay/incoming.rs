//! A browser's call to an API, and the answer as the browser gets it.

use super::call::{Call, is_event_stream};
use super::caller::Caller;
use super::csrf::{self, CallKind};
use super::request_headers::Head;
use super::response_body::RelayedBody;
use super::response_headers::{POLICY, relayed};
use super::socket::Handshake;
use super::{Relay, RelayError, Upstream, UpstreamError, path};
use crate::error::Error;
use crate::request::Presented;
use crate::response::{FinalResponse, OwnPolicy};
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use axum::response::Response;
use hyper::body::Incoming;
use std::sync::Arc;
use url::Url;

/// A browser's request that has passed the checks 2 to 4 of [`relay`](super).
#[derive(Debug)]
pub(crate) struct IncomingCall {
    kind: CallKind,
    upstream: Arc<Upstream>,
    url: Url,
}

impl IncomingCall {
    /// The name of the API.
    pub(crate) fn api(&self) -> Arc<str> {
        self.upstream.name()
    }
}

impl Relay {
    /// Makes the checks that need the request alone. `origin` is that of our pages.
    pub(crate) fn incoming(&self, parts: &Parts, origin: &str) -> Result<IncomingCall, Error> {
        let kind = CallKind::of(parts);
        csrf::check(kind, &parts.headers, origin)?;
        let target = path::target(&parts.uri)?;
        let upstream = self.upstreams.get(target.name).ok_or(Error::NotFound)?.clone();
        if !upstream.methods().contains(&parts.method) {
            return Err(RelayError::Method(upstream.methods().to_vec()).into());
        }
        let url = path::join(upstream.base(), &target.below)?;
        Ok(IncomingCall { kind, upstream, url })
    }

    /// Calls the API in the name of the person whose session the request presents, and passes the answer on.
    pub(crate) async fn forward(
        &self,
        call: IncomingCall,
        session: Presented,
        (mut parts, body): (Parts, Body),
    ) -> Result<Response, Error> {
        let IncomingCall { kind, upstream, url } = call;
        let mut head = Head::new(&parts, url, upstream.headers())?;
        let handshake = match kind {
            CallKind::Socket => Some(Handshake::take(&mut parts, &mut head.headers)?),
            CallKind::Call | CallKind::EventStream => None,
        };
        let caller = Caller::Person {
            person: self.people.of(&session.session.identity),
            session: session.id,
            tokens: parts.extensions.remove(),
        };
        let call = Call {
            permit: upstream.admit(kind, &caller)?,
            kind,
            head,
            caller,
            upstream,
        };
        forward(self, call, handshake, body).await
    }
}

/// Calls the API and passes its answer on. `handshake` is there if a WebSocket is requested.
async fn forward(relay: &Relay, call: Call, handshake: Option<Handshake>, body: Body) -> Result<Response, Error> {
    let (method, upstream) = (call.head.method.clone(), call.upstream.clone());
    let answered = call.send(relay, body).await?;
    if answered.is_switching() {
        let handshake = handshake.ok_or_else(|| upstream.failed(UpstreamError::Malformed))?;
        let (upstream, answer, bounds) = answered.switched(relay);
        return Ok(handshake.join(&upstream, answer, bounds)?);
    }
    let answer = answered.bounded(relay)?;
    let headers = relayed(answer.headers(), &method, &upstream);
    Ok(shown(answer, headers))
}

/// The answer for the browser, with these headers in place of its own.
fn shown(answer: axum::http::Response<RelayedBody<Incoming>>, mut headers: axum::http::HeaderMap) -> Response {
    if is_event_stream(&headers) {
        // nginx in front of us holds events back otherwise.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    }
    let status = answer.status();
    let mut response = Response::new(Body::new(answer.into_body()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    // An API's 404 is its own to explain.
    response.extensions_mut().insert(FinalResponse);
    response
        .extensions_mut()
        .insert(OwnPolicy(HeaderValue::from_static(POLICY)));
    response
}
