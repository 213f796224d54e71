//! The access token of a session, for calls to APIs in the person's name, renewed when it is due.
//!
//! Each expiry has one refresh, however many requests on however many replicas want the token. In this process all of them
//! wait for one refresh (`shared_refreshes.rs`); between replicas the store grants a lease to one (`RefreshLease`). A refresh
//! begins a little ahead of the expiry, so that the token is good for the call it was asked for. As long as the old token is
//! good, a refresh that fails stops nobody.

mod ahead;
mod new_tokens;
mod refresh;
mod shared_refreshes;
mod storage;

pub(crate) use ahead::TokensAhead;
pub use new_tokens::OnRefresh;
pub use storage::AccessTokenError;
pub(crate) use storage::is_too_young;

use bff_clock::Clock;
use bff_session::{SessionId, Sessions, TokensRead};
use oidc_relying_party::{AccessToken, RelyingParty};
use refresh::Refresher;
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;
use storage::{TokenStorage, access_token, is_due, unexpired};

/// The longest time that a request with a good token waits for a better one.
const PATIENCE: Duration = Duration::from_secs(1);

/// Access tokens of sessions, renewed when they are due. Clones share everything.
#[derive(Clone, Debug)]
pub struct AccessTokens {
    storage: TokenStorage,
    refresher: Refresher,
}

impl AccessTokens {
    /// Access tokens of these sessions, from this provider. `on_refresh` acts on each refresh.
    #[must_use]
    pub fn new(sessions: Sessions, relying_party: RelyingParty, on_refresh: OnRefresh, clock: Arc<dyn Clock>) -> Self {
        let storage = TokenStorage::new(sessions, clock);
        Self {
            refresher: Refresher::new(relying_party, storage.clone(), on_refresh),
            storage,
        }
    }

    /// The session's access token, fresh enough to be used now. One read of the store, and a
    /// refresh if it is due.
    ///
    /// # Errors
    ///
    /// An [`AccessTokenError`].
    pub async fn current(&self, id: &SessionId) -> Result<AccessToken, AccessTokenError> {
        let tokens = self.storage.read(id).await?;
        self.current_of(id, tokens).await
    }

    /// The same, without a read if the tokens were read together with the session just now.
    pub(crate) async fn current_after(
        &self,
        id: &SessionId,
        ahead: Option<&TokensAhead>,
    ) -> Result<AccessToken, AccessTokenError> {
        match ahead.and_then(TokensAhead::fresh) {
            Some(tokens) => self.current_of(id, tokens.clone()).await,
            None => self.current(id).await,
        }
    }

    async fn current_of(&self, id: &SessionId, tokens: TokensRead) -> Result<AccessToken, AccessTokenError> {
        let now = self.storage.clock.now();
        if !is_due(&tokens.record, now) {
            return Ok(access_token(&tokens.record));
        }
        let unexpired = |at| unexpired(&tokens.record, at);
        if tokens.record.refresh_token.is_none() {
            return unexpired(now).ok_or(AccessTokenError::NotRenewable);
        }
        if unexpired(now).is_none() {
            return self.refresher.refreshed(id, &tokens).await;
        }
        // Ahead of the expiry a refresh may fail or take its time: the token at hand is still good.
        match tokio::time::timeout(PATIENCE, self.refresher.refreshed(id, &tokens)).await {
            Ok(Err(error @ (AccessTokenError::Unavailable | AccessTokenError::Store(_)))) => {
                unexpired(self.storage.clock.now()).ok_or(error)
            }
            Ok(outcome) => outcome,
            Err(_) => match unexpired(self.storage.clock.now()) {
                Some(access_token) => Ok(access_token),
                None => self.refresher.refreshed(id, &tokens).await,
            },
        }
    }

    /// Another access token than `refused`, which an API answered with 401 although it had not
    /// expired. If the session already has another one, that one; otherwise one refresh, unless the token
    /// is so young that its age cannot be the reason.
    ///
    /// # Errors
    ///
    /// An [`AccessTokenError`]; [`AccessTokenError::NotRenewable`] for a young token too.
    pub async fn renewed(&self, id: &SessionId, refused: &AccessToken) -> Result<AccessToken, AccessTokenError> {
        let tokens = self.storage.read(id).await?;
        let record = &tokens.record;
        if record.access_token.expose_secret() != refused.token.expose_secret() {
            return self.current(id).await;
        }
        let is_young = is_too_young(record.obtained_at, record.expires_at, self.storage.clock.now());
        if record.refresh_token.is_none() || is_young {
            return Err(AccessTokenError::NotRenewable);
        }
        self.refresher.refreshed(id, &tokens).await
    }

    /// Resolves when no refresh is under way here, and no new tokens wait for the session store. A process that ends
    /// earlier loses the only refresh token that works.
    pub async fn done(&self) {
        self.storage.done().await;
    }
}
