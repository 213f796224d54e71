//! What can go wrong on the way to an API.

use super::{NextStep, ProblemWords, say};

pub(super) const UNKNOWN: ProblemWords = say(
    "This API is not set up",
    "No API of this name is known to the server, so nothing was asked of anybody.",
    "Whoever runs this application can name it in the settings.",
    NextStep::Home,
);
pub(super) const REFUSED: ProblemWords = say(
    "This cannot be asked of the API",
    "The request is not one that the server passes on, so the API was not asked. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const BODY_SLOW: ProblemWords = say(
    "The request did not arrive in time",
    "What was sent came so slowly that the server gave up waiting for it, and the API was not asked.",
    "See whether your connection is good, then try again.",
    NextStep::TryAgain,
);
pub(super) const BUSY: ProblemWords = say(
    "The API is busy",
    "As many requests as there may be are on their way to the API, so this one was not passed on.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const TOO_MANY_AT_ONCE: ProblemWords = say(
    "Too much at once",
    "As many of your requests as one person may have are on their way to the API, so this one was not passed on.",
    "Close what you do not need, wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const TOKEN_UNAVAILABLE: ProblemWords = say(
    "The API cannot be asked just now",
    "The server could not get what it has to show to the API, so it did not ask. You are still signed in.",
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
    "The server asked the API, and no answer came in time. What was asked may have been done all the same.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const UNAUTHORIZED: ProblemWords = say(
    "The API does not accept this application",
    "The server showed the API who asks, and the API would not have it. You are still signed in here.",
    "Sign out and in again. If it stays so, give the reference to whoever runs this application.",
    NextStep::TryAgain,
);
pub(super) const UNTRUSTED: ProblemWords = say(
    "The API is not to be trusted",
    "Whatever answers in its place could not show that it is the API, so nothing was sent to it.",
    "Tell whoever runs this application, and give the reference.",
    NextStep::Home,
);
pub(super) const NOT_DONE: ProblemWords = say(
    "The API did not do what it was asked for",
    "The server asked the API, and the API refused or failed. You are still signed in.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::TryAgain,
);
pub(super) const UNREADABLE: ProblemWords = say(
    "The API's answer makes no sense",
    "The API answered with something that this application cannot show, so nothing of it is shown.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::TryAgain,
);
pub(super) const TOKEN_EXPIRED: ProblemWords = say(
    "The API wants you to sign in again",
    "What the provider gave for calling the API has expired, and it gave nothing to renew it with. You are still \
     signed in here.",
    "Sign in again, and you come back here.",
    NextStep::SignInAgain,
);
