//! The authorization response (RFC 6749 §4.1.2, OpenID Connect Core 1.0 §3.1.2.5, RFC 9207).
//!
//! [`CallbackParams::parse`] reads the parameters that the browser brought to the redirect URI; with its `state` the
//! caller finds the pending login; [`accept`] compares the response with it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::{AuthenticationWanted, DiscoveryError, DpopKey, Fault, RelyingParty};

pub use callback_params::{CallbackParams, CallbackParamsError};
pub use error_code::AuthorizationErrorCode;

mod callback_params;
mod error_code;

/// The provider's response.
#[derive(Clone)]
pub enum AuthorizationResponse {
    /// The person signed in.
    Code {
        /// Good for one token request.
        code: SecretString,
        /// The issuer that says so (RFC 9207).
        iss: Option<String>,
    },
    /// The provider refuses. Its `error_description` and `error_uri` are not kept: anybody who can make a browser open an
    /// address can write them, so they belong neither on a page nor in a log.
    Error {
        /// The reason.
        error: AuthorizationErrorCode,
        /// The issuer that says so (RFC 9207).
        iss: Option<String>,
    },
}

impl AuthorizationResponse {
    /// Whether the provider refuses.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error { .. })
    }

    fn iss(&self) -> Option<&str> {
        match self {
            Self::Code { iss, .. } | Self::Error { iss, .. } => iss.as_deref(),
        }
    }
}

impl fmt::Debug for AuthorizationResponse {
    /// Leaves out `iss`, which is a stranger's text until it is compared.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code { .. } => formatter.debug_struct("Code").finish_non_exhaustive(),
            Self::Error { error, .. } => formatter
                .debug_struct("Error")
                .field("error", error)
                .finish_non_exhaustive(),
        }
    }
}

/// The pending login's expectations of its response.
#[derive(Debug)]
pub struct PendingAuthorization {
    /// The issuer that the browser was sent to.
    pub issuer: String,
    /// The request's nonce.
    pub nonce: SecretString,
    /// The verifier of the request's code challenge.
    pub code_verifier: SecretString,
    /// The demands of the request on the authentication.
    pub wanted: AuthenticationWanted,
    /// The key that the request named.
    pub dpop_key: Option<DpopKey>,
}

/// A code that was accepted: issued by our provider, for a login that this browser began.
/// [`RelyingParty::accept`] alone makes one, and redeeming consumes it, so a code is sent at
/// most once.
#[derive(Debug)]
pub struct AuthorizationGrant {
    pub(super) code: SecretString,
    pub(super) nonce: SecretString,
    pub(super) code_verifier: SecretString,
    pub(super) wanted: AuthenticationWanted,
    pub(super) dpop_key: Option<DpopKey>,
}
impl RelyingParty {
    /// Holds a response against the login that its `state` belongs to. `state` itself is the caller's to check first,
    /// together with the value that binds the login to the browser.
    ///
    /// # Errors
    /// If the response is another issuer's, or the provider refuses.
    pub async fn accept(
        &self,
        pending: PendingAuthorization,
        response: AuthorizationResponse,
    ) -> Result<AuthorizationGrant, AuthorizationResponseError> {
        let iss_required = async { Ok(self.provider().await?.authorization_response_iss_parameter_supported) };
        accept(self.issuer(), pending, response, iss_required).await
    }
}

/// Checks `iss` before anything else is believed, on errors as on success: a response of another provider says nothing
/// about this login (RFC 9207 §2.4). `iss_required` is asked only if the response has none.
async fn accept<R>(
    issuer: &str,
    pending: PendingAuthorization,
    response: AuthorizationResponse,
    iss_required: R,
) -> Result<AuthorizationGrant, AuthorizationResponseError>
where
    R: Future<Output = Result<bool, DiscoveryError>>,
{
    // The configuration may have changed since the login began.
    if pending.issuer != issuer {
        return Err(AuthorizationResponseError::Issuer);
    }
    match response.iss() {
        Some(iss) if iss == issuer => {}
        Some(_) => return Err(AuthorizationResponseError::Issuer),
        None if iss_required.await? => return Err(AuthorizationResponseError::IssuerMissing),
        None => {}
    }
    match response {
        AuthorizationResponse::Code { code, .. } => Ok(AuthorizationGrant {
            code,
            nonce: pending.nonce,
            code_verifier: pending.code_verifier,
            wanted: pending.wanted,
            dpop_key: pending.dpop_key,
        }),
        AuthorizationResponse::Error { error, .. } => Err(AuthorizationResponseError::Refused(error)),
    }
}

/// Why a response is not accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuthorizationResponseError {
    /// The response, or the login that it belongs to, is another issuer's.
    #[error("the authorization response comes from another issuer")]
    Issuer,
    /// The provider announces that every response carries `iss`, and this one does not.
    #[error("the authorization response lacks the iss that the provider announces")]
    IssuerMissing,
    /// The provider refused.
    #[error("the provider refused the authorization request: {0}")]
    Refused(AuthorizationErrorCode),
    /// Whether `iss` is needed cannot be told without the provider's metadata.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
}

impl AuthorizationResponseError {
    /// A stable name for logs and tests; for a refusal the provider's own code, or `unknown_error`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Issuer => "authorization_response_issuer",
            Self::IssuerMissing => "authorization_response_issuer_missing",
            Self::Refused(error) => error.name(),
            Self::Discovery(error) => error.code(),
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            // Anybody can write such an address; the browser brought it.
            Self::Issuer | Self::IssuerMissing => Fault::Person,
            Self::Refused(error) => error.fault(),
            Self::Discovery(error) => error.fault(),
        }
    }
}

impl AuthorizationGrant {
    /// The code, for the one request that sends it.
    pub(super) fn code(&self) -> &str {
        self.code.expose_secret()
    }
}

#[cfg(test)]
mod tests;
