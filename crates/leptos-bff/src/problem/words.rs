//! The words for each code: what happened, and what a person can do.

mod relay;
mod requests;
mod session;
mod sign_in;

/// Where the page's main button leads.
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

/// What a problem page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// The heading.
    pub title: &'static str,
    /// What happened, and what did not.
    pub happened: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// Where the main button leads.
    pub next: NextStep,
}

const fn say(title: &'static str, happened: &'static str, advice: &'static str, next: NextStep) -> Words {
    Words {
        title,
        happened,
        advice,
        next,
    }
}

/// Every code that has words of its own. The codes of OpenID Connect Core §3.1.2.6, RFC 6749 §4.1.2.1 and OpenID Connect Core
/// Error Code `unmet_authentication_requirements` 1.0 stand under the names the specifications give them.
pub const CODES: &[(&str, Words)] = &[
    ("access_denied", sign_in::ACCESS_DENIED),
    ("account_selection_required", sign_in::INTERACTION_REQUIRED),
    ("another_person", sign_in::ANOTHER_PERSON),
    ("api_unknown", relay::UNKNOWN),
    ("asked_in_advance", requests::ASKED_IN_ADVANCE),
    ("auth_time_missing", sign_in::AUTH_TIME_MISSING),
    (
        "authentication_of_another_kind",
        sign_in::AUTHENTICATION_OF_ANOTHER_KIND,
    ),
    ("authentication_too_old", sign_in::AUTHENTICATION_TOO_OLD),
    ("bad_request", requests::BAD_REQUEST),
    ("body_cut", relay::REFUSED),
    ("body_slow", relay::BODY_SLOW),
    ("callback_malformed", sign_in::CALLBACK_MALFORMED),
    ("claim_missing", requests::CLAIM_MISSING),
    ("client_misconfigured", sign_in::CLIENT_MISCONFIGURED),
    ("clocks_differ", sign_in::CLOCKS_DIFFER),
    ("consent_required", sign_in::INTERACTION_REQUIRED),
    ("cross_site", requests::CROSS_SITE),
    ("csrf_header_missing", relay::REFUSED),
    ("event_streams_busy", requests::UNAVAILABLE),
    ("forbidden", requests::FORBIDDEN),
    ("headers_too_large", relay::REFUSED),
    ("id_token_invalid", sign_in::ID_TOKEN_INVALID),
    ("interaction_required", sign_in::INTERACTION_REQUIRED),
    ("internal", requests::INTERNAL),
    ("issuer_mismatch", sign_in::ISSUER_MISMATCH),
    ("login_expired", sign_in::LOGIN_EXPIRED),
    ("login_loop", sign_in::LOGIN_LOOP),
    ("login_overtaken_by_logout", sign_in::LOGIN_OVERTAKEN),
    ("login_required", sign_in::INTERACTION_REQUIRED),
    ("login_spent", sign_in::LOGIN_SPENT),
    ("login_unknown", sign_in::LOGIN_UNKNOWN),
    ("method_not_allowed", requests::METHOD_NOT_ALLOWED),
    ("not_a_navigation", sign_in::NOT_A_NAVIGATION),
    ("not_found", requests::NOT_FOUND),
    ("offline", requests::OFFLINE),
    ("path_refused", relay::REFUSED),
    ("provider_error", sign_in::PROVIDER_ERROR),
    ("provider_unavailable", sign_in::PROVIDER_UNAVAILABLE),
    ("query_too_long", relay::REFUSED),
    ("session_ended_elsewhere", session::ENDED_ELSEWHERE),
    ("session_ended_idle", session::ENDED_IDLE),
    ("session_ended_limit", session::ENDED_LIMIT),
    ("session_ended_provider", session::ENDED_PROVIDER),
    ("session_ended_refresh_interrupted", session::ENDED_REFRESH_INTERRUPTED),
    ("session_ended_refresh_refused", session::ENDED_REFRESH_REFUSED),
    ("session_ended_signed_out", session::ENDED_SIGNED_OUT),
    ("session_ended_too_many", session::ENDED_TOO_MANY),
    ("session_store_unavailable", session::SESSION_STORE_UNAVAILABLE),
    ("sign_in_failed", sign_in::SIGN_IN_FAILED),
    ("sign_in_required", session::SIGN_IN_NEEDED),
    ("step_up_required", session::STEP_UP_NEEDED),
    ("temporarily_unavailable", sign_in::TEMPORARILY_UNAVAILABLE),
    ("token_expired", relay::TOKEN_EXPIRED),
    ("token_request_failed", sign_in::TOKEN_REQUEST_FAILED),
    ("token_unavailable", relay::TOKEN_UNAVAILABLE),
    ("too_large", requests::TOO_LARGE),
    ("too_many_at_once", relay::TOO_MANY_AT_ONCE),
    ("too_often", requests::TOO_MANY),
    (
        "unmet_authentication_requirements",
        sign_in::UNMET_AUTHENTICATION_REQUIREMENTS,
    ),
    ("unreachable", requests::UNREACHABLE),
    ("upstream_busy", relay::BUSY),
    ("upstream_malformed", relay::UNREADABLE),
    ("upstream_redirect", relay::UNREADABLE),
    ("upstream_timeout", relay::TIMEOUT),
    ("upstream_unauthorized", relay::UNAUTHORIZED),
    ("upstream_unreachable", relay::UNREACHABLE),
    ("upstream_untrusted", relay::UNTRUSTED),
    ("userinfo_invalid", sign_in::USERINFO_INVALID),
    ("websocket_handshake_malformed", relay::REFUSED),
];

/// The words for a code, or for the class of its status where the code has none.
#[must_use]
pub fn words(code: &str, status: u16) -> Words {
    let listed = CODES.iter().find(|(listed, _)| *listed == code);
    listed.map_or_else(|| words_for_status(status), |(_, words)| *words)
}

fn words_for_status(status: u16) -> Words {
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
    use super::{CODES, NextStep, Words, words};
    use crate::session::EndReason;

    fn complete(words: &Words) -> bool {
        [words.happened, words.advice].iter().all(|text| text.ends_with('.'))
            && !words.title.is_empty()
            && !words.title.ends_with('.')
    }

    #[test]
    fn every_code_is_listed_once_and_has_complete_sentences() {
        assert!(CODES.is_sorted_by(|one, next| one.0 < next.0));
        for (code, listed) in CODES {
            assert!(complete(listed), "{code}");
            assert_eq!(words(code, 599), *listed, "{code}");
        }
    }

    #[test]
    fn every_code_that_a_problem_can_have_is_listed() {
        let listed = CODES.iter().map(|(code, _)| *code);
        assert!(listed.eq(crate::problem::Code::ALL.iter().map(|code| code.as_str())));
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
    fn what_the_operator_must_mend_does_not_ask_the_person_to_try_again() {
        assert_eq!(words("client_misconfigured", 500).next, NextStep::Home);
    }
}
