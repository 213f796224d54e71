//! Why there is no usable metadata: it cannot be read, or its content cannot be used.

use std::fmt;

use crate::{
    Fault, Unmet,
    client_authentication::NegotiationError,
    http::{DocumentError, HttpError},
};

/// The issuer that the metadata names, fit for a log: without control characters, and at most 200 characters long.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NamedIssuer(Option<String>);

impl NamedIssuer {
    pub(crate) fn of(named: Option<&str>) -> Self {
        const LIMIT: usize = 200;
        let printable = |character: char| if character.is_control() { '?' } else { character };
        Self(named.map(|named| named.chars().take(LIMIT).map(printable).collect()))
    }
}

impl fmt::Display for NamedIssuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_deref().unwrap_or("none"))
    }
}

/// Why there is no metadata to work with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// No answer.
    #[error("the provider's metadata could not be read")]
    Http(#[from] HttpError),
    /// An answer that is not the metadata document.
    #[error("the provider's metadata is not a usable document")]
    Document(#[from] DocumentError),
    /// The document is another issuer's.
    #[error("the metadata names the issuer {0}, which is not BFF_ISSUER, character by character")]
    Issuer(NamedIssuer),
    /// An endpoint is missing, not a URL, or not `https`.
    #[error("the metadata's {0} is missing or not https")]
    Endpoint(&'static str),
    /// PKCE with S256 is not advertised.
    #[error("the metadata does not list S256 in code_challenge_methods_supported")]
    CodeChallengeMethod,
    /// The provider lists no algorithm that we take and that the profile allows.
    #[error("the metadata lists no ID Token algorithm that is accepted here")]
    IdTokenAlgorithm,
    /// There is no way to authenticate that the provider, our credentials and the settings have in common.
    #[error(transparent)]
    ClientAuthentication(#[from] NegotiationError),
    /// The provider does not meet a demand of the profile.
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
            Self::Document(DocumentError::MediaType(_)) => "metadata_media_type",
            Self::Document(DocumentError::Encoded | DocumentError::NotAnObject) => "metadata_malformed",
            Self::Issuer(_) => "metadata_issuer",
            Self::Endpoint(_) => "metadata_endpoint",
            Self::CodeChallengeMethod => "metadata_code_challenge_method",
            Self::IdTokenAlgorithm => "metadata_id_token_algorithm",
            Self::ClientAuthentication(_) => "metadata_client_authentication",
            Self::Profile(_) => "metadata_profile",
            Self::PushedAuthorizationRequests => "metadata_pushed_authorization_requests",
            Self::Dpop => "metadata_dpop",
        }
    }

    /// The party at fault. A provider that does not answer, or not with its metadata, is away. Metadata that can be
    /// read but not be used stays so until somebody changes a setting here or at the provider.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Http(_) | Self::Document(_) => Fault::Unavailable,
            Self::Issuer(_)
            | Self::Endpoint(_)
            | Self::CodeChallengeMethod
            | Self::IdTokenAlgorithm
            | Self::ClientAuthentication(_)
            | Self::Profile(_)
            | Self::PushedAuthorizationRequests
            | Self::Dpop => Fault::Settings,
        }
    }
}
