//! The tokens that the server holds for a session, by name and lifetime.

use super::Session;
use bff_session::TokenRecord;
use bff_session::store::StoreError;
use time::OffsetDateTime;

/// The tokens that the server holds for a session, and their lifetimes. It holds no token, so a page may show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldTokens {
    /// When the tokens were obtained.
    pub obtained_at: OffsetDateTime,
    /// When the access token expires. `None` if the provider did not say (`expires_in`, RFC 6749 §5.1).
    pub access_token_expires_at: Option<OffsetDateTime>,
    /// Whether there is a refresh token, with which the server renews the access token by itself.
    pub has_refresh_token: bool,
    /// Whether the access token is bound to a key that only the server has (DPoP, RFC 9449).
    pub is_bound: bool,
}

impl From<&TokenRecord> for HeldTokens {
    fn from(tokens: &TokenRecord) -> Self {
        Self {
            obtained_at: tokens.obtained_at,
            access_token_expires_at: tokens.expires_at,
            has_refresh_token: tokens.refresh_token.is_some(),
            is_bound: tokens.dpop_key.is_some(),
        }
    }
}

impl<C> Session<C> {
    /// The tokens that the server holds for this session. `None` if the session has ended meanwhile. It reads the store once
    /// more, and renews nothing.
    ///
    /// ```
    /// use axum_bff::Session;
    ///
    /// async fn goes_on_without_the_person(session: Session) -> bool {
    ///     matches!(session.held_tokens().await, Ok(Some(tokens)) if tokens.has_refresh_token)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store does not answer.
    pub async fn held_tokens(&self) -> Result<Option<HeldTokens>, StoreError> {
        let read = self.bff.sessions.tokens(&self.presented.id).await;
        let read = read.inspect_err(|error| {
            tracing::warn!(code = error.code(), cause = ?error, "the tokens of a session were not read");
        })?;
        Ok(read.map(|read| HeldTokens::from(&read.record)))
    }

    /// The name of the session's cookie, and the number of characters of its value. The value itself stays in the browser and
    /// in the request.
    #[must_use]
    pub fn cookie(&self) -> (&str, usize) {
        let name: &str = &self.bff.cookies.session;
        (name, self.presented.id.to_text().len())
    }
}
