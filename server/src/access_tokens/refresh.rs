//! One refresh, from the wish to what stands in the store.

use super::store_away::{insist, withdraw};
use super::{AccessTokenError, AccessTokens, is_due, usable};
use crate::relying_party::{RefreshError, RefreshRequest, RefreshVerdict, RefreshedTokens};
use crate::session::store::RefreshFinish;
use crate::session::{Ending, RefreshLease, RefreshResult, RefreshTurn, SessionId, TokenRecord, TokensRead};
use secrecy::SecretString;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// How long to wait for another replica's refresh. The provider's own time-out is shorter.
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
    Theirs(SecretString),
}

/// The session's access token after a refresh, ours or another replica's. `first` are the tokens that are due, or refused
/// by an API: where others stand in their place by now, nothing is to be done.
pub(super) async fn run(
    tokens: AccessTokens,
    id: SessionId,
    first: TokensRead,
) -> Result<SecretString, AccessTokenError> {
    match turn(&tokens, &id, &first).await? {
        Turn::Ours(lease) => refresh(&tokens, &id, lease).await,
        Turn::Theirs(access_token) => Ok(access_token),
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
            return Ok(Turn::Theirs(read.record.access_token));
        }
        match not_busy(tokens, &read, begun).await {
            RefreshTurn::Ours(lease) => return Ok(Turn::Ours(lease)),
            RefreshTurn::Changed => {}
            RefreshTurn::Gone => return Err(AccessTokenError::SessionEnded),
            RefreshTurn::BrokenOff if usable(&read.record, now).is_some() => return Err(AccessTokenError::Unavailable),
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
) -> Result<SecretString, AccessTokenError> {
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
        Ok(refreshed) => {
            let result = lease.result(merge(&before, refreshed, asked_at));
            keep(tokens, *lease, result).await
        }
        Err(error) => failed(tokens, id, *lease, &error).await,
    }
}

/// RT-02: what the provider gave takes the place of what was there, all of it at once; what it did
/// not give stays.
fn merge(before: &TokenRecord, refreshed: RefreshedTokens, asked_at: OffsetDateTime) -> TokenRecord {
    TokenRecord {
        access_token: refreshed.access_token,
        id_token: refreshed.id_token.unwrap_or_else(|| before.id_token.clone()),
        refresh_token: refreshed.refresh_token.or_else(|| before.refresh_token.clone()),
        obtained_at: asked_at,
        expires_at: refreshed.expires_at,
        scope: refreshed.scope,
    }
}

async fn keep(
    tokens: &AccessTokens,
    lease: RefreshLease,
    result: RefreshResult,
) -> Result<SecretString, AccessTokenError> {
    match lease.finish(&result).await {
        Ok(finish) => {
            let access_token = result.record.access_token.clone();
            kept(tokens, finish, result.record).map(|()| access_token)
        }
        Err(error) => {
            tracing::warn!(code = error.code(), "new tokens wait for the session store");
            insist(tokens, lease, result);
            Err(error.into())
        }
    }
}

/// What the store has said of new tokens.
pub(super) fn kept(tokens: &AccessTokens, finish: RefreshFinish, record: TokenRecord) -> Result<(), AccessTokenError> {
    match finish {
        RefreshFinish::Kept => {
            tracing::info!(code = "refreshed", "a session has new tokens");
            Ok(())
        }
        RefreshFinish::Overtaken => {
            tracing::warn!(code = "refresh_overtaken", "a session has other new tokens than these");
            Err(AccessTokenError::Unavailable)
        }
        // RT-08: the session ended while its tokens were renewed. The new ones are nobody's.
        RefreshFinish::Gone => {
            tracing::info!(
                code = "refresh_too_late",
                "a session ended while its tokens were renewed"
            );
            tokens.revocations.revoke(record);
            Err(AccessTokenError::SessionEnded)
        }
    }
}

async fn failed(
    tokens: &AccessTokens,
    id: &SessionId,
    lease: RefreshLease,
    error: &RefreshError,
) -> Result<SecretString, AccessTokenError> {
    tracing::warn!(code = error.code(), cause = %error, "a refresh failed");
    match error.verdict() {
        RefreshVerdict::Later => {
            give_back(tokens, lease).await;
            Err(AccessTokenError::Unavailable)
        }
        RefreshVerdict::Refused | RefreshVerdict::Rejected => {
            tokens.sessions.end(id, Ending::RefreshRefused).await?;
            Err(AccessTokenError::SessionEnded)
        }
    }
}

/// Nothing came of it: the next one may try.
async fn give_back(tokens: &AccessTokens, lease: RefreshLease) {
    if let Err(error) = lease.abandon().await {
        tracing::warn!(code = error.code(), "the right to refresh was not given back");
        withdraw(tokens, lease);
    }
}
