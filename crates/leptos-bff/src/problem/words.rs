//! The words for each code: the event, and the next step.

mod relay;
mod requests;
mod session;
mod sign_in;

use bff_contract::problem::Code;

/// The target of the page's main button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// To the sign-in.
    SignIn,
    /// To the sign-in and back here: somebody was signed in.
    SignInAgain,
    /// To the same page again.
    TryAgain,
    /// To the home page.
    Home,
}

/// The words of a problem page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemWords {
    /// The heading.
    pub title: &'static str,
    /// The event, and its consequences.
    pub happened: &'static str,
    /// The advice.
    pub advice: &'static str,
    /// The target of the main button.
    pub next: NextStep,
}

const fn say(title: &'static str, happened: &'static str, advice: &'static str, next: NextStep) -> ProblemWords {
    ProblemWords {
        title,
        happened,
        advice,
        next,
    }
}

/// The words for a code.
const fn of(code: Code) -> ProblemWords {
    match code {
        Code::AccessDenied => sign_in::ACCESS_DENIED,
        Code::AccountSelectionRequired | Code::ConsentRequired | Code::InteractionRequired | Code::LoginRequired => {
            sign_in::INTERACTION_REQUIRED
        }
        Code::AnotherPerson => sign_in::ANOTHER_PERSON,
        Code::ApiUnknown => relay::UNKNOWN,
        Code::AskedInAdvance => requests::ASKED_IN_ADVANCE,
        Code::AuthTimeMissing => sign_in::AUTH_TIME_MISSING,
        Code::AuthenticationOfAnotherKind => sign_in::AUTHENTICATION_OF_ANOTHER_KIND,
        Code::AuthenticationTooOld => sign_in::AUTHENTICATION_TOO_OLD,
        Code::BadRequest => requests::BAD_REQUEST,
        Code::BodyCut
        | Code::CsrfHeaderMissing
        | Code::HeadersTooLarge
        | Code::PathRefused
        | Code::QueryTooLong
        | Code::WebsocketHandshakeMalformed => relay::REFUSED,
        Code::BodySlow => relay::BODY_SLOW,
        Code::CallbackMalformed => sign_in::CALLBACK_MALFORMED,
        Code::ClaimMissing => requests::CLAIM_MISSING,
        Code::ClientMisconfigured => sign_in::CLIENT_MISCONFIGURED,
        Code::ClocksDiffer => sign_in::CLOCKS_DIFFER,
        Code::CrossSite => requests::CROSS_SITE,
        Code::CheckUnavailable | Code::EventStreamsBusy => requests::UNAVAILABLE,
        Code::Forbidden => requests::FORBIDDEN,
        Code::IdTokenInvalid => sign_in::ID_TOKEN_INVALID,
        Code::Internal => requests::INTERNAL,
        Code::IssuerMismatch => sign_in::ISSUER_MISMATCH,
        Code::LoginExpired => sign_in::LOGIN_EXPIRED,
        Code::LoginLoop => sign_in::LOGIN_LOOP,
        Code::LoginOvertakenByLogout => sign_in::LOGIN_OVERTAKEN,
        Code::LoginSpent => sign_in::LOGIN_SPENT,
        Code::LoginUnknown => sign_in::LOGIN_UNKNOWN,
        Code::MethodNotAllowed => requests::METHOD_NOT_ALLOWED,
        Code::NotANavigation => sign_in::NOT_A_NAVIGATION,
        Code::NotFound => requests::NOT_FOUND,
        Code::Offline => requests::OFFLINE,
        Code::ProviderError => sign_in::PROVIDER_ERROR,
        Code::ProviderUnavailable => sign_in::PROVIDER_UNAVAILABLE,
        Code::SessionEndedAdministrator => session::ENDED_ADMINISTRATOR,
        Code::SessionEndedApplication => session::ENDED_APPLICATION,
        Code::SessionEndedElsewhere => session::ENDED_ELSEWHERE,
        Code::SessionEndedIdle => session::ENDED_IDLE,
        Code::SessionEndedLimit => session::ENDED_LIMIT,
        Code::SessionEndedProvider => session::ENDED_PROVIDER,
        Code::SessionEndedRefreshInterrupted => session::ENDED_REFRESH_INTERRUPTED,
        Code::SessionEndedRefreshRefused => session::ENDED_REFRESH_REFUSED,
        Code::SessionEndedSignedOut => session::ENDED_SIGNED_OUT,
        Code::SessionEndedTooMany => session::ENDED_TOO_MANY,
        Code::SessionStoreUnavailable => session::SESSION_STORE_UNAVAILABLE,
        Code::SignInFailed => sign_in::SIGN_IN_FAILED,
        Code::SignInHookFailed => sign_in::HOOK_FAILED,
        Code::SignInHookTimeout => sign_in::HOOK_TIMEOUT,
        Code::SignInRefused => sign_in::REFUSED,
        Code::SignInRequired => session::SIGN_IN_NEEDED,
        Code::StepUpRequired => session::STEP_UP_NEEDED,
        Code::TemporarilyUnavailable => sign_in::TEMPORARILY_UNAVAILABLE,
        Code::TokenExpired => relay::TOKEN_EXPIRED,
        Code::TokenRequestFailed => sign_in::TOKEN_REQUEST_FAILED,
        Code::TokenUnavailable => relay::TOKEN_UNAVAILABLE,
        Code::TooLarge => requests::TOO_LARGE,
        Code::TooManyAtOnce => relay::TOO_MANY_AT_ONCE,
        Code::TooOften => requests::TOO_MANY,
        Code::UnmetAuthenticationRequirements => sign_in::UNMET_AUTHENTICATION_REQUIREMENTS,
        Code::Unreachable => requests::UNREACHABLE,
        Code::UpstreamBusy => relay::BUSY,
        Code::UpstreamMalformed | Code::UpstreamRedirect => relay::UNREADABLE,
        Code::UpstreamStatus => relay::NOT_DONE,
        Code::UpstreamTimeout => relay::TIMEOUT,
        Code::UpstreamUnauthorized => relay::UNAUTHORIZED,
        Code::UpstreamUnreachable => relay::UNREACHABLE,
        Code::UpstreamUntrusted => relay::UNTRUSTED,
        Code::UserinfoInvalid => sign_in::USERINFO_INVALID,
    }
}

/// The words for a code, or for the class of its status if the code has none.
#[must_use]
pub fn words(code: &str, status: u16) -> ProblemWords {
    Code::of(code).map_or_else(|| words_for_status(status), of)
}

fn words_for_status(status: u16) -> ProblemWords {
    match status {
        0 => requests::UNREACHABLE,
        401 => session::SIGN_IN_NEEDED,
        403 => requests::REFUSED,
        404 | 410 => requests::NOT_FOUND,
        405 => requests::METHOD_NOT_ALLOWED,
        413 | 414 | 431 => requests::TOO_LARGE,
        429 => requests::TOO_MANY,
        400..=499 => requests::BAD_REQUEST,
        502..=504 => requests::UNAVAILABLE,
        _ => requests::INTERNAL,
    }
}

#[cfg(test)]
mod tests {
    use super::requests::{CLAIM_MISSING, FORBIDDEN, INTERNAL};
    use super::{Code, NextStep, ProblemWords, words};
    use crate::session::EndReason;

    fn complete(words: &ProblemWords) -> bool {
        [words.happened, words.advice].iter().all(|text| text.ends_with('.'))
            && !words.title.is_empty()
            && !words.title.ends_with('.')
    }

    #[test]
    fn every_code_has_complete_sentences() {
        for code in Code::ALL {
            assert!(complete(&words(code.as_str(), 599)), "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_spoken_of_by_its_status() {
        for status in [0, 400, 401, 403, 404, 405, 413, 414, 418, 429, 500, 502, 503, 504, 999] {
            assert!(complete(&words("no_such_code", status)), "{status}");
        }
        assert_eq!(words("no_such_code", 401).next, NextStep::SignIn);
        assert_eq!(words("no_such_code", 503).next, NextStep::TryAgain);
        assert_eq!(words("no_such_code", 500), INTERNAL);
    }

    #[test]
    fn a_code_that_nobody_chose_says_nothing_about_roles() {
        assert_ne!(words("no_such_code", 403), FORBIDDEN);
        assert_ne!(words("no_such_code", 403), CLAIM_MISSING);
    }

    #[test]
    fn every_end_of_a_session_has_its_own_words_and_leads_to_the_sign_in() {
        let said = EndReason::ALL.map(|reason| words(reason.problem_code().as_str(), 401));
        for (index, one) in said.iter().enumerate() {
            assert_eq!(one.next, NextStep::SignInAgain);
            assert!(said[index + 1..].iter().all(|other| other.title != one.title));
        }
    }

    #[test]
    fn a_problem_for_the_operator_does_not_ask_the_person_to_try_again() {
        assert_eq!(words("client_misconfigured", 500).next, NextStep::Home);
    }
}
