//! Why a refresh gave no tokens, and the meaning for the session.

use std::time::Duration;

use crate::{
    DiscoveryError, DocumentError, Fault, HttpError, IdTokenError, JwsError, TokenRequestError,
    token_request::is_about_load,
};

/// Why a refresh gave no tokens.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RefreshError {
    /// There is no metadata.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The ID Token before cannot be read, so that a new one could not be held against it. Nothing was sent.
    #[error("the session's ID Token cannot be read")]
    PreviousIdToken(#[source] JwsError),
    /// The session is with another issuer than the one in the settings. Nothing was sent.
    #[error("the session's ID Token is of another issuer than the configured one")]
    OtherIssuer,
    /// The token request failed.
    #[error(transparent)]
    TokenRequest(#[from] TokenRequestError),
    /// The new ID Token is not believed.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    /// The new ID Token's `sub` is another.
    #[error("the refreshed ID Token's sub is not the session's")]
    Subject,
    /// The new ID Token's `aud` is another.
    #[error("the refreshed ID Token's aud is not that of the one before")]
    Audience,
    /// The new ID Token has an `azp` that the one before had not.
    #[error("the refreshed ID Token has an azp, which the one before had not")]
    AuthorizedParty,
    /// The new ID Token's `auth_time` is earlier than the original one, or no time.
    #[error("the refreshed ID Token's auth_time is earlier than the original one, or no time")]
    AuthTime,
}

/// The meaning of a failed refresh for the session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RefreshVerdict {
    /// The provider does not accept the refresh token (any more). The session cannot go on.
    Refused,
    /// The provider's answer is not to be trusted (§12.2). The session must not go on.
    Rejected,
    /// Nothing is known of the refresh token, so the session goes on; try again later. Where the error
    /// [`is_a_refusal_for_good`](RefreshError::is_a_refusal_for_good), it goes on for as long as its access token is good.
    Later,
}

impl RefreshError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::PreviousIdToken(_) => "refresh_previous_id_token",
            Self::OtherIssuer => "refresh_other_issuer",
            Self::TokenRequest(error) => error.code(),
            Self::IdToken(error) => error.code(),
            Self::Subject => "refresh_subject",
            Self::Audience => "refresh_audience",
            Self::AuthorizedParty => "refresh_authorized_party",
            Self::AuthTime => "refresh_auth_time",
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Discovery(error) => error.fault(),
            Self::TokenRequest(error) => error.fault(),
            Self::IdToken(error) => error.fault(),
            // Either side of a session's life has other settings.
            Self::PreviousIdToken(_) | Self::OtherIssuer => Fault::Settings,
            Self::Subject | Self::Audience | Self::AuthorizedParty | Self::AuthTime => Fault::Provider,
        }
    }

    /// How long the provider asks to be left alone; at most five minutes.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TokenRequest(error) => error.retry_after(),
            _ => None,
        }
    }

    /// Whether the provider refuses this refresh token, with any error code, and will refuse it the next time too. It
    /// is not so if the provider refuses the client (401, and the codes for it), asks for patience, or doubts our
    /// proof. Nor is it so if the answer names no error and its status may come from a proxy in front of the provider,
    /// or from a wrong address of the endpoint.
    #[must_use]
    pub fn is_a_refusal_for_good(&self) -> bool {
        match self {
            Self::TokenRequest(TokenRequestError::Refused { status, .. }) => *status != 401,
            Self::TokenRequest(TokenRequestError::Document(DocumentError::Status(status))) => {
                (400..500).contains(status)
                    && !is_about_load(*status)
                    && !matches!(status, 401 | 403 | 404 | 405 | 407 | 421 | 451)
            }
            _ => false,
        }
    }

    /// Whether the refresh token may be spent although no tokens came: the provider began to say that it gives some, or it
    /// got the request and was too slow to be waited for. Not so where the connection broke before any answer, which is how
    /// a provider goes that is down; nor where it said by its status that it gives nothing, or a page came in its place.
    #[must_use]
    pub fn may_have_spent_the_refresh_token(&self) -> bool {
        matches!(
            self,
            Self::TokenRequest(
                TokenRequestError::Http(HttpError::BrokenOff(_) | HttpError::Timeout | HttpError::TooLarge)
                    | TokenRequestError::Document(DocumentError::Encoded | DocumentError::NotAnObject)
                    | TokenRequestError::Member(_)
                    | TokenRequestError::TokenType
            )
        )
    }

    /// The meaning for the session.
    #[must_use]
    pub fn verdict(&self) -> RefreshVerdict {
        match self {
            Self::TokenRequest(TokenRequestError::InvalidGrant) => RefreshVerdict::Refused,
            // Without keys the ID Token can neither be accepted nor refused.
            Self::Discovery(_) | Self::TokenRequest(_) | Self::IdToken(IdTokenError::Keys(_)) => RefreshVerdict::Later,
            Self::PreviousIdToken(_)
            | Self::OtherIssuer
            | Self::IdToken(_)
            | Self::Subject
            | Self::Audience
            | Self::AuthorizedParty
            | Self::AuthTime => RefreshVerdict::Rejected,
        }
    }
}
