//! Problems on the way to an API.

use super::{NextStep, ProblemWords, say};

pub(super) const UNKNOWN: ProblemWords = say(
    "This API is not set up",
    "The server knows no API of this name, so it passed nothing on.",
    "Tell the people who run this application: they can name the API in its settings.",
    NextStep::Home,
);
pub(super) const REFUSED: ProblemWords = say(
    "This cannot be asked of the API",
    "The server does not pass on a request of this kind, so the API did not get it. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const BODY_SLOW: ProblemWords = say(
    "The request did not arrive in time",
    "Your request arrived so slowly that the server stopped waiting for it. The API did not get it.",
    "Check your connection, then try again.",
    NextStep::TryAgain,
);
pub(super) const BUSY: ProblemWords = say(
    "The API is busy",
    "The API is working on as many requests as it may have at once, so the server did not pass yours on.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const TOO_MANY_AT_ONCE: ProblemWords = say(
    "Too much at once",
    "You have as many requests on their way to the API as one person may have, so the server did not pass this one \
     on.",
    "Close what you do not need, wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const TOKEN_UNAVAILABLE: ProblemWords = say(
    "The API cannot be asked just now",
    "The server could not get the access token that the API wants, so it did not call the API. You are still signed \
     in.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const UNREACHABLE: ProblemWords = say(
    "The API is not answering",
    "The server could not reach the API, or the connection broke before an answer came. You are still signed in.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const TIMEOUT: ProblemWords = say(
    "The API took too long",
    "The server called the API, and no answer came in time. The API may have done what you asked for all the same.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const UNAUTHORIZED: ProblemWords = say(
    "The API does not accept this application",
    "The API refused the access token that the server sent. You are still signed in here.",
    "Sign out and in again. If that does not help, give the reference to the people who run this application.",
    NextStep::TryAgain,
);
pub(super) const UNTRUSTED: ProblemWords = say(
    "The API is not to be trusted",
    "The server that answered in the API's place could not prove that it is the API, so nothing was sent to it.",
    "Give the reference to the people who run this application.",
    NextStep::Home,
);
pub(super) const NOT_DONE: ProblemWords = say(
    "The API did not do what it was asked for",
    "The server called the API, and the API refused or failed. You are still signed in.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::TryAgain,
);
pub(super) const UNREADABLE: ProblemWords = say(
    "The API's answer makes no sense",
    "This application cannot read the API's answer, so it shows nothing of it.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::TryAgain,
);
pub(super) const TOKEN_EXPIRED: ProblemWords = say(
    "The API wants you to sign in again",
    "The access token for the API has expired, and the provider gave nothing to renew it with. You are still signed \
     in here.",
    "Sign in again, and you come back here.",
    NextStep::SignInAgain,
);
