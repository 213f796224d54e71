//! Tokens that are read together with the session, so that a relayed call waits for the store once.

use super::AccessTokens;
use bff_session::{SessionId, TokensRead};
use std::time::Duration;
use tokio::time::Instant;

/// A request may wait before its call: for its body, or for a check of the application. Tokens that were read longer ago
/// are read anew, because the session may have ended meanwhile.
const FRESH: Duration = Duration::from_millis(250);

/// The tokens of the session that a request presents, and when they were read.
#[derive(Clone, Debug)]
pub(crate) struct TokensAhead {
    tokens: TokensRead,
    read_at: Instant,
}

impl TokensAhead {
    /// The tokens, if a call may still be made with them.
    pub(super) fn fresh(&self) -> Option<&TokensRead> {
        (self.read_at.elapsed() < FRESH).then_some(&self.tokens)
    }
}

impl AccessTokens {
    /// Reads the tokens for a call that has not been admitted yet. `None` if there are none, or the store does not answer:
    /// the call then reads them itself, and says why it cannot.
    pub(crate) async fn ahead(&self, id: &SessionId) -> Option<TokensAhead> {
        let tokens = self.storage.read(id).await.ok()?;
        Some(TokensAhead {
            tokens,
            read_at: Instant::now(),
        })
    }
}
