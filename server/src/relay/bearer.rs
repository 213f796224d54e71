//! Which token an API is called with.

use super::client_token::ClientToken;
use super::{RelayError, Upstream};
use crate::access_tokens::AccessTokenError;
use crate::config::ApiToken;
use crate::error::Error;
use crate::relying_party::RelyingParty;
use crate::session::SessionId;
use crate::state::AppState;
use secrecy::SecretString;

/// Where the token of one call comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearer<'a> {
    pub(super) state: &'a AppState,
    pub(super) upstream: &'a Upstream,
    pub(super) session: &'a SessionId,
}

impl Bearer<'_> {
    /// The token to call with. None: this API is called without one.
    pub(super) async fn current(&self) -> Result<Option<SecretString>, Error> {
        match self.upstream.token() {
            ApiToken::Person => {
                let token = self.state.access_tokens.current(self.session).await;
                token.map(Some).map_err(|error| self.error(error))
            }
            ApiToken::Client => self.client_token(None).await.map(Some),
            ApiToken::None => Ok(None),
        }
    }

    /// Another token than the one that the API has refused. None: there is no other.
    pub(super) async fn renewed(&self, refused: &SecretString) -> Result<Option<SecretString>, Error> {
        match self.upstream.token() {
            ApiToken::Person => {
                let token = self.state.access_tokens.renewed(self.session, refused).await;
                token.map(Some).map_err(|error| self.error(error))
            }
            ApiToken::Client => self.client_token(Some(refused)).await.map(Some),
            ApiToken::None => Ok(None),
        }
    }

    async fn client_token(&self, refused: Option<&SecretString>) -> Result<SecretString, Error> {
        let ask = async || client_credentials(&self.state.relying_party, self.upstream).await;
        let tokens = &self.upstream.client_tokens;
        Ok(tokens.get(&*self.state.clock, refused, ask).await?)
    }

    fn error(&self, error: AccessTokenError) -> Error {
        match error {
            AccessTokenError::SessionEnded => Error::SignInRequired,
            AccessTokenError::Unavailable => RelayError::NoToken(self.upstream.name()).into(),
            AccessTokenError::Store(error) => error.into(),
        }
    }
}

/// One request for the client's own token (RFC 6749 §4.4).
#[expect(clippy::unused_async, reason = "the relying party's part comes with its own change")]
async fn client_credentials(relying_party: &RelyingParty, upstream: &Upstream) -> Result<ClientToken, RelayError> {
    let _ = (relying_party, upstream.scope());
    Err(RelayError::NoToken(upstream.name()))
}
