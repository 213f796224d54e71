//! The tokens of sessions in the session store, and how long an access token is good.

use crate::in_flight::{InFlight, UnderWay};
use bff_clock::Clock;
use bff_session::store::StoreError;
use bff_session::{RefreshLease, SessionId, Sessions, TokenRecord, TokensRead};
use oidc_relying_party::{AccessToken, DpopKey};
use std::future::Future;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// A refresh begins at most this long before the expiry.
const AHEAD: Duration = Duration::MINUTE;

/// An API that refuses a token this soon after its issue, or in the first quarter of a short life, does not refuse it for
/// its age: the API would refuse the next one as well.
const TOO_YOUNG: Duration = Duration::seconds(10);

/// How long a store that is away is asked again. No more sessions wait than were being refreshed when it went away.
const LONGEST_RETRY: std::time::Duration = std::time::Duration::from_mins(15);

/// The pause between two attempts: well within the time after which a lease that was not renewed counts as broken off.
pub(super) const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);

/// Why there is no access token to call with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AccessTokenError {
    /// The session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The token has expired, or an API refuses it, and the provider gave no refresh token. Only a new sign-in brings
    /// another access token.
    #[error("the access token cannot be renewed: there is no refresh token")]
    NotRenewable,
    /// The provider, or something on the way to it, does not answer; a later attempt may succeed. The session goes on.
    #[error("the access token cannot be renewed just now")]
    Unavailable,
    /// The session store does not answer.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for AccessTokenError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

/// The tokens of sessions, and the results of refreshes that are not stored yet. Clones share everything.
#[derive(Clone, Debug)]
pub(super) struct TokenStorage {
    pub(super) sessions: Sessions,
    pub(super) clock: Arc<dyn Clock>,
    in_flight: InFlight,
}

impl TokenStorage {
    pub(super) fn new(sessions: Sessions, clock: Arc<dyn Clock>) -> Self {
        Self {
            sessions,
            clock,
            in_flight: InFlight::default(),
        }
    }

    pub(super) async fn read(&self, id: &SessionId) -> Result<TokensRead, AccessTokenError> {
        self.sessions.tokens(id).await?.ok_or(AccessTokenError::SessionEnded)
    }

    /// One more thing is under way, until the value is dropped: [`TokenStorage::done`] waits for it.
    pub(super) fn under_way(&self) -> UnderWay {
        self.in_flight.begin()
    }

    /// Resolves when nothing is under way.
    pub(super) async fn done(&self) {
        self.in_flight.done().await;
    }

    /// Abandons the lease until the store has confirmed it, and once more after that: an earlier command may have stood in
    /// another queue.
    pub(super) fn abandon_until_confirmed(&self, lease: RefreshLease) {
        self.retry(async move {
            let mut confirmed = 0;
            while confirmed < 2 {
                tokio::time::sleep(PAUSE).await;
                if lease.abandon().await.is_ok() {
                    confirmed += 1;
                }
            }
        });
    }

    /// Runs `attempts` to their end, or for fifteen minutes: as long as a store that is away is asked again.
    pub(super) fn retry(&self, attempts: impl Future<Output = ()> + Send + 'static) {
        let under_way = self.under_way();
        tokio::spawn(async move {
            if tokio::time::timeout(LONGEST_RETRY, attempts).await.is_err() {
                tracing::error!(
                    code = "refresh_result_lost",
                    "the session store was away for too long: a session will have to sign in again"
                );
            }
            drop(under_way);
        });
    }
}

/// Waits for `work`, and renews the lease meanwhile: a lease that is not renewed counts as broken off.
pub(super) async fn keep_alive<T>(lease: &RefreshLease, clock: &dyn Clock, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    loop {
        let renewal = clock.now() + RefreshLease::RENEWAL;
        tokio::select! {
            outcome = &mut work => break outcome,
            () = clock.sleep_until(renewal) => {
                if let Err(error) = lease.renew().await {
                    tracing::warn!(code = error.code(), "the lease of a refresh was not renewed");
                }
            }
        }
    }
}

/// Whether an API that refuses this token would refuse the next one too, because the token is so young.
pub(crate) fn is_too_young(
    obtained_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> bool {
    let lifetime = expires_at.map(|expires_at| expires_at - obtained_at);
    let bound = lifetime.map_or(TOO_YOUNG, |lifetime| TOO_YOUNG.min(lifetime / 4));
    now - obtained_at < bound
}

/// Whether it is time for a refresh: a minute before the expiry, or after nine tenths of a short life.
pub(super) fn is_due(tokens: &TokenRecord, now: OffsetDateTime) -> bool {
    tokens.expires_at.is_some_and(|expires_at| {
        let ahead = AHEAD.min((expires_at - tokens.obtained_at) / 10);
        now >= expires_at - ahead
    })
}

/// The access token, as long as it has not expired.
pub(super) fn unexpired(tokens: &TokenRecord, now: OffsetDateTime) -> Option<AccessToken> {
    let is_good = tokens.expires_at.is_none_or(|expires_at| now < expires_at);
    is_good.then(|| access_token(tokens))
}

/// The access token with the key that it is bound to.
pub(super) fn access_token(tokens: &TokenRecord) -> AccessToken {
    AccessToken {
        token: tokens.access_token.clone(),
        dpop_key: tokens.dpop_key.as_ref().and_then(DpopKey::read),
    }
}
