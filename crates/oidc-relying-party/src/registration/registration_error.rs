//! The faults of a registration.

use crate::Unmet;

/// A registration that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RegistrationError {
    /// The issuer is not an `https` URL (or `http` on loopback where that is switched on) without query and fragment.
    #[error("the issuer must be an https URL without query, fragment and user name")]
    Issuer,
    /// The client identifier is empty, or there is no credential, or not the one for the method that is set.
    #[error("a client identifier and a credential are needed, and the credential has to fit the method that is set")]
    Credentials,
    /// A redirect URI is not `https` (or `http` on loopback where that is switched on), or has a fragment.
    #[error("the redirect URIs must be https URLs without fragment and user name")]
    RedirectUri,
    /// A scope is empty or holds a character that RFC 6749 §3.3 does not allow.
    #[error("a scope is empty or holds an illegal character")]
    Scope,
    /// A further parameter of the authorization request has no name, or the name of one of ours.
    #[error("a further authorization request parameter has no name, or one that the protocol uses")]
    AuthorizationParameters,
    /// No ID Token algorithm is allowed, so no login could succeed.
    #[error("at least one ID Token algorithm is needed")]
    Algorithms,
    /// The leeway is over 10 minutes or the time-out is zero.
    #[error("the leeway must be at most 10 minutes and the time-out more than zero")]
    Durations,
    /// The profile demands something else.
    #[error("the profile demands {0}")]
    Profile(Unmet),
    /// The HTTP client could not be built: the system's certificate authorities cannot be read.
    #[error("the HTTP client could not be set up; are the system's certificate authorities installed?")]
    HttpClient(#[source] crate::http::HttpError),
    /// The system's certificate authorities cannot be read.
    #[error("the system's certificate authorities cannot be read")]
    Authorities(#[source] rustls::Error),
}

impl RegistrationError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Issuer => "registration_issuer",
            Self::Credentials => "registration_credentials",
            Self::RedirectUri => "registration_redirect_uri",
            Self::Scope => "registration_scope",
            Self::AuthorizationParameters => "registration_authorization_parameters",
            Self::Algorithms => "registration_algorithms",
            Self::Durations => "registration_durations",
            Self::Profile(_) => "registration_profile",
            Self::HttpClient(_) => "registration_http_client",
            Self::Authorities(_) => "registration_authorities",
        }
    }
}
