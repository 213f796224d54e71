//! This person's sessions, listed and ended.

use super::{SignedIn, rfc3339};
use app::server_functions::{SessionList, SessionSummary, SessionsRefusal};
use bff_session::store::StoreError;
use bff_session::{EndedSession, Ending, LiveSession};

/// So many other sessions stand on one page.
const ON_A_PAGE: usize = 50;

impl SignedIn {
    /// The newest first. This session stands on every page, in its place.
    pub(super) async fn list(&self, page: u32) -> Result<SessionList, SessionsRefusal> {
        let this = self.name();
        let is_this = |(name, _): &(String, LiveSession)| this.as_ref() == Some(name);
        let (mut shown, mut others): (Vec<_>, Vec<_>) = self.others_and_this().await?.into_iter().partition(is_this);
        others.sort_by(|(name, live), (other_name, other)| {
            (other.signed_in_at, other_name).cmp(&(live.signed_in_at, name))
        });
        let count = others.len();
        let pages = u32::try_from(count.div_ceil(ON_A_PAGE)).unwrap_or(u32::MAX).max(1);
        let page = page.clamp(1, pages);
        let before = ON_A_PAGE.saturating_mul(page as usize - 1);
        shown.extend(others.into_iter().skip(before).take(ON_A_PAGE));
        shown.sort_by_key(|(_, live)| std::cmp::Reverse(live.signed_in_at));
        Ok(SessionList {
            sessions: shown.into_iter().map(|found| self.summary(found)).collect(),
            others: u32::try_from(count).unwrap_or(u32::MAX),
            page,
            pages,
        })
    }

    fn summary(&self, (name, live): (String, LiveSession)) -> SessionSummary {
        let now = self.state.clock.now();
        SessionSummary {
            current: self.name().as_deref() == Some(&name),
            name,
            signed_in_at: rfc3339(live.signed_in_at),
            last_seen: rfc3339(live.last_seen),
            last_seen_ago: u64::try_from((now - live.last_seen).whole_seconds()).unwrap_or(0),
            user_agent: live.seen_from.user_agent.clone(),
            address: live.seen_from.address.map(|address| address.to_string()),
        }
    }

    pub(super) async fn end_one(&self, name: &str) -> Result<(), SessionsRefusal> {
        if self.name().as_deref() == Some(name) {
            return Err(SessionsRefusal::ThisSession);
        }
        let (state, identity) = (self.state.clone(), self.presented.session.identity.clone());
        let name = name.to_owned();
        let end = async move {
            let ended = state.sessions.end_named(&identity, &name, Ending::Elsewhere).await;
            let ended = ended
                .map_err(|error| unavailable(&error))?
                .ok_or(SessionsRefusal::NotFound)?;
            if let Some(tokens) = ended.tokens {
                state.revocations.revoke(tokens);
            }
            Ok(())
        };
        self.state.tasks.run(end, |_| async {}).await
    }

    pub(super) async fn end_others(&self) -> Result<(), SessionsRefusal> {
        let (state, identity) = (self.state.clone(), self.presented.session.identity.clone());
        let this = self.presented.id.clone();
        let end = async move {
            let revoke = |EndedSession { tokens, .. }| {
                if let Some(tokens) = tokens {
                    state.revocations.revoke(tokens);
                }
            };
            let ended = state.sessions.end_others(&identity, &this, revoke).await;
            ended.map(|_| ()).map_err(|error| unavailable(&error))
        };
        self.state.tasks.run(end, |_| async {}).await
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
