//! The request that brings an event about, known to everything that is done for it.
//!
//! Sessions begin and end in many places, and the deepest of them knows no request. So the request is a value of the task,
//! as the correlation id of a log line is. Work that is not broken off takes it along ([`carried`]).

use crate::client_address::{Peer, TrustedProxies};
use crate::request::RequestId;
use axum::Extension;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use bff_session::{Identity, SeenFrom};
use std::sync::Arc;

tokio::task_local! {
    static CAUSE: Option<Arc<Cause>>;
}

/// A person, as an event names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The provider's issuer identifier.
    pub issuer: String,
    /// The person's `sub` at that issuer.
    pub subject: String,
}

impl Person {
    pub(crate) fn of(identity: &Identity) -> Self {
        Self {
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
        }
    }
}

/// The request that brought an event about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The correlation id: the request's id in the log, on problem pages and in `x-request-id`.
    pub request_id: String,
    /// The id of the trace that the request belongs to (W3C Trace Context §3.2.2.3): 32 lower-case hexadecimal digits. It is in
    /// each log line of the request, and in the `traceparent` of the calls that the request brings about. It comes from the
    /// caller only where the caller is a trusted proxy; otherwise it is random.
    pub trace_id: String,
    /// The route's pattern, such as `/auth/logout`. It never holds a part of the address.
    pub route: Option<String>,
    /// The address and the browser that sent the request: of a back-channel logout the provider's server. Both are
    /// untrusted.
    pub from: SeenFrom,
}

impl Cause {
    /// This request, as the cause of its events.
    pub(crate) fn of(proxies: &TrustedProxies, id: &RequestId, request: &Request) -> Arc<Self> {
        let extensions = request.extensions();
        let peer = extensions.get::<ConnectInfo<Peer>>().copied().map(Extension);
        let route = extensions.get::<MatchedPath>().map(|route| route.as_str().to_owned());
        Arc::new(Self {
            request_id: id.to_string(),
            trace_id: id.trace().id().text().to_string(),
            route,
            from: proxies.seen_from(peer, request.headers()),
        })
    }
}

/// Work that this request brings about.
pub(crate) fn within<W: Future>(cause: Option<Arc<Cause>>, work: W) -> impl Future<Output = W::Output> {
    CAUSE.scope(cause, work)
}

/// Work for the request at hand, in a task of its own.
pub(crate) fn carried<W: Future>(work: W) -> impl Future<Output = W::Output> {
    CAUSE.scope(current(), work)
}

/// The present request, if the application listens for events.
pub(super) fn current() -> Option<Arc<Cause>> {
    CAUSE.try_with(Clone::clone).ok().flatten()
}
