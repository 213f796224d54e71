//! One refresh, from the wish to what stands in the store.

use super::answer::Answer;
use super::store_away::withdraw;
use super::{AccessTokenError, AccessTokens, is_due, of_record, usable};
use crate::error::chain;
use bff_session::{Ending, RefreshLease, RefreshTurn, SessionId, TokensRead};
use oidc_relying_party::{AccessToken, RefreshError, RefreshRequest, RefreshVerdict};
use std::time::{Duration, Instant};

/// How long to wait for another replica's refresh. The provider may take longer, and those who wait come again.
const WAIT: Duration = Duration::from_secs(20);

/// How soon to look for what another replica's refresh has brought. Each look is twice as long after the one before, up to
/// [`LONGEST_LOOK`]: where everything is slow, those who wait must not make it slower.
const LOOK: Duration = Duration::from_millis(25);

/// How often at least.
const LONGEST_LOOK: Duration = Duration::from_millis(400);

/// What came of waiting for the right to refresh.
enum Turn {
    Ours(Box<RefreshLease>),
    /// Another replica's refresh has brought this.
    Theirs(AccessToken),
}

/// The session's access token after a refresh, ours or another replica's. `first` are the tokens that are due, or refused
/// by an API: where others stand in their place by now, nothing is to be done.
pub(super) async fn run(
    tokens: AccessTokens,
    id: SessionId,
    first: TokensRead,
) -> Result<AccessToken, AccessTokenError> {
    match turn(&tokens, &id, &first).await? {
        Turn::Ours(lease) => in_time(tokens, id, lease).await,
        Turn::Theirs(access_token) => Ok(access_token),
    }
}

/// What the provider answers within the time that those who need it wait. The refresh goes on in a task of its own: a late
/// answer is kept, and is there for those who come again.
async fn in_time(
    tokens: AccessTokens,
    id: SessionId,
    lease: Box<RefreshLease>,
) -> Result<AccessToken, AccessTokenError> {
    let patience = tokens.relying_party.patience();
    let open = tokens.open();
    let refresh = tokio::spawn(async move {
        let outcome = refresh(&tokens, &id, lease).await;
        drop(open);
        outcome
    });
    match tokio::time::timeout(patience, refresh).await {
        Ok(outcome) => outcome.unwrap_or(Err(AccessTokenError::Unavailable)),
        Err(_) => Err(AccessTokenError::Unavailable),
    }
}

/// Never broken off from outside: nobody would know of a right that was given in that instant.
async fn turn(tokens: &AccessTokens, id: &SessionId, first: &TokensRead) -> Result<Turn, AccessTokenError> {
    let begun = Instant::now();
    loop {
        let read = tokens
            .sessions
            .tokens(id)
            .await?
            .ok_or(AccessTokenError::SessionEnded)?;
        let now = tokens.clock.now();
        if first.is_other_than(&read) && !is_due(&read.record, now) {
            return Ok(Turn::Theirs(of_record(&read.record)));
        }
        match not_busy(tokens, &read, begun).await {
            RefreshTurn::Ours(lease) => return Ok(Turn::Ours(lease)),
            RefreshTurn::Changed => {}
            RefreshTurn::Gone => return Err(AccessTokenError::SessionEnded),
            // By now: it may have expired meanwhile.
            RefreshTurn::BrokenOff if usable(&read.record, tokens.clock.now()).is_some() => {
                return Err(AccessTokenError::Unavailable);
            }
            RefreshTurn::BrokenOff => {
                tracing::warn!(code = "refresh_broken_off", "a refresh was begun and never finished");
                tokens.sessions.end(id, Ending::RefreshInterrupted).await?;
                return Err(AccessTokenError::SessionEnded);
            }
            RefreshTurn::Unclear(lease, error) => {
                withdraw(tokens, *lease);
                return Err(error.into());
            }
            RefreshTurn::Busy => return Err(AccessTokenError::Unavailable),
        }
    }
}

/// Asks for the right to refresh for as long as somebody else has it, within [`WAIT`]. What he brings is not read before
/// it is there.
async fn not_busy(tokens: &AccessTokens, read: &TokensRead, begun: Instant) -> RefreshTurn {
    let mut look = LOOK;
    loop {
        match tokens.sessions.begin_refresh(read).await {
            RefreshTurn::Busy if begun.elapsed() < WAIT => tokio::time::sleep(look).await,
            turn => return turn,
        }
        look = LONGEST_LOOK.min(look * 2);
    }
}

async fn refresh(
    tokens: &AccessTokens,
    id: &SessionId,
    lease: Box<RefreshLease>,
) -> Result<AccessToken, AccessTokenError> {
    let asked_at = tokens.clock.now();
    let before = lease.before().clone();
    let Some(refresh_token) = &before.refresh_token else {
        give_back(tokens, *lease).await;
        return Err(AccessTokenError::NotRenewable);
    };
    let request = RefreshRequest {
        refresh_token,
        id_token: &before.id_token,
        scope: &before.scope,
        dpop_key: before.dpop_key.as_ref(),
        authenticated_at: before.authenticated_at,
    };
    let answer = {
        let answer = tokens.relying_party.refresh(request);
        tokio::pin!(answer);
        loop {
            let renewal = tokens.clock.now() + RefreshLease::RENEWAL;
            tokio::select! {
                answer = &mut answer => break answer,
                () = tokens.clock.sleep_until(renewal) => {
                    if let Err(error) = lease.renew().await {
                        tracing::warn!(code = error.code(), "the lease of a refresh was not renewed");
                    }
                }
            }
        }
    };
    match answer {
        Ok(refreshed) => Answer::new(tokens, id, *lease, refreshed, asked_at).keep(tokens).await,
        Err(error) => failed(tokens, id, *lease, &error).await,
    }
}

async fn failed(
    tokens: &AccessTokens,
    id: &SessionId,
    lease: RefreshLease,
    error: &RefreshError,
) -> Result<AccessToken, AccessTokenError> {
    tracing::warn!(code = error.code(), cause = chain(error), "a refresh failed");
    if let Some((session, wait)) = tokens.sessions.name(id).zip(error.retry_after()) {
        tokens.flights.hold_back(&session, wait);
    }
    match error.verdict() {
        RefreshVerdict::Later
            if error.may_have_spent_the_refresh_token() && tokens.relying_party.rotates_refresh_tokens() =>
        {
            interrupted(tokens, id, &lease).await
        }
        RefreshVerdict::Later
            if error.is_a_refusal_for_good() && usable(lease.before(), tokens.clock.now()).is_none() =>
        {
            refused(tokens, id).await
        }
        RefreshVerdict::Later => {
            give_back(tokens, lease).await;
            Err(AccessTokenError::Unavailable)
        }
        RefreshVerdict::Refused | RefreshVerdict::Rejected => refused(tokens, id).await,
    }
}

async fn refused(tokens: &AccessTokens, id: &SessionId) -> Result<AccessToken, AccessTokenError> {
    tokens.sessions.end(id, Ending::RefreshRefused).await?;
    Err(AccessTokenError::SessionEnded)
}

/// Nobody can tell whether the refresh token works, and at this provider each works once: sent again, it might look stolen.
/// The session goes on for as long as its access token is good. The right to refresh is not given back, so that it reads
/// as broken off everywhere.
async fn interrupted(
    tokens: &AccessTokens,
    id: &SessionId,
    lease: &RefreshLease,
) -> Result<AccessToken, AccessTokenError> {
    tracing::warn!(
        code = "refresh_answer_lost",
        "the provider's answer to a refresh was lost, and with it the only refresh token that works"
    );
    if usable(lease.before(), tokens.clock.now()).is_some() {
        return Err(AccessTokenError::Unavailable);
    }
    tokens.sessions.end(id, Ending::RefreshInterrupted).await?;
    Err(AccessTokenError::SessionEnded)
}

/// Nothing came of it: the next one may try.
async fn give_back(tokens: &AccessTokens, lease: RefreshLease) {
    if let Err(error) = lease.abandon().await {
        tracing::warn!(code = error.code(), "the right to refresh was not given back");
        withdraw(tokens, lease);
    }
}
