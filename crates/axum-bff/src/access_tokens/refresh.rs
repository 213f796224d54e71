//! One refresh of a session: the lease, the request to the provider, and the consequence of a failure for the session.
//!
//! A refresh runs in a task of its own. A person who closes the page does not break it off: the answer of the provider may
//! hold the only refresh token that works.

use super::new_tokens::{NewTokens, OnRefresh};
use super::shared_refreshes::SharedRefreshes;
use super::storage::{AccessTokenError, TokenStorage, access_token, is_due, keep_alive, unexpired};
use crate::error::chain;
use crate::metrics::{RefreshOutcome, Step};
use crate::trace_context;
use bff_session::{Ending, RefreshLease, RefreshTurn, SessionId, TokensRead};
use oidc_relying_party::{AccessToken, RefreshError, RefreshRequest, RefreshVerdict, RelyingParty};
use std::time::{Duration, Instant};
use tracing::Instrument;

/// How long to wait for another replica's refresh. The provider may take longer: then the requests that wait get an error,
/// and may be sent again.
const WAIT: Duration = Duration::from_secs(20);

/// The first pause before the store is asked again for the lease. Each pause is twice as long as the one before, up to
/// [`LONGEST_PAUSE`]: if everything is slow, the waiting requests must not make it slower.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// Refreshes the tokens of sessions at one provider. Clones share everything.
#[derive(Clone, Debug)]
pub(super) struct Refresher {
    relying_party: RelyingParty,
    storage: TokenStorage,
    on_refresh: OnRefresh,
    shared: SharedRefreshes,
}

/// The result of waiting for the lease.
enum Acquired {
    /// This replica refreshes.
    Lease(Box<RefreshLease>),
    /// Another replica has refreshed, and its access token is this one.
    Refreshed(AccessToken),
}

impl Refresher {
    pub(super) fn new(relying_party: RelyingParty, storage: TokenStorage, on_refresh: OnRefresh) -> Self {
        Self {
            relying_party,
            shared: SharedRefreshes::new(storage.clock.clone()),
            storage,
            on_refresh,
        }
    }

    /// The session's access token after a refresh: after the one that is under way in this process, or after one that
    /// begins now. `outdated` are the tokens that are due, or that an API refused: if the session has others by now, no
    /// refresh is needed.
    pub(super) async fn refreshed(
        &self,
        id: &SessionId,
        outdated: &TokensRead,
    ) -> Result<AccessToken, AccessTokenError> {
        let session = self.storage.sessions.name(id).ok_or(AccessTokenError::SessionEnded)?;
        let (this, id, outdated) = (self.clone(), id.clone(), outdated.clone());
        let under_way = self.storage.under_way();
        // In a box: it is the largest part of every request that wants a token, and seldom needed.
        let refresh = Box::pin(async move {
            let metrics = this.on_refresh.metrics.clone();
            let begun = tokio::time::Instant::now();
            let work = async {
                let acquired = this.acquire(&id, &outdated).await;
                metrics.waited_since(begun);
                match acquired? {
                    Acquired::Lease(lease) => {
                        let renewed = this.request_in_time(id, lease).await;
                        renewed.map(|access_token| (RefreshOutcome::Refreshed, access_token))
                    }
                    Acquired::Refreshed(access_token) => Ok((RefreshOutcome::Elsewhere, access_token)),
                }
            };
            let outcome = Step::Refresh.of(work).await;
            metrics.count(match &outcome {
                Ok((outcome, _)) => *outcome,
                Err(error) => RefreshOutcome::of(error),
            });
            drop(under_way);
            outcome.map(|(_, access_token)| access_token)
        });
        self.shared.join(&session, refresh).await
    }

    /// Waits for the lease. Nothing drops this future before its end: nobody would know of a lease that was granted in that
    /// instant.
    async fn acquire(&self, id: &SessionId, outdated: &TokensRead) -> Result<Acquired, AccessTokenError> {
        let (sessions, clock) = (&self.storage.sessions, &self.storage.clock);
        let begun = Instant::now();
        loop {
            let read = self.storage.read(id).await?;
            if outdated.is_other_than(&read) && !is_due(&read.record, clock.now()) {
                return Ok(Acquired::Refreshed(access_token(&read.record)));
            }
            match self.ask_for_lease(&read, begun).await {
                RefreshTurn::Ours(lease) => return Ok(Acquired::Lease(lease)),
                RefreshTurn::Changed => {}
                RefreshTurn::Gone => return Err(AccessTokenError::SessionEnded),
                // Asked for the time anew: the token may have expired while this waited.
                RefreshTurn::BrokenOff if unexpired(&read.record, clock.now()).is_some() => {
                    return Err(AccessTokenError::Unavailable);
                }
                RefreshTurn::BrokenOff => {
                    tracing::warn!(
                        code = "refresh_broken_off",
                        "an earlier refresh was begun and never finished"
                    );
                    sessions.end(id, Ending::RefreshInterrupted).await?;
                    return Err(AccessTokenError::SessionEnded);
                }
                RefreshTurn::Unclear(lease, error) => {
                    self.storage.abandon_until_confirmed(*lease);
                    return Err(error.into());
                }
                RefreshTurn::Busy => return Err(AccessTokenError::Unavailable),
            }
        }
    }

    /// Asks for the lease for as long as another replica has it, within [`WAIT`].
    async fn ask_for_lease(&self, read: &TokensRead, begun: Instant) -> RefreshTurn {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.storage.sessions.begin_refresh(read).await {
                RefreshTurn::Busy if begun.elapsed() < WAIT => tokio::time::sleep(pause).await,
                turn => return turn,
            }
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// The new access token, if the provider answers within the time that a request waits. The refresh goes on in a task of
    /// its own: tokens that come late are stored, for the next request.
    async fn request_in_time(self, id: SessionId, lease: Box<RefreshLease>) -> Result<AccessToken, AccessTokenError> {
        let patience = self.relying_party.patience();
        let under_way = self.storage.under_way();
        let refresh = async move {
            let outcome = self.request(&id, lease).await;
            drop(under_way);
            outcome
        };
        let refresh = tokio::spawn(trace_context::carried(refresh.in_current_span()));
        match tokio::time::timeout(patience, refresh).await {
            Ok(outcome) => outcome.unwrap_or(Err(AccessTokenError::Unavailable)),
            Err(_) => Err(AccessTokenError::Unavailable),
        }
    }

    async fn request(&self, id: &SessionId, lease: Box<RefreshLease>) -> Result<AccessToken, AccessTokenError> {
        let asked_at = self.storage.clock.now();
        let before = lease.before().clone();
        let Some(refresh_token) = &before.refresh_token else {
            self.abandon(*lease).await;
            return Err(AccessTokenError::NotRenewable);
        };
        let request = RefreshRequest {
            refresh_token,
            id_token: &before.id_token,
            scope: &before.scope,
            dpop_key: before.dpop_key.as_ref(),
            authenticated_at: before.authenticated_at,
        };
        let answer = self.relying_party.refresh(request);
        match keep_alive(&lease, &*self.storage.clock, answer).await {
            Ok(refreshed) => {
                let new = NewTokens::new((&self.storage, &self.on_refresh), id, *lease, refreshed, asked_at);
                new.store().await
            }
            Err(error) => self.failed(id, *lease, &error).await,
        }
    }

    /// Decides about a session whose refresh failed.
    async fn failed(
        &self,
        id: &SessionId,
        lease: RefreshLease,
        error: &RefreshError,
    ) -> Result<AccessToken, AccessTokenError> {
        tracing::warn!(code = error.code(), cause = chain(error), "a refresh failed");
        let sessions = &self.storage.sessions;
        if let Some((session, wait)) = sessions.name(id).zip(error.retry_after()) {
            self.shared.retry_after(&session, wait);
        }
        let has_good_token = unexpired(lease.before(), self.storage.clock.now()).is_some();
        let is_lost = error.may_have_spent_the_refresh_token() && self.relying_party.rotates_refresh_tokens();
        let ending = match error.verdict() {
            // Nobody can tell whether the refresh token works, and at this provider each one works once: sent again, it might
            // look stolen. The session goes on for as long as its access token is good. Nobody abandons the lease, so that
            // every replica reads the refresh as broken off.
            RefreshVerdict::Later if is_lost => {
                tracing::warn!(
                    code = "refresh_answer_lost",
                    "the provider's answer to a refresh was lost, and with it the only refresh token that works"
                );
                if has_good_token {
                    return Err(AccessTokenError::Unavailable);
                }
                Ending::RefreshInterrupted
            }
            RefreshVerdict::Later if error.is_a_refusal_for_good() && !has_good_token => Ending::RefreshRefused,
            RefreshVerdict::Later => {
                self.abandon(lease).await;
                return Err(AccessTokenError::Unavailable);
            }
            RefreshVerdict::Refused | RefreshVerdict::Rejected => Ending::RefreshRefused,
        };
        sessions.end(id, ending).await?;
        Err(AccessTokenError::SessionEnded)
    }

    /// Gives the lease back: another refresh may begin.
    async fn abandon(&self, lease: RefreshLease) {
        if let Err(error) = lease.abandon().await {
            tracing::warn!(code = error.code(), "the lease of a refresh was not released");
            self.storage.abandon_until_confirmed(lease);
        }
    }
}
