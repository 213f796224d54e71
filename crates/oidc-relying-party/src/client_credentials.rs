//! Tokens of the client's own (RFC 6749 §4.4), for calls without a person.

use time::OffsetDateTime;

use super::{
    AccessToken, Inner, ProviderMetadata, RelyingParty, TokenRequestError,
    token_request::{Binding, TokenRequest, TokenResponse},
};

/// An access token of the client's own. There is no refresh token with it: a new one is asked for in the same way.
#[derive(Clone, Debug)]
pub struct ClientToken {
    /// For calls in the client's name.
    pub access_token: AccessToken,
    /// When it expires, at most a day ahead. `None`: the provider did not say; that is never "for ever".
    pub expires_at: Option<OffsetDateTime>,
}
impl RelyingParty {
    /// Asks for a token of the client's own, with `scope` (separated by spaces) or the provider's default. `bound`
    /// says that the API takes a token that is bound to a key.
    ///
    /// # Errors
    /// If the provider does not answer or refuses.
    pub async fn client_credentials(&self, scope: Option<&str>, bound: bool) -> Result<ClientToken, TokenRequestError> {
        let (inner, metadata) = self.with_provider().await?;
        request(&inner, &metadata, scope, bound).await
    }
}

async fn request(
    inner: &Inner,
    metadata: &ProviderMetadata,
    scope: Option<&str>,
    bound: bool,
) -> Result<ClientToken, TokenRequestError> {
    let mut parameters = vec![("grant_type", "client_credentials")];
    parameters.extend(scope.map(|scope| ("scope", scope)));
    let now = inner.clock.now();
    let dpop_key = (metadata.dpop && bound).then(|| inner.dpop.own_key());
    let document = TokenRequest::new(inner, metadata, &parameters, dpop_key).send().await?;
    let binding = Binding::new(&inner.registration, metadata, dpop_key);
    let response = TokenResponse::read(&document, scope.unwrap_or_default(), now, binding)?;
    Ok(ClientToken {
        access_token: AccessToken {
            token: response.access_token,
            dpop_key: response.dpop_key,
        },
        expires_at: response.expires_at,
    })
}

#[cfg(test)]
mod tests;
