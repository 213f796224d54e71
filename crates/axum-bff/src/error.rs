//! The failures of a request: the status, the code for the browser, and the line in the log.
//!
//! A handler returns [`Error`]. On the way out a layer logs the error once, with its cause and the correlation id, and
//! answers with a page or `application/problem+json` that say a stable code, that id, and nothing else.
//!
//! Nothing here knows the parts of this library. A part whose error is one of its own implements [`Failure`] for it.

mod failure;
mod mismatch;
mod problem_code;

pub use failure::{Failed, Failure};
pub use mismatch::Mismatch;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bff_contract::access::StepUp;
use bff_contract::problem::Problem;
use bff_contract::session::EndReason;
use bff_session::EstablishError;
use bff_session::store::StoreError;
use oidc_relying_party::{
    AuthorizationRequestError, AuthorizationResponseError, CallbackParamsError, DiscoveryError, Fault, RedeemError,
    TokenRequestError,
};
use std::sync::Arc;

/// An application's own error: it did not start, or its hook has no answer.
pub type ApplicationError = Box<dyn std::error::Error + Send + Sync>;

/// Everything that a request can fail with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The callback's parameters are no authorization response.
    #[error(transparent)]
    Callback(#[from] CallbackParamsError),
    /// There is no address at the provider to send the browser to.
    #[error(transparent)]
    AuthorizationRequest(#[from] AuthorizationRequestError),
    /// The provider refused, or somebody else answered.
    #[error(transparent)]
    AuthorizationResponse(#[from] AuthorizationResponseError),
    /// The code was not redeemed.
    #[error(transparent)]
    Redeem(#[from] RedeemError),
    /// The provider cannot be asked.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The session store cannot be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The provider signed the person out while the login was under way.
    #[error(transparent)]
    Establish(EstablishError),
    /// The session has ended, for this reason.
    #[error("the session has ended: {}", .0.word())]
    SessionEnded(EndReason),
    /// The session was asked for while its store did not answer; that was logged when it happened.
    #[error("the session could not be read")]
    SessionUnreadable,
    /// A part of this library failed, with an error of its own: such as [`RelayError`](crate::relay::RelayError) of a call to
    /// an API, or [`HookError`](crate::HookError) of a sign-in. [`Error::failure`] gives it.
    #[error(transparent)]
    Failed(Failed),
    /// A request that changes something came from another origin.
    #[error("a request that changes state came from another site, or does not say where it comes from")]
    CrossSite,
    /// A login was started from something other than a page's address.
    #[error("a login starts only with the navigation of a whole page")]
    NotANavigation,
    /// One login after the other lands, and the browser comes back without the session's cookie.
    #[error("login follows login: the browser does not keep the session cookie")]
    LoginLoop,
    /// A browser prepares a page that nobody has asked for.
    #[error("pages are not prepared in advance (Sec-Purpose)")]
    Prefetch,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignInRequired,
    /// The signed-in person lacks a role.
    #[error("the role {0} is missing")]
    RoleMissing(&'static str),
    /// The signed-in person's claim is missing, or has another value.
    #[error("the claim {0} is missing or has another value")]
    ClaimMissing(&'static str),
    /// The signed-in person satisfies no alternative of the path's rule, or one that the rule excludes.
    #[error("the rule of the path does not allow this person")]
    NotEntitled,
    /// The signed-in person has to authenticate again: like this.
    #[error("the person has not authenticated as the rule demands: {0:?}")]
    StepUpRequired(StepUp),
    /// A step-up of one person brought back another. The session of the first goes on as it is, and there is none of the
    /// second: the person who came back is not the page's person, and nothing may be done in either's name. The tokens of
    /// the second are revoked (RFC 7009).
    #[error("a person other than the signed-in one authenticated for a step-up")]
    AnotherPerson,
    /// The person's claims are not as a handler wants them.
    #[error("the claims of the person do not fit the type that the handler asks for: {0}")]
    Claims(Mismatch),
    /// The application's data in the session is not as a handler wants it.
    #[error("the application's data in the session is of another type: {0}")]
    Data(Mismatch),
    /// A handler asked for the session of a request outside of [`Bff::layer`](crate::Bff::layer).
    #[error("a handler asks for a session, and `Bff::layer` is not around its route")]
    OutsideTheLayer,
    /// There is no such page.
    #[error("there is no such page")]
    NotFound,
    /// The body is larger than the usual bound of a route.
    #[error("the body has more than 64 KiB; Builder::body_limit sets another bound for a route")]
    TooLarge,
    /// The handler did not answer in time.
    #[error("no answer began in time; BFF_ANSWER_TIMEOUT is the bound, and Builder::answer_timeout that of one route")]
    Slow,
    /// A library's answer with this status, to be said in our form.
    #[error("a layer answered with {0}")]
    Layer(StatusCode),
    /// A handler panicked.
    #[error("a handler panicked")]
    Panic,
}

impl Error {
    /// The stable code of the log: that of the failed check, if a problem's code says less.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Callback(error) => error.code(),
            Self::AuthorizationRequest(error) => error.code(),
            Self::AuthorizationResponse(error) => error.code(),
            Self::Redeem(error) => error.code(),
            Self::Discovery(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Establish(error) => error.code(),
            Self::Failed(failed) => failed.code(),
            _ => self.problem_code().as_str(),
        }
    }

    /// The status that the browser gets.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Callback(_)
            | Self::Establish(_)
            | Self::LoginLoop
            | Self::AnotherPerson
            // Anybody can write an error into the callback's address, so it is no sign of a fault here or at the
            // provider. The refusal of a code is none either: somebody may have made the code up.
            | Self::AuthorizationResponse(AuthorizationResponseError::Refused(_))
            | Self::Redeem(RedeemError::TokenRequest(TokenRequestError::Refused { .. })) => StatusCode::BAD_REQUEST,
            Self::AuthorizationResponse(error) => of_fault(error.fault()),
            Self::Redeem(error) => of_fault(error.fault()),
            // For each of these reasons nobody can sign in now, and people with a session go on (invariant 6).
            Self::AuthorizationRequest(_)
            | Self::Discovery(_)
            | Self::SessionUnreadable
            | Self::Slow
            | Self::Store(StoreError::Away(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(failed) => failed.status(),
            Self::CrossSite
            | Self::NotANavigation
            | Self::Prefetch
            | Self::RoleMissing(_)
            | Self::ClaimMissing(_)
            | Self::Claims(_)
            | Self::NotEntitled => StatusCode::FORBIDDEN,
            Self::SignInRequired | Self::SessionEnded(_) | Self::StepUpRequired(_) => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Layer(status) => *status,
            Self::Store(StoreError::PlaceTaken | StoreError::Contended)
            | Self::Data(_)
            | Self::Panic
            | Self::OutsideTheLayer => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The error of a part of this library, if it is one of this type.
    ///
    /// ```
    /// use axum_bff::error::Error;
    /// use axum_bff::relay::RelayError;
    ///
    /// fn is_busy(error: &Error) -> bool {
    ///     matches!(error.failure(), Some(RelayError::Busy(_)))
    /// }
    /// ```
    #[must_use]
    pub fn failure<F: Failure>(&self) -> Option<&F> {
        match self {
            Self::Failed(failed) => failed.downcast_ref(),
            _ => None,
        }
    }
}

impl<F: Failure> From<F> for Error {
    fn from(failure: F) -> Self {
        Self::Failed(Failed::new(failure))
    }
}

impl From<EstablishError> for Error {
    fn from(error: EstablishError) -> Self {
        match error {
            EstablishError::Store(error) => Self::Store(error),
            ended @ EstablishError::EndedMeanwhile => Self::Establish(ended),
        }
    }
}

/// The party at fault decides the class: 400 for the person, 502 or 503 for the provider, 500 for this server.
fn of_fault(fault: Fault) -> StatusCode {
    match fault {
        Fault::Person => StatusCode::BAD_REQUEST,
        Fault::Provider => StatusCode::BAD_GATEWAY,
        Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Settings => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for Problem {
    /// The part of the error that a page may know, for a server function that returns a problem. Nobody sees the error
    /// after that, so its cause is logged here.
    fn from(error: Error) -> Self {
        log(&error);
        error.problem(String::new())
    }
}

impl IntoResponse for Error {
    /// The bare status, with the error attached for the layer that answers.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::Failed(failed) = &self
            && let Some(allow) = failed.allow()
        {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Writes an error into the log: its code, its status and its causes.
pub(crate) fn log(error: &Error) {
    let (code, status) = (error.code(), error.status().as_u16());
    // Within the macros: if a line is not wanted, its causes are not put together.
    match status {
        500.. => tracing::error!(code, status, cause = chain(error), "request failed"),
        401 | 404 => tracing::debug!(code, status, cause = chain(error), "request refused"),
        _ => tracing::warn!(code, status, cause = chain(error), "request refused"),
    }
}

/// The messages of an error and of all its sources, outermost first.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let message = cause.to_string();
        // A transparent variant repeats the message of its source.
        if !text.ends_with(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        source = cause.source();
    }
    text
}
