//! Problems of any request.

use super::{NextStep, ProblemWords, say};

pub(super) const NOT_FOUND: ProblemWords = say(
    "There is no such page",
    "There is nothing at this address. The page may have moved, or the address has a typing error.",
    "Check the address, or begin at the home page.",
    NextStep::Home,
);
pub(super) const ASKED_IN_ADVANCE: ProblemWords = say(
    "This page was not prepared in advance",
    "The browser asked for this page before you opened it. The server makes a page when a person opens it.",
    "Open it again.",
    NextStep::TryAgain,
);
pub(super) const FORBIDDEN: ProblemWords = say(
    "Your account may not open this page",
    "You are signed in, but your account does not have the right that this page needs. Nothing was shown or changed.",
    "Ask the people who manage your account for it. Roles are read when you sign in: if you got one a moment ago, sign \
     out and in again.",
    NextStep::Home,
);
pub(super) const CLAIM_MISSING: ProblemWords = say(
    "This page needs something that is not known of you",
    "You are signed in, but the provider did not tell about you what this page needs. Nothing was shown or changed.",
    "Complete your account at the provider, or ask the people who manage it. The provider's word is read when you \
     sign in: if it changed a moment ago, sign out and in again.",
    NextStep::Home,
);
pub(super) const REFUSED: ProblemWords = say(
    "This was refused",
    "The server understood the request and does not allow it. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const CROSS_SITE: ProblemWords = say(
    "This request came from another site",
    "Only this application's own pages may ask for a change of your session. The server stopped the request, and \
     nothing was changed.",
    "If you wanted this, do it from here.",
    NextStep::Home,
);
pub(super) const TOO_LARGE: ProblemWords = say(
    "That was too much",
    "The request is larger than this application accepts. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const TOO_MANY: ProblemWords = say(
    "That was too often",
    "More requests came from here than the server answers in a short time.",
    "Wait a minute, then try again.",
    NextStep::TryAgain,
);
pub(super) const METHOD_NOT_ALLOWED: ProblemWords = say(
    "That does not work this way",
    "There is something at this address, but a browser cannot open it like this.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const BAD_REQUEST: ProblemWords = say(
    "The request could not be understood",
    "A part of the request is missing or wrong. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const UNAVAILABLE: ProblemWords = say(
    "Not available just now",
    "A service that this page needs does not answer.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const UNREACHABLE: ProblemWords = say(
    "The server did not answer",
    "The request got no answer. The connection may be down.",
    "Check whether you are online, then try again.",
    NextStep::TryAgain,
);
pub(super) const INTERNAL: ProblemWords = say(
    "Something went wrong here",
    "The mistake is in this application and not yours.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::TryAgain,
);
pub(super) const OFFLINE: ProblemWords = say(
    "You are offline",
    "This browser has no connection, so the request did not leave it.",
    "Try again once you are connected.",
    NextStep::TryAgain,
);
