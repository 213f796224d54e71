//! The parts of the application that a refresh concerns.

use crate::claims::ClaimsPolicy;
use crate::events::{EventContext, EventKind, Events, Person};
use crate::hooks::Hooks;
use crate::metrics::RefreshMetrics;
use crate::revocation::Revocations;
use bff_session::{Known, SessionId, Sessions};
use std::sync::Arc;

/// The parts that judge the claims of a refreshed ID Token, revoke superfluous tokens, and hear of the refresh.
#[derive(Clone, Debug)]
pub struct OnRefresh {
    /// Which claims pages may see.
    pub claims: Arc<ClaimsPolicy>,
    /// The application's hook for claims.
    pub(crate) hooks: Hooks,
    /// The tokens that wait to be revoked.
    pub revocations: Revocations,
    /// The stream that each refresh is an event of.
    pub events: Events,
    /// The counters of refreshes.
    pub(crate) metrics: RefreshMetrics,
}

impl OnRefresh {
    /// Tells the application that the session has new tokens. The session is read only if the application listens.
    pub(super) async fn tell(&self, sessions: &Sessions, id: &SessionId) {
        if !self.events.are_heard() {
            return;
        }
        let live = match sessions.load(id).await {
            Ok(Known::Live(live)) => Some(live),
            _ => None,
        };
        let context = EventContext {
            person: live.as_ref().map(|live| Person::of(&live.identity)),
            session: sessions.name(id),
            acr: live.as_ref().and_then(|live| live.acr.clone()),
            signed_in_from: live.map(|live| live.seen_from.clone()),
        };
        self.events.tell(EventKind::Refreshed, context);
    }
}
