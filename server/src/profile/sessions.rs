//! This person's sessions, listed and ended.

use super::{SignedIn, rfc3339};
use crate::session::store::StoreError;
use crate::session::{Ending, LiveSession};
use app::server_functions::{SessionSummary, SessionsRefusal};

impl SignedIn {
    pub(super) async fn list(&self) -> Result<Vec<SessionSummary>, SessionsRefusal> {
        let mut found = self.others_and_this().await?;
        found.sort_by_key(|(_, live)| std::cmp::Reverse(live.signed_in_at));
        let now = self.state.clock.now();
        let this = self.name();
        let summary = |(name, live): (String, LiveSession)| SessionSummary {
            current: this.as_deref() == Some(&name),
            name,
            signed_in_at: rfc3339(live.signed_in_at),
            last_seen: rfc3339(live.last_seen),
            last_seen_ago: u64::try_from((now - live.last_seen).whole_seconds()).unwrap_or(0),
            user_agent: live.seen_from.user_agent.clone(),
            address: live.seen_from.address.map(|address| address.to_string()),
        };
        Ok(found.into_iter().map(summary).collect())
    }

    pub(super) async fn end_one(&self, name: &str) -> Result<(), SessionsRefusal> {
        if self.name().as_deref() == Some(name) {
            return Err(SessionsRefusal::ThisSession);
        }
        let identity = &self.presented.session.identity;
        let ended = self.state.sessions.end_named(identity, name, Ending::Elsewhere).await;
        let ended = ended
            .map_err(|error| unavailable(&error))?
            .ok_or(SessionsRefusal::NotFound)?;
        if let Some(tokens) = ended.tokens {
            self.state.revocations.revoke(tokens);
        }
        Ok(())
    }

    pub(super) async fn end_others(&self) -> Result<(), SessionsRefusal> {
        let this = self.name();
        for (name, _) in self.others_and_this().await? {
            if this.as_deref() == Some(&name) {
                continue;
            }
            match self.end_one(&name).await {
                // It ended by itself meanwhile.
                Ok(()) | Err(SessionsRefusal::NotFound) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(())
    }

    async fn others_and_this(&self) -> Result<Vec<(String, LiveSession)>, SessionsRefusal> {
        let identity = &self.presented.session.identity;
        self.state
            .sessions
            .of_person(identity)
            .await
            .map_err(|error| unavailable(&error))
    }

    fn name(&self) -> Option<String> {
        self.state.sessions.name(&self.presented.id)
    }
}

fn unavailable(error: &StoreError) -> SessionsRefusal {
    tracing::warn!(code = error.code(), cause = ?error, "a person's sessions cannot be reached");
    SessionsRefusal::Unavailable
}
