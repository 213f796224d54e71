//! The error codes of an authorization response.

use std::fmt;

use crate::Fault;

macro_rules! error_codes {
    ($($(#[$documentation:meta])* $variant:ident = $name:literal, $fault:ident;)*) => {
        /// Why the provider refuses (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6 and the extensions registered
        /// with IANA). A code that is not known here is [`AuthorizationErrorCode::Unknown`]: its text is not kept.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum AuthorizationErrorCode {
            $($(#[$documentation])* $variant,)*
            /// A code that we do not know.
            Unknown,
        }

        impl AuthorizationErrorCode {
            pub(crate) fn from_parameter(error: &str) -> Self {
                match error {
                    $($name => Self::$variant,)*
                    _ => Self::Unknown,
                }
            }

            /// The code as the specifications write it; `unknown_error` for an unknown one.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Unknown => "unknown_error",
                }
            }

            /// The party at fault.
            #[must_use]
            pub fn fault(self) -> Fault {
                match self {
                    $(Self::$variant => Fault::$fault,)*
                    Self::Unknown => Fault::Provider,
                }
            }
        }
    };
}

error_codes! {
    /// The person, or a rule of the provider, said no.
    AccessDenied = "access_denied", Person;
    /// `prompt=none`, and the person is not signed in at the provider.
    LoginRequired = "login_required", Person;
    /// `prompt=none`, and the provider needs to ask something.
    InteractionRequired = "interaction_required", Person;
    /// `prompt=none`, and consent is missing.
    ConsentRequired = "consent_required", Person;
    /// `prompt=none`, and there are several accounts.
    AccountSelectionRequired = "account_selection_required", Person;
    /// The authentication that was asked for is not possible for this person.
    UnmetAuthenticationRequirements = "unmet_authentication_requirements", Person;
    /// The provider is overloaded or being maintained.
    TemporarilyUnavailable = "temporarily_unavailable", Unavailable;
    /// The provider failed.
    ServerError = "server_error", Provider;
    /// The provider does not understand the request.
    InvalidRequest = "invalid_request", Settings;
    /// The client may not use the code flow.
    UnauthorizedClient = "unauthorized_client", Settings;
    /// The provider does not do the code flow.
    UnsupportedResponseType = "unsupported_response_type", Settings;
    /// A scope is unknown to the provider or not for this client.
    InvalidScope = "invalid_scope", Settings;
    /// The provider does not serve the `resource` (RFC 8707 §2).
    InvalidTarget = "invalid_target", Settings;
    /// A request object's address is wrong.
    InvalidRequestUri = "invalid_request_uri", Settings;
    /// A request object is wrong.
    InvalidRequestObject = "invalid_request_object", Settings;
    /// Request objects are not supported.
    RequestNotSupported = "request_not_supported", Settings;
    /// Request objects by reference are not supported.
    RequestUriNotSupported = "request_uri_not_supported", Settings;
    /// Registration within the request is not supported.
    RegistrationNotSupported = "registration_not_supported", Settings;
}

impl fmt::Display for AuthorizationErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
