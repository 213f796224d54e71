//! A browser's request to an API.

use super::call::Call;
use super::caller::Caller;
use super::csrf::{self, CallKind};
use super::request_headers::Head;
use super::socket::Handshake;
use super::{Relay, RelayError, Upstream, forward, path};
use crate::error::Error;
use crate::request::Presented;
use axum::body::Body;
use axum::http::request::Parts;
use axum::response::Response;
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
    /// Decides what can be decided from the request alone. `origin` is that of our pages.
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
        };
        let call = Call {
            permit: upstream.admit(kind, &caller)?,
            kind,
            head,
            caller,
            upstream,
        };
        forward::forward(self, call, handshake, body).await
    }
}
