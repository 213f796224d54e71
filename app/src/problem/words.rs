//! The words for each code: what happened, and what a person can do.

/// Where the page's main button leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// To the sign-in.
    SignIn,
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

/// Every code that has words of its own. The codes of OpenID Connect Core §3.1.2.6 and RFC 6749
/// §4.1.2.1 stand under the names the specifications give them.
pub const CODES: &[(&str, Words)] = &[
    ("access_denied", ACCESS_DENIED),
    ("account_selection_required", INTERACTION_REQUIRED),
    ("bad_request", BAD_REQUEST),
    ("callback_malformed", CALLBACK_MALFORMED),
    ("client_misconfigured", CLIENT_MISCONFIGURED),
    ("consent_required", INTERACTION_REQUIRED),
    ("cross_site", CROSS_SITE),
    ("forbidden", FORBIDDEN),
    ("id_token_invalid", ID_TOKEN_INVALID),
    ("interaction_required", INTERACTION_REQUIRED),
    ("internal", INTERNAL),
    ("issuer_mismatch", ISSUER_MISMATCH),
    ("login_expired", LOGIN_EXPIRED),
    ("login_required", INTERACTION_REQUIRED),
    ("login_spent", LOGIN_SPENT),
    ("login_unknown", LOGIN_UNKNOWN),
    ("method_not_allowed", METHOD_NOT_ALLOWED),
    ("not_a_navigation", NOT_A_NAVIGATION),
    ("not_found", NOT_FOUND),
    ("provider_error", PROVIDER_ERROR),
    ("provider_unavailable", PROVIDER_UNAVAILABLE),
    ("session_store_unavailable", SESSION_STORE_UNAVAILABLE),
    ("sign_in_failed", SIGN_IN_FAILED),
    ("sign_in_required", SIGN_IN_NEEDED),
    ("temporarily_unavailable", TEMPORARILY_UNAVAILABLE),
    ("token_request_failed", TOKEN_REQUEST_FAILED),
    ("too_large", TOO_LARGE),
    ("unreachable", UNREACHABLE),
    ("userinfo_invalid", USERINFO_INVALID),
];

/// The words for a code, or for the class of its status where the code has none.
#[must_use]
pub fn words(code: &str, status: u16) -> Words {
    let listed = CODES.iter().find(|(listed, _)| *listed == code);
    listed.map_or_else(|| words_for_status(status), |(_, words)| *words)
}

fn words_for_status(status: u16) -> Words {
    match status {
        0 => UNREACHABLE,
        401 => SIGN_IN_NEEDED,
        403 => REFUSED,
        404 | 410 => NOT_FOUND,
        405 => METHOD_NOT_ALLOWED,
        413 | 414 | 431 => TOO_LARGE,
        429 => TOO_MANY,
        400..=499 => BAD_REQUEST,
        502..=504 => UNAVAILABLE,
        _ => INTERNAL,
    }
}

const NOT_FOUND: Words = say(
    "There is no such page",
    "Nothing is at this address. It may have moved, or it was mistyped.",
    "Check the address, or begin at the home page.",
    NextStep::Home,
);
const FORBIDDEN: Words = say(
    "This page needs a role that you do not have",
    "You are signed in, but your account does not hold the role that this page asks for. \
     Nothing was shown or changed.",
    "Ask whoever looks after your account for access. Roles are read when you sign in: if you \
     were given one a moment ago, sign out and in again.",
    NextStep::Home,
);
const REFUSED: Words = say(
    "This was refused",
    "The server understood the request and does not allow it. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
const SIGN_IN_NEEDED: Words = say(
    "Please sign in",
    "This needs somebody to be signed in, and nobody is: the session may have ended.",
    "Sign in, and you come back here.",
    NextStep::SignIn,
);
const SIGN_IN_FAILED: Words = say(
    "The sign-in did not work",
    "Something went wrong on the way from the provider back to here. If you were signed in before, you still are.",
    "Start again. If it happens again, tell whoever runs this application when it was.",
    NextStep::SignIn,
);
const NOT_A_NAVIGATION: Words = say(
    "A sign-in starts with a page",
    "Something other than opening a page asked for a sign-in, so none was started.",
    "Sign in from here.",
    NextStep::SignIn,
);
const SESSION_STORE_UNAVAILABLE: Words = say(
    "Sessions cannot be read just now",
    "The place where sessions are kept is not answering. You have not been signed out: if you \
     had a session, it is still there.",
    "Wait a moment, then try again. Public pages work meanwhile.",
    NextStep::TryAgain,
);
const PROVIDER_UNAVAILABLE: Words = say(
    "The sign-in provider is not answering",
    "Signing in goes through an identity provider, and it cannot be reached just now. Whoever \
     is already signed in stays so.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
const TEMPORARILY_UNAVAILABLE: Words = say(
    "The sign-in provider is busy",
    "The provider answered that it cannot sign anybody in for the moment.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
const LOGIN_EXPIRED: Words = say(
    "This sign-in took too long",
    "A sign-in has to be finished within a few minutes of its start, and this one was not. You \
     have not been signed in by it.",
    "Start again. Your account is not affected.",
    NextStep::SignIn,
);
const LOGIN_UNKNOWN: Words = say(
    "This sign-in was not started here",
    "The provider's answer does not belong to a sign-in that this browser started, or the \
     cookie that would show it is missing. If you were signed in before, you still are.",
    "Start again from this page. If it happens each time, see whether the browser accepts \
     cookies from this site.",
    NextStep::SignIn,
);
const LOGIN_SPENT: Words = say(
    "This sign-in was already used",
    "Each answer from the provider counts once. Going back or reloading in the middle of a \
     sign-in sends it a second time.",
    "Start again.",
    NextStep::SignIn,
);
const CALLBACK_MALFORMED: Words = say(
    "The provider's answer could not be read",
    "Something in the address that brought you here is missing, doubled or far too long. \
     Nobody was signed in by it.",
    "Start again. If you followed a link from elsewhere to get here, do not use it again.",
    NextStep::SignIn,
);
const ACCESS_DENIED: Words = say(
    "The sign-in was declined",
    "At the provider the sign-in was cancelled, or access was not granted. It signed nobody in.",
    "If that was not what you meant, start again.",
    NextStep::SignIn,
);
const INTERACTION_REQUIRED: Words = say(
    "The provider wants to ask you something",
    "The sign-in could not be finished without you: the provider wants you to sign in, choose \
     an account or agree to something.",
    "Start again and answer at the provider.",
    NextStep::SignIn,
);
const ISSUER_MISMATCH: Words = say(
    "The answer came from another provider",
    "This sign-in was started with one provider and answered by another. It was stopped there, \
     because mixing the two is a known way to attack a sign-in.",
    "Start again. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
const PROVIDER_ERROR: Words = say(
    "The provider reported an error",
    "The sign-in provider could not finish the sign-in and said so. It signed nobody in.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
const TOKEN_REQUEST_FAILED: Words = say(
    "The sign-in could not be completed",
    "You signed in at the provider, but it then did not give this application what proves it.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
const ID_TOKEN_INVALID: Words = say(
    "The provider's proof did not hold",
    "What the provider sent to say who you are did not pass every check, so it was not \
     believed. It signed nobody in.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
const USERINFO_INVALID: Words = say(
    "The provider's answers did not agree",
    "What the provider says about you could not be read, or was about somebody else. It signed \
     nobody in.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
const CLIENT_MISCONFIGURED: Words = say(
    "This application is not set up rightly",
    "The provider does not accept this application's own credentials or addresses. It is \
     nothing that you did.",
    "Trying again will not help. Give the reference to whoever runs this application: the cause \
     stands in its log.",
    NextStep::Home,
);
const CROSS_SITE: Words = say(
    "This request came from another site",
    "Something that changes your session may only be asked for from this application's own \
     pages. The request was stopped and nothing was changed.",
    "If you meant to do it, do it from here.",
    NextStep::Home,
);
const TOO_LARGE: Words = say(
    "That was too much",
    "The request was larger than this application accepts. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
const TOO_MANY: Words = say(
    "That was too often",
    "There were more requests from here than the server answers in a short time.",
    "Wait a minute, then try again.",
    NextStep::TryAgain,
);
const METHOD_NOT_ALLOWED: Words = say(
    "That does not work this way",
    "There is something at this address, but not something to be opened like this.",
    "Begin again from the home page.",
    NextStep::Home,
);
const BAD_REQUEST: Words = say(
    "The request could not be understood",
    "Something in it is missing or not as it should be. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
const UNAVAILABLE: Words = say(
    "Not available just now",
    "Something that this page needs is not answering.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
const UNREACHABLE: Words = say(
    "The server did not answer",
    "The request got no answer: the connection may be down.",
    "See whether you are online, then try again.",
    NextStep::TryAgain,
);
const INTERNAL: Words = say(
    "Something went wrong here",
    "The fault is this application's, not yours.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::Home,
);

#[cfg(test)]
mod tests {
    use super::{CODES, FORBIDDEN, INTERNAL, NextStep, Words, words};

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
    }

    #[test]
    fn what_the_operator_must_mend_does_not_ask_the_person_to_try_again() {
        assert_eq!(words("client_misconfigured", 500).next, NextStep::Home);
    }
}
