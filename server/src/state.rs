//! What handlers are given: each takes the parts it uses ([`axum::extract::FromRef`]).
//!
//! A router clones its state many times a request, so the whole of it is behind one pointer.

use crate::access_tokens::AccessTokens;
use crate::application::Application;
use crate::claims::ClaimsPolicy;
use crate::client::TrustedProxies;
use crate::config::PublicUrl;
use crate::event_streams::EventStreams;
use crate::notes::Notes;
use crate::rate::Rate;
use crate::relay::Relay;
use crate::revocation::Revocations;
use crate::tasks::Tasks;
use app::assets::Assets;
use axum::extract::FromRef;
use bff_clock::Clock;
use bff_session::Sessions;
use bff_session::key_ring::KeyRing;
use leptos::config::LeptosOptions;
use oidc_relying_party::RelyingParty;
use std::ops::Deref;
use std::sync::Arc;

/// The application's state. Clones share everything.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Parts>);

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The parts of the application's state.
#[derive(Debug)]
pub struct Parts {
    /// The pages, and who may open them.
    pub application: Application,
    /// The OpenID Connect protocol.
    pub relying_party: RelyingParty,
    /// The sessions.
    pub sessions: Sessions,
    /// The notes of people.
    pub notes: Notes,
    /// The open streams of session events.
    pub event_streams: EventStreams,
    /// How often the front channel may be asked for sessions that are not there.
    pub(crate) frontchannel_logouts: Rate,
    /// How often pages may say that they have failed.
    pub(crate) page_failures: Rate,
    /// How often logins may be answered with a code that the provider has not given.
    pub(crate) callbacks: Rate,
    /// The access tokens of the sessions.
    pub access_tokens: AccessTokens,
    /// The tokens that wait to be revoked.
    pub revocations: Revocations,
    /// What is done although the browser that asked for it has gone.
    pub tasks: Tasks,
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

/// Lets a handler take this part by its type.
macro_rules! part {
    ($($part:ident: $kind:ty),+) => {$(
        impl FromRef<AppState> for $kind {
            fn from_ref(state: &AppState) -> Self {
                state.$part.clone()
            }
        }
    )+};
}

part! {
    relying_party: RelyingParty,
    sessions: Sessions,
    keys: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
    public_url: Arc<PublicUrl>,
    leptos: LeptosOptions
}
