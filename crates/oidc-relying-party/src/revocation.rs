//! The revocation request (RFC 7009 §2).

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::{
    DiscoveryError, Fault, Inner, ProviderMetadata, RelyingParty,
    client_authentication::authenticated_form,
    http::{DocumentError, HttpError},
    metrics::ProviderCall,
    token_request,
};

/// The body of a successful answer does not matter, and an error is short.
const SIZE_LIMIT: usize = 64 * 1024;

/// The kind of the token, so that the provider need not search (§2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenTypeHint {
    /// An access token.
    AccessToken,
    /// A refresh token. Most providers end the access tokens of the same grant with it (§2.1).
    RefreshToken,
}

impl TokenTypeHint {
    /// The parameter's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// The result of a revocation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Revocation {
    /// There is nothing left to do: the token is revoked, was not good any more, or is of a kind that this provider does
    /// not revoke.
    Done,
    /// The provider has no revocation endpoint.
    NotOffered,
}
impl RelyingParty {
    /// Tells the provider that a token is not needed any more. May be repeated.
    ///
    /// # Errors
    /// If the provider does not answer or refuses; the token may still be good then.
    pub async fn revoke(&self, token: &SecretString, hint: TokenTypeHint) -> Result<Revocation, RevocationError> {
        let (inner, metadata) = self.with_provider().await?;
        revoke(&inner, &metadata, token, hint).await
    }
}

async fn revoke(
    inner: &Inner,
    metadata: &ProviderMetadata,
    token: &SecretString,
    hint: TokenTypeHint,
) -> Result<Revocation, RevocationError> {
    let Some(endpoint) = &metadata.revocation_endpoint else {
        return Ok(Revocation::NotOffered);
    };
    let parameters = [("token", token.expose_secret()), ("token_type_hint", hint.name())];
    let request =
        || authenticated_form(inner, metadata, endpoint, &parameters).map_err(|_| RevocationError::InvalidClient);
    let answer = inner
        .http
        .exchange(ProviderCall::Revocation, SIZE_LIMIT, request)
        .await?;
    if let Some(wait) = answer.retry_after {
        return Err(RevocationError::Later(answer.status.as_u16(), wait));
    }
    match answer.status.as_u16() {
        // §2.2: the body is ignored. Some providers rightly say that there is none.
        200 | 204 => Ok(Revocation::Done),
        status => match token_request::error_of(&answer).as_deref() {
            // §2.2.1
            Some("unsupported_token_type") => Ok(Revocation::Done),
            Some("invalid_client" | "unauthorized_client") => Err(RevocationError::InvalidClient),
            Some(_) => Err(RevocationError::Refused),
            None => Err(DocumentError::Status(status).into()),
        },
    }
}

/// Why a token may still be good.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RevocationError {
    /// There is no metadata.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// No answer.
    #[error("the revocation endpoint did not answer")]
    Http(#[from] HttpError),
    /// Neither success nor an error of RFC 6749; for instance 503, which asks for patience (§2.2.1).
    #[error("the revocation endpoint's answer cannot be used")]
    Status(#[from] DocumentError),
    /// The provider asks for patience: its status, and for how long.
    #[error("the status is {0}: the provider wants to be asked again after {wait} seconds", wait = .1.as_secs())]
    Later(u16, Duration),
    /// The provider does not take our client identifier and secret.
    #[error("the provider refuses our client authentication at the revocation endpoint")]
    InvalidClient,
    /// Another refusal.
    #[error("the provider refuses the revocation request")]
    Refused,
}

impl RevocationError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::Http(error) => error.code(),
            Self::Status(_) | Self::Later(..) => "revocation_status",
            Self::InvalidClient => "revocation_invalid_client",
            Self::Refused => "revocation_refused",
        }
    }

    /// The party at fault. Trying again helps if it is [`Fault::Unavailable`].
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Discovery(error) => error.fault(),
            Self::Http(error) => error.fault(),
            Self::Status(error) => error.fault(),
            Self::Later(..) => Fault::Unavailable,
            Self::InvalidClient => Fault::Settings,
            Self::Refused => Fault::Provider,
        }
    }

    /// How long the provider asks to be left alone; at most five minutes.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Later(_, wait) => Some(*wait),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
