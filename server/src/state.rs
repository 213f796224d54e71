//! What handlers are given: each takes the parts it uses ([`axum::extract::FromRef`]).

use crate::access_tokens::AccessTokens;
use crate::claims::ClaimsPolicy;
use crate::client::TrustedProxies;
use crate::clock::Clock;
use crate::config::PublicUrl;
use crate::key_ring::KeyRing;
use crate::relay::Relay;
use crate::relying_party::RelyingParty;
use crate::revocation::Revocations;
use crate::session::Sessions;
use app::assets::Assets;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use std::sync::Arc;

/// The application's state. Clones share everything.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    /// The OpenID Connect protocol.
    pub relying_party: RelyingParty,
    /// The sessions.
    pub sessions: Sessions,
    /// The access tokens of the sessions.
    pub access_tokens: AccessTokens,
    /// The tokens that wait to be revoked.
    pub revocations: Revocations,
    /// The APIs.
    pub relay: Relay,
    /// The keys that seal pending logins.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where browsers find this application.
    pub public_url: Arc<PublicUrl>,
    /// The proxies in front of this server.
    pub trusted_proxies: Arc<TrustedProxies>,
    /// Which claims pages see.
    pub claims: Arc<ClaimsPolicy>,
    /// Where browsers find the front end's files.
    pub assets: Arc<Assets>,
    /// What Leptos wants to know; nothing here reads it.
    pub leptos: LeptosOptions,
}
