//! The records that endpoints keep from one request to the next, beside grants and browser sessions.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Mutex, MutexGuard},
};

use crate::{lock::lock, random::random_value};

/// How every reference begins (RFC 9126 §2.2).
pub(crate) const REQUEST_URI_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// How long a reference is good, in seconds.
pub(crate) const REQUEST_URI_LIFETIME: u64 = 60;

pub(crate) type Pairs = Vec<(String, String)>;

/// The requests that wait for their browser, by reference.
#[derive(Default)]
pub(crate) struct PushedRequests(Mutex<HashMap<String, (Pairs, u64)>>);

impl PushedRequests {
    pub(crate) fn keep(&self, pairs: Pairs, now: u64) -> String {
        let request_uri = format!("{REQUEST_URI_PREFIX}{}", random_value());
        lock(&self.0).insert(request_uri.clone(), (pairs, now + REQUEST_URI_LIFETIME));
        request_uri
    }

    /// The request, which is spent by this (§4).
    pub(crate) fn spend(&self, request_uri: &str, now: u64) -> Option<Pairs> {
        let (pairs, expires_at) = lock(&self.0).remove(request_uri)?;
        (now < expires_at).then_some(pairs)
    }
}

impl fmt::Debug for PushedRequests {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PushedRequests({})", lock(&self.0).len())
    }
}

/// The server that wants a nonce: each has its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// The token endpoint, and userinfo beside it.
    Provider,
    /// The resource API.
    Resource,
}

#[derive(Default)]
pub(crate) struct ProofRecords {
    /// `jti` of every proof.
    pub(crate) seen: HashSet<String>,
    provider: String,
    resource: String,
}

impl ProofRecords {
    pub(crate) fn nonce(&mut self, side: Side) -> &mut String {
        match side {
            Side::Provider => &mut self.provider,
            Side::Resource => &mut self.resource,
        }
    }
}

/// The proofs that came, and the nonces of the next ones.
#[derive(Default)]
pub(crate) struct Proofs(Mutex<ProofRecords>);

impl Proofs {
    pub(crate) fn records(&self) -> MutexGuard<'_, ProofRecords> {
        lock(&self.0)
    }
}

impl fmt::Debug for Proofs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Proofs({})", self.records().seen.len())
    }
}
