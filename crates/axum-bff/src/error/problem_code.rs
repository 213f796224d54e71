//! The codes that leave the server. The log has an exact code, which names the token and the check that failed. A page
//! has one of these codes, and its renderer has words for each.

use super::Error;
use axum::http::StatusCode;
use bff_contract::problem::{Code, Problem};
use bff_session::EstablishError;
use bff_session::store::StoreError;
use oidc_relying_party::{
    AuthorizationErrorCode, AuthorizationResponseError, DiscoveryError, Fault, IdTokenError, RedeemError,
};

impl Error {
    /// The code that a page or a problem document says.
    #[must_use]
    pub fn problem_code(&self) -> Code {
        match self {
            Self::Callback(_) => Code::CallbackMalformed,
            Self::AuthorizationRequest(error) if error.fault() == Fault::Settings => Code::ClientMisconfigured,
            Self::AuthorizationRequest(_) => Code::ProviderUnavailable,
            Self::Discovery(error) => discovery(error),
            Self::AuthorizationResponse(error) => authorization_response(error),
            Self::Redeem(error) => redeem(error),
            Self::Store(error) | Self::Establish(EstablishError::Store(error)) => store(error),
            Self::Establish(EstablishError::EndedMeanwhile) => Code::LoginOvertakenByLogout,
            Self::SessionEnded(reason) => reason.problem_code(),
            Self::Failed(failed) => failed.problem_code(),
            Self::SessionUnreadable => Code::SessionStoreUnavailable,
            Self::CrossSite => Code::CrossSite,
            Self::NotANavigation => Code::NotANavigation,
            Self::LoginLoop => Code::LoginLoop,
            Self::Prefetch => Code::AskedInAdvance,
            Self::SignInRequired | Self::Layer(StatusCode::UNAUTHORIZED) => Code::SignInRequired,
            Self::RoleMissing(_) | Self::NotEntitled | Self::Layer(StatusCode::FORBIDDEN) => Code::Forbidden,
            Self::ClaimMissing(_) | Self::Claims(_) => Code::ClaimMissing,
            Self::StepUpRequired(_) => Code::StepUpRequired,
            Self::AnotherPerson => Code::AnotherPerson,
            Self::TooLarge | Self::Layer(StatusCode::PAYLOAD_TOO_LARGE) => Code::TooLarge,
            Self::NotFound | Self::Layer(StatusCode::NOT_FOUND) => Code::NotFound,
            Self::Layer(StatusCode::METHOD_NOT_ALLOWED) => Code::MethodNotAllowed,
            Self::Layer(status) if status.is_client_error() => Code::BadRequest,
            Self::Layer(_) | Self::Slow | Self::Panic | Self::OutsideTheLayer | Self::Data(_) => Code::Internal,
        }
    }

    /// The problem for a page or a problem document. An application's refusal brings its own code and words.
    pub(crate) fn problem(&self, reference: String) -> Problem {
        let mut problem = Problem {
            status: self.status().as_u16(),
            code: self.problem_code().as_str().to_owned(),
            reference,
            trace_id: None,
            title: None,
            detail: None,
        };
        if let Self::Failed(failed) = self {
            failed.describe(&mut problem);
        }
        problem
    }

    /// The code that a page says, also if it is the application's own.
    pub(crate) fn public_code(&self) -> String {
        self.problem(String::new()).code
    }
}

fn store(error: &StoreError) -> Code {
    match error {
        StoreError::Away(_) => Code::SessionStoreUnavailable,
        StoreError::PlaceTaken | StoreError::Contended => Code::Internal,
    }
}

fn authorization_response(error: &AuthorizationResponseError) -> Code {
    match error {
        AuthorizationResponseError::Issuer | AuthorizationResponseError::IssuerMissing => Code::IssuerMismatch,
        AuthorizationResponseError::Discovery(error) => discovery(error),
        AuthorizationResponseError::Refused(refusal) => refused(*refusal),
    }
}

/// The refusals that a person can do something about have words of their own.
fn refused(refusal: AuthorizationErrorCode) -> Code {
    use AuthorizationErrorCode as Refusal;
    match refusal {
        Refusal::AccessDenied => Code::AccessDenied,
        Refusal::LoginRequired => Code::LoginRequired,
        Refusal::InteractionRequired => Code::InteractionRequired,
        Refusal::ConsentRequired => Code::ConsentRequired,
        Refusal::AccountSelectionRequired => Code::AccountSelectionRequired,
        Refusal::UnmetAuthenticationRequirements => Code::UnmetAuthenticationRequirements,
        other => match other.fault() {
            Fault::Unavailable => Code::TemporarilyUnavailable,
            Fault::Settings => Code::ClientMisconfigured,
            Fault::Person | Fault::Provider => Code::ProviderError,
        },
    }
}

/// Waiting helps against an outage, and not against a set-up that does not fit.
fn discovery(error: &DiscoveryError) -> Code {
    match error.fault() {
        Fault::Settings => Code::ClientMisconfigured,
        Fault::Person | Fault::Provider | Fault::Unavailable => Code::ProviderUnavailable,
    }
}

fn redeem(error: &RedeemError) -> Code {
    match (error.fault(), error) {
        (Fault::Unavailable, _) => Code::ProviderUnavailable,
        (_, RedeemError::IdToken(IdTokenError::ClocksDiffer(_))) => Code::ClocksDiffer,
        (Fault::Settings, _) => Code::ClientMisconfigured,
        (_, RedeemError::Discovery(error)) => discovery(error),
        (_, RedeemError::TokenRequest(_)) => Code::TokenRequestFailed,
        (_, RedeemError::IdToken(IdTokenError::AuthTime)) => Code::AuthTimeMissing,
        (_, RedeemError::IdToken(IdTokenError::Acr)) => Code::AuthenticationOfAnotherKind,
        (_, RedeemError::IdToken(IdTokenError::AuthenticationTooOld)) => Code::AuthenticationTooOld,
        (_, RedeemError::IdToken(_)) => Code::IdTokenInvalid,
        (_, RedeemError::Userinfo(_)) => Code::UserinfoInvalid,
    }
}
