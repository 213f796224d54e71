//! One refresh, from the wish to what stands in the store.

use super::{AccessTokenError, AccessTokens, is_due, usable};
use crate::relying_party::{RefreshError, RefreshRequest, RefreshVerdict, RefreshedTokens};
use crate::session::{Ending, RefreshLease, RefreshTurn, SessionId, TokenRecord, TokensRead};
use secrecy::SecretString;
use std::time::Duration;
use time::OffsetDateTime;

/// How long to wait for another replica's refresh. The provider's own time-out is shorter.
const WAIT: Duration = Duration::from_secs(20);

/// How often to look for what another replica's refresh has brought.
const LOOK: Duration = Duration::from_millis(50);

/// How long to go on offering the store what the provider has answered: the refresh token in it is
/// the only one that works.
const INSIST: Duration = Duration::from_mins(1);

/// How often.
const OFFER: Duration = Duration::from_millis(200);

/// What came of waiting for the right to refresh.
enum Turn {
    Ours(Box<RefreshLease>),
    /// Another replica's refresh has brought this.
    Theirs(SecretString),
    /// Another one began and died over it.
    BrokenOff,
}

/// The session's access token after a refresh, ours or another replica's. Where there is none just
/// now, the old one for as long as it is good.
pub(super) async fn run(tokens: AccessTokens, id: SessionId) -> Result<SecretString, AccessTokenError> {
    let mut first = None;
    let turn = tokio::time::timeout(WAIT, turn(&tokens, &id, &mut first)).await;
    let outcome = match turn.unwrap_or(Err(AccessTokenError::Unavailable)) {
        Ok(Turn::Ours(lease)) => refresh(&tokens, &id, lease).await,
        Ok(Turn::Theirs(access_token)) => Ok(access_token),
        Ok(Turn::BrokenOff) => Err(AccessTokenError::Unavailable),
        Err(error) => Err(error),
    };
    let old = || first.as_ref().and_then(|read| usable(&read.record, tokens.clock.now()));
    match outcome {
        Err(error @ (AccessTokenError::Unavailable | AccessTokenError::Store(_))) => old().ok_or(error),
        outcome => outcome,
    }
}

async fn turn(tokens: &AccessTokens, id: &SessionId, first: &mut Option<TokensRead>) -> Result<Turn, AccessTokenError> {
    loop {
        let read = tokens
            .sessions
            .tokens(id)
            .await?
            .ok_or(AccessTokenError::SessionEnded)?;
        let now = tokens.clock.now();
        // What was read first is due, or an API has refused it.
        if first.get_or_insert_with(|| read.clone()).is_other_than(&read) && !is_due(&read.record, now) {
            return Ok(Turn::Theirs(read.record.access_token));
        }
        match tokens.sessions.begin_refresh(&read).await? {
            RefreshTurn::Ours(lease) => return Ok(Turn::Ours(lease)),
            RefreshTurn::Changed => {}
            RefreshTurn::Gone => return Err(AccessTokenError::SessionEnded),
            RefreshTurn::BrokenOff if usable(&read.record, now).is_some() => return Ok(Turn::BrokenOff),
            RefreshTurn::BrokenOff => {
                tracing::warn!(code = "refresh_broken_off", "a refresh was begun and never finished");
                tokens.sessions.end(id, Ending::RefreshInterrupted).await?;
                return Err(AccessTokenError::SessionEnded);
            }
            RefreshTurn::Busy => tokio::time::sleep(LOOK).await,
        }
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
        lease.abandon().await?;
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
        Ok(refreshed) => keep(tokens, lease, merge(&before, refreshed, asked_at)).await,
        Err(error) => failed(tokens, id, &lease, &error).await,
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
    lease: Box<RefreshLease>,
    record: TokenRecord,
) -> Result<SecretString, AccessTokenError> {
    match lease.finish(&record).await {
        Ok(true) => {
            tracing::info!(code = "refreshed", "a session has new tokens");
            Ok(record.access_token)
        }
        Ok(false) => {
            too_late(tokens, record);
            Err(AccessTokenError::SessionEnded)
        }
        Err(error) => {
            tracing::warn!(code = error.code(), "new tokens wait for the session store");
            let tokens = tokens.clone();
            tokio::spawn(async move { insist(&tokens, &lease, record).await });
            Err(error.into())
        }
    }
}

/// The store is away while it should take the new tokens. They are offered until it does.
async fn insist(tokens: &AccessTokens, lease: &RefreshLease, record: TokenRecord) {
    let offer = async {
        loop {
            tokio::time::sleep(OFFER).await;
            if let Ok(kept) = lease.finish(&record).await {
                return kept;
            }
        }
    };
    match tokio::time::timeout(INSIST, offer).await {
        Ok(true) => tracing::info!(code = "refreshed", "a session has new tokens, late"),
        Ok(false) => too_late(tokens, record),
        Err(_) => tracing::error!(
            code = "refresh_result_lost",
            "the session store did not take new tokens: their session will have to sign in again"
        ),
    }
}

/// RT-08: the session ended while its tokens were renewed. The new ones are nobody's.
fn too_late(tokens: &AccessTokens, record: TokenRecord) {
    tracing::info!(
        code = "refresh_too_late",
        "a session ended while its tokens were renewed"
    );
    tokens.revocations.revoke(record);
}

async fn failed(
    tokens: &AccessTokens,
    id: &SessionId,
    lease: &RefreshLease,
    error: &RefreshError,
) -> Result<SecretString, AccessTokenError> {
    tracing::warn!(code = error.code(), cause = %error, "a refresh failed");
    match error.verdict() {
        RefreshVerdict::Later => {
            lease.abandon().await?;
            Err(AccessTokenError::Unavailable)
        }
        RefreshVerdict::Refused | RefreshVerdict::Rejected => {
            tokens.sessions.end(id, Ending::RefreshRefused).await?;
            Err(AccessTokenError::SessionEnded)
        }
    }
}
