//! Which token an API is called with.

use super::{ApiToken, CallError, RelayError, Upstream};
use crate::access_tokens::{AccessTokenError, AccessTokens, TokensAhead};
use crate::error::Error;
use bff_clock::Clock;
use bff_session::SessionId;
use oidc_relying_party::{AccessToken, ClientToken, RelyingParty, TokenRequestError};
use std::sync::Arc;

/// The source of the tokens for all APIs.
#[derive(Clone, Debug)]
pub struct TokenSource {
    /// The access tokens of people.
    pub access_tokens: AccessTokens,
    /// The access tokens of this client itself, and the proofs for tokens that are bound to a key.
    pub relying_party: RelyingParty,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The source of the token of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearer<'a> {
    pub(super) tokens: &'a TokenSource,
    pub(super) upstream: &'a Upstream,
    /// `None`: the application calls as itself.
    pub(super) session: Option<&'a SessionId>,
    /// The session's tokens, if they were read together with it.
    pub(super) ahead: Option<&'a TokensAhead>,
}

impl Bearer<'_> {
    /// The token to call with. `None`: this API is called without one.
    pub(super) async fn current(&self) -> Result<Option<AccessToken>, Error> {
        match self.upstream.token() {
            ApiToken::Person => {
                let token = self
                    .tokens
                    .access_tokens
                    .current_after(self.person()?, self.ahead)
                    .await;
                token.map(Some).map_err(|error| self.error(error))
            }
            ApiToken::Client => {
                let tokens = &self.upstream.client_tokens;
                let token = tokens.current(&*self.tokens.clock, async || self.ask().await).await;
                token.map(Some).map_err(|error| self.no_client_token(error))
            }
            ApiToken::None => Ok(None),
        }
    }

    /// Another token than the one that the API has refused. `None`: there is no other.
    pub(super) async fn renewed(&self, refused: &AccessToken) -> Result<Option<AccessToken>, Error> {
        match self.upstream.token() {
            ApiToken::Person => match self.tokens.access_tokens.renewed(self.person()?, refused).await {
                Ok(token) => Ok(Some(token)),
                Err(AccessTokenError::NotRenewable) => Ok(None),
                Err(error) => Err(self.error(error)),
            },
            ApiToken::Client => {
                let tokens = &self.upstream.client_tokens;
                let token = tokens
                    .renewed(&*self.tokens.clock, refused, async || self.ask().await)
                    .await;
                token.map_err(|error| self.no_client_token(error))
            }
            ApiToken::None => Ok(None),
        }
    }

    /// The session with the person's token.
    fn person(&self) -> Result<&SessionId, RelayError> {
        self.session
            .ok_or_else(|| CallError::NeedsAPerson(self.upstream.name()).into())
    }

    async fn ask(&self) -> Result<ClientToken, TokenRequestError> {
        let (scope, bound) = (self.upstream.scope(), self.upstream.takes_dpop());
        self.tokens.relying_party.client_credentials(scope, bound).await
    }

    fn no_client_token(&self, error: TokenRequestError) -> Error {
        RelayError::ClientToken(self.upstream.name(), error).into()
    }

    fn error(&self, error: AccessTokenError) -> Error {
        match error {
            AccessTokenError::SessionEnded => Error::SignInRequired,
            AccessTokenError::NotRenewable => RelayError::TokenExpired.into(),
            AccessTokenError::Unavailable => RelayError::NoToken(self.upstream.name()).into(),
            // One failure may be the answer to many calls; its cause has been logged with the first.
            AccessTokenError::Store(error) => match Arc::try_unwrap(error) {
                Ok(error) => error.into(),
                Err(_) => Error::SessionUnreadable,
            },
        }
    }
}
