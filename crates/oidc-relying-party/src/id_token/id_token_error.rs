//! The faults of an ID Token.

use super::RefusedAlgorithm;
use crate::{Fault, KeysError, jws::JwsError, keys::VerificationError};

/// Why an ID Token is not believed. No variant holds a part of the token.
#[derive(Clone, Debug, thiserror::Error)]
pub enum IdTokenError {
    /// Not a JWS that we read.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// The keys to verify it with could not be read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The header announces another kind of token, for instance an access token or a logout token.
    #[error("the token is not an ID Token by its typ")]
    Kind,
    /// The algorithm is not one of those allowed; `none` and HMAC never are.
    #[error("the token is signed with {0}")]
    Algorithm(RefusedAlgorithm),
    /// The provider publishes no key of that name.
    #[error("the provider publishes no key with the kid of the ID Token")]
    UnknownKey,
    /// The provider publishes the key in a form that cannot be read.
    #[error("the provider publishes the key for the token in a form that cannot be read")]
    UnreadableKey,
    /// The signature is not by the key that the token names.
    #[error("the provider's key with the kid of the ID Token does not verify its signature")]
    Signature,
    /// The token names no key, and no key that the provider publishes verifies it.
    #[error("the ID Token has no kid, and none of the provider's keys verifies its signature")]
    NoKeyFits,
    /// `iss` is missing or another issuer.
    #[error("the ID Token's iss is not the configured issuer")]
    Issuer,
    /// `aud` is missing, malformed or lacks our client identifier.
    #[error("the ID Token's aud lacks our client identifier")]
    Audience,
    /// `aud` has an audience beside this client that is not trusted.
    #[error("the ID Token's aud has an audience that is not trusted")]
    UntrustedAudience,
    /// `azp` is another client.
    #[error("the ID Token's azp is not our client identifier")]
    AuthorizedParty,
    /// `exp` is missing, malformed or past.
    #[error("the ID Token has expired, or its exp is missing or malformed")]
    Expired,
    /// `iat` is missing or malformed, in the future, or too long ago.
    #[error("the ID Token's iat is missing, malformed, in the future or too long ago")]
    IssuedAt,
    /// `nbf` is malformed or in the future.
    #[error("the ID Token's nbf is malformed or in the future")]
    NotBefore,
    /// The times do not fit our clock, and they fit the clock that the provider's answers tell: by so many seconds it is
    /// ahead of ours, or behind where the number is negative.
    #[error("the ID Token's times fit the provider's clock and not ours; the provider's is {0} seconds ahead")]
    ClocksDiffer(i64),
    /// `nonce` is missing or another login's.
    #[error("the ID Token's nonce is missing or belongs to another login")]
    Nonce,
    /// `max_age` was asked for, and `auth_time` is missing, malformed or in the future.
    #[error("the ID Token's auth_time is missing, malformed or in the future, although max_age was asked for")]
    AuthTime,
    /// `acr` is missing, or none of the `acr_values` that were asked for.
    #[error("the ID Token's acr is none of the requested values")]
    Acr,
    /// `auth_time` is longer ago than the `max_age` that was asked for.
    #[error("the person authenticated longer ago than the requested max_age")]
    AuthenticationTooOld,
    /// `sub` is missing, empty, over 255 characters or not ASCII.
    #[error("the ID Token's sub is missing or malformed")]
    Subject,
    /// `sid` is not a non-empty string.
    #[error("the ID Token's sid is malformed")]
    SessionId,
    /// `at_hash` is not the access token's.
    #[error("the ID Token's at_hash does not match the access token")]
    AccessTokenHash,
    /// The claim `events` makes it a logout token (Back-Channel Logout 1.0 §2.4).
    #[error("the token has the claim events, so it is not an ID Token")]
    Events,
}

impl From<VerificationError> for IdTokenError {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::Keys(error) => Self::Keys(error),
            VerificationError::UnknownKey => Self::UnknownKey,
            VerificationError::UnreadableKey => Self::UnreadableKey,
            VerificationError::Signature => Self::Signature,
            VerificationError::NoKeyFits => Self::NoKeyFits,
        }
    }
}

impl IdTokenError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Jws(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Kind => "id_token_typ",
            Self::Algorithm(_) => "id_token_algorithm",
            Self::UnknownKey => "id_token_unknown_key",
            Self::UnreadableKey => "id_token_unreadable_key",
            Self::Signature | Self::NoKeyFits => "id_token_signature",
            Self::Issuer => "id_token_issuer",
            Self::Audience => "id_token_audience",
            Self::UntrustedAudience => "id_token_untrusted_audience",
            Self::AuthorizedParty => "id_token_authorized_party",
            Self::Expired => "id_token_expired",
            Self::IssuedAt => "id_token_issued_at",
            Self::NotBefore => "id_token_not_before",
            Self::ClocksDiffer(_) => "id_token_clocks_differ",
            Self::Nonce => "id_token_nonce",
            Self::AuthTime => "id_token_auth_time",
            Self::Acr => "id_token_acr",
            Self::AuthenticationTooOld => "id_token_authentication_too_old",
            Self::Subject => "id_token_subject",
            Self::SessionId => "id_token_session_id",
            Self::AccessTokenHash => "id_token_access_token_hash",
            Self::Events => "id_token_events",
        }
    }

    /// Whether nothing is known of the signature, neither good nor bad, because the key for it is not known.
    #[must_use]
    pub fn is_about_unknown_keys(&self) -> bool {
        matches!(
            self,
            Self::Keys(_) | Self::UnknownKey | Self::UnreadableKey | Self::NoKeyFits
        )
    }

    /// Whether another time than ours might make the token good.
    pub(crate) fn is_about_time(&self) -> bool {
        matches!(
            self,
            Self::Expired | Self::IssuedAt | Self::NotBefore | Self::AuthTime | Self::AuthenticationTooOld
        )
    }

    /// The party at fault. The token came from the provider directly, so it is the provider, except that its keys may
    /// be away.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Keys(error) => error.fault(),
            Self::ClocksDiffer(_) => Fault::Settings,
            _ => Fault::Provider,
        }
    }
}
