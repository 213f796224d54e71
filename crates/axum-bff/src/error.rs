//! The only place that maps an error to a status, logs it, and hides its cause.
//!
//! A handler returns [`Error`]. On the way out `answer` logs it once, with its cause and the
//! correlation id, and answers with a page or `application/problem+json` that say a stable code,
//! that id, and nothing else.

mod answer;
mod cause;
mod function_error;
mod onward;
mod page;
mod problem_code;
mod sign_in;

pub(crate) use answer::{SaysItself, answer, say_when_to_retry, see_other};
pub(crate) use cause::chain;
pub(crate) use onward::{escaped, onward};
pub(crate) use page::ProblemPage;

use crate::event_streams::EventStreamsError;
use crate::hooks::HookError;
use crate::login_transaction::LoginTransactionError;
use crate::rate::TooOften;
use crate::relay::RelayError;
use axum::http::StatusCode;
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

/// Everything that a request can fail with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The callback's parameters are no authorization response.
    #[error(transparent)]
    Callback(#[from] CallbackParamsError),
    /// The callback belongs to no login of this browser.
    #[error(transparent)]
    LoginTransaction(#[from] LoginTransactionError),
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
    /// A call was not relayed to an API, or its answer not to the browser.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// There is no room for one more stream of session events.
    #[error(transparent)]
    EventStreams(#[from] EventStreamsError),
    /// Strangers ask for something more often than they may.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// A request that changes something came from another origin.
    #[error("a request that changes something came from another site, or did not say from where")]
    CrossSite,
    /// A login was started from something other than a page's address.
    #[error("a login starts only with the navigation of a whole page")]
    NotANavigation,
    /// One login after the other lands, and the browser comes back without the session's cookie.
    #[error("logins go round in a circle; the browser does not keep the session's cookie")]
    LoginLoop,
    /// A browser prepares a page that nobody has asked for.
    #[error("a page is not prepared in advance")]
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
    #[error("the person is not one of those whom the rule of the path lets in")]
    NotEntitled,
    /// The signed-in person has to authenticate again: like this.
    #[error("the person has not authenticated as the path wants: {0:?}")]
    StepUpRequired(StepUp),
    /// A step-up of one person brought back another. The session of the first goes on as it is, and there is none of the
    /// second: the person who came back is not the page's person, and nothing may be done in either's name. The tokens of
    /// the second are revoked (RFC 7009).
    #[error("somebody else than the signed-in person authenticated for a step-up")]
    AnotherPerson,
    /// The person's claims are not as a handler wants them.
    #[error("the claims of the person are not as the handler wants them: {0}")]
    Claims(serde_json::Error),
    /// The application's data in the session is not as a handler wants it.
    #[error("the application's data in the session is of another type: {0}")]
    Data(serde_json::Error),
    /// The application's hook has not let the person in.
    #[error(transparent)]
    SignIn(#[from] HookError),
    /// A handler asked for the session of a request outside of [`Bff::layer`](crate::Bff::layer).
    #[error("a handler asks for a session, and `Bff::layer` is not around its route")]
    OutsideTheLayer,
    /// There is no such page.
    #[error("there is no such page")]
    NotFound,
    /// The body is larger than any form of ours.
    #[error("the body is too large")]
    TooLarge,
    /// A library's answer with this status, to be said in our form.
    #[error("answered {0} by a layer")]
    Layer(StatusCode),
    /// A handler panicked.
    #[error("a handler panicked")]
    Panic,
}

impl Error {
    /// The stable code of the log: that of the failed check, where a problem's code says less.
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
            Self::SignIn(error) => error.code(),
            _ => self.problem_code().as_str(),
        }
    }

    /// The status that the browser gets.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Callback(_)
            | Self::LoginTransaction(_)
            | Self::Establish(_)
            | Self::LoginLoop
            | Self::AnotherPerson
            // Anybody can write an error into the callback's address, so it says nothing of us or of the provider that an
            // operator has to look into. Nor does the refusal of a code that somebody may have made up.
            | Self::AuthorizationResponse(AuthorizationResponseError::Refused(_))
            | Self::Redeem(RedeemError::TokenRequest(TokenRequestError::Refused { .. })) => StatusCode::BAD_REQUEST,
            Self::AuthorizationResponse(error) => of_fault(error.fault()),
            Self::Redeem(error) => of_fault(error.fault()),
            // Whatever the reason, nobody can sign in now, and who has a session goes on (invariant 6).
            Self::AuthorizationRequest(_)
            | Self::Discovery(_)
            | Self::SessionUnreadable
            | Self::Store(StoreError::Away(_))
            | Self::SignIn(HookError::Timeout)
            | Self::EventStreams(EventStreamsError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::EventStreams(EventStreamsError::TooMany) | Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Relay(error) => error.status(),
            Self::CrossSite
            | Self::NotANavigation
            | Self::Prefetch
            | Self::RoleMissing(_)
            | Self::ClaimMissing(_)
            | Self::Claims(_)
            | Self::SignIn(HookError::Refused(_))
            | Self::NotEntitled => StatusCode::FORBIDDEN,
            Self::SignInRequired | Self::SessionEnded(_) | Self::StepUpRequired(_) => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Layer(status) => *status,
            Self::Store(StoreError::PlaceTaken | StoreError::Contended)
            | Self::SignIn(HookError::Failed(_) | HookError::Data(_) | HookError::Panicked)
            | Self::Data(_)
            | Self::Panic
            | Self::OutsideTheLayer => StatusCode::INTERNAL_SERVER_ERROR,
        }
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

/// Whose fault it is decides the class: the person's 400, the provider's 502 or 503, ours 500.
fn of_fault(fault: Fault) -> StatusCode {
    match fault {
        Fault::Person => StatusCode::BAD_REQUEST,
        Fault::Provider => StatusCode::BAD_GATEWAY,
        Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Settings => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for Problem {
    /// What a page may know of the error, for a server function that returns a problem. Nobody sees the error after that, so
    /// its cause is logged here.
    fn from(error: Error) -> Self {
        answer::log(&error);
        error.problem(String::new())
    }
}

impl IntoResponse for Error {
    /// The bare status, with the error attached for `answer`.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
