//! The parameters that the browser brings to the redirect URI.

use std::fmt;

use url::form_urlencoded;

use super::{AuthorizationErrorCode, AuthorizationResponse};
use crate::Fault;

/// A code of 4 KB works; some providers put a whole encrypted session into it.
const CODE_LIMIT: usize = 8 * 1024;

/// The length limit of `state`, in bytes: our own sealed login is shorter.
const STATE_LIMIT: usize = 4 * 1024;

/// An issuer's address.
const ISS_LIMIT: usize = 2 * 1024;

/// Parameters of an authorization response, read strictly.
#[derive(Clone)]
pub struct CallbackParams {
    /// The request's `state`, not yet compared with anything.
    pub state: String,
    /// The answer.
    pub response: AuthorizationResponse,
}

impl CallbackParams {
    /// Reads a raw query (without `?`), or the body of a form post. Unknown parameters are ignored, for instance
    /// `session_state`.
    ///
    /// # Errors
    /// If a protocol parameter is missing, doubled, contradictory, too long or outside the characters that RFC 6749
    /// appendix A allows, and if a token came along, which the code flow never returns this way (RFC 9700 §2.1.2).
    pub fn parse(query: &str) -> Result<Self, CallbackParamsError> {
        let received = Received::read(query)?;
        let state = received
            .state
            .filter(|state| !state.is_empty())
            .ok_or(CallbackParamsError::State)?;
        let iss = received.iss;
        let response = match (received.code, received.error) {
            (Some(code), None) if !code.is_empty() => AuthorizationResponse::Code { code: code.into(), iss },
            (None, Some(error)) if !error.is_empty() => AuthorizationResponse::Error {
                error: AuthorizationErrorCode::from_parameter(&error),
                iss,
            },
            (Some(_), Some(_)) => return Err(CallbackParamsError::CodeAndError),
            _ => return Err(CallbackParamsError::NoAnswer),
        };
        Ok(Self { state, response })
    }
}

impl fmt::Debug for CallbackParams {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CallbackParams")
            .field("response", &self.response)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Received {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl Received {
    fn read(query: &str) -> Result<Self, CallbackParamsError> {
        let mut received = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (parameter, limit) = match &*name {
                "code" => (&mut received.code, CODE_LIMIT),
                "state" => (&mut received.state, STATE_LIMIT),
                "iss" => (&mut received.iss, ISS_LIMIT),
                // Of any length: every unknown code becomes `unknown_error`.
                "error" => (&mut received.error, usize::MAX),
                "access_token" | "id_token" | "refresh_token" | "response" => {
                    return Err(CallbackParamsError::Token);
                }
                _ => continue,
            };
            if value.len() > limit {
                return Err(CallbackParamsError::TooLong);
            }
            if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                return Err(CallbackParamsError::Character);
            }
            if parameter.replace(value.into_owned()).is_some() {
                return Err(CallbackParamsError::Duplicate);
            }
        }
        Ok(received)
    }
}

/// Why the parameters are not an authorization response.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CallbackParamsError {
    /// `state` is missing or empty.
    #[error("the authorization response has no state")]
    State,
    /// A protocol parameter stands twice.
    #[error("the authorization response has a parameter twice")]
    Duplicate,
    /// Both a code and an error.
    #[error("the authorization response has both a code and an error")]
    CodeAndError,
    /// Neither a code nor an error.
    #[error("the authorization response has neither a code nor an error")]
    NoAnswer,
    /// A code over 8 KiB, a state over 4 KiB or an issuer over 2 KiB.
    #[error("the authorization response has a parameter that is too long")]
    TooLong,
    /// A character outside printable ASCII.
    #[error("the authorization response has a parameter with an illegal character")]
    Character,
    /// A token, or a whole response packed into one.
    #[error("the authorization response has a token in it")]
    Token,
}

impl CallbackParamsError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::State => "callback_state_missing",
            Self::Duplicate => "callback_duplicate_parameter",
            Self::CodeAndError => "callback_code_and_error",
            Self::NoAnswer => "callback_no_answer",
            Self::TooLong => "callback_parameter_too_long",
            Self::Character => "callback_parameter_character",
            Self::Token => "callback_token",
        }
    }

    /// The party at fault: anybody can write such an address, and the browser brought it.
    #[must_use]
    pub fn fault(self) -> Fault {
        Fault::Person
    }
}

#[cfg(test)]
mod tests;
