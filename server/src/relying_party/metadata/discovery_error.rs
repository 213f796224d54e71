//! Why there is no metadata to work with: it cannot be read, or we cannot work with what it says.

use crate::relying_party::{
    Fault, Unmet,
    client_authentication::NegotiationError,
    http::{DocumentError, HttpError},
};

/// Why there is no metadata to work with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// No answer.
    #[error("the provider's metadata could not be read")]
    Http(#[from] HttpError),
    /// An answer that is not the metadata document.
    #[error("the provider's metadata is not the document it should be")]
    Document(#[from] DocumentError),
    /// The document is another issuer's.
    #[error("the metadata's issuer is not the configured one, character by character")]
    Issuer,
    /// An endpoint is missing, not a URL, or not `https`.
    #[error("the metadata's {0} is missing or not https")]
    Endpoint(&'static str),
    /// PKCE with S256 is not advertised.
    #[error("the metadata does not list S256 in code_challenge_methods_supported")]
    CodeChallengeMethod,
    /// No algorithm is both configured and offered.
    #[error("the metadata lists none of the configured ID Token algorithms")]
    IdTokenAlgorithm,
    /// There is no way to authenticate that the provider, our credentials and the settings have in common.
    #[error(transparent)]
    ClientAuthentication(#[from] NegotiationError),
    /// The provider does not offer what the profile demands.
    #[error("the profile demands {0}")]
    Profile(#[from] Unmet),
    /// The provider takes authorization requests only when they were pushed to it first (RFC 9126 §5), and the settings
    /// say that they are not.
    #[error("the provider demands pushed authorization requests, which the settings switch off")]
    PushedAuthorizationRequests,
    /// The provider does not bind access tokens to keys of ours, and the settings demand it.
    #[error("the metadata does not list ES256 in dpop_signing_alg_values_supported")]
    Dpop,
}

impl DiscoveryError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Document(DocumentError::Status(_)) => "metadata_status",
            Self::Document(DocumentError::MediaType) => "metadata_media_type",
            Self::Document(DocumentError::NotAnObject) => "metadata_malformed",
            Self::Issuer => "metadata_issuer",
            Self::Endpoint(_) => "metadata_endpoint",
            Self::CodeChallengeMethod => "metadata_code_challenge_method",
            Self::IdTokenAlgorithm => "metadata_id_token_algorithm",
            Self::ClientAuthentication(_) => "metadata_client_authentication",
            Self::Profile(_) => "metadata_profile",
            Self::PushedAuthorizationRequests => "metadata_pushed_authorization_requests",
            Self::Dpop => "metadata_dpop",
        }
    }

    /// Whose fault it is. For the person all of them are the same: signing in is not possible at the moment.
    #[must_use]
    pub fn fault(&self) -> Fault {
        Fault::Unavailable
    }
}
