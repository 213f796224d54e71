//! What can go wrong with any request.

use super::{NextStep, ProblemWords, say};

pub(super) const NOT_FOUND: ProblemWords = say(
    "There is no such page",
    "Nothing is at this address. It may have moved, or it was mistyped.",
    "Check the address, or begin at the home page.",
    NextStep::Home,
);
pub(super) const ASKED_IN_ADVANCE: ProblemWords = say(
    "This page was not prepared in advance",
    "The browser asked for it before anybody had opened it, and pages here are made for whoever is \
     signed in when they are opened.",
    "Open it again.",
    NextStep::TryAgain,
);
pub(super) const FORBIDDEN: ProblemWords = say(
    "This page needs a role that you do not have",
    "You are signed in, but your account does not hold the role that this page asks for. \
     Nothing was shown or changed.",
    "Ask whoever looks after your account for access. Roles are read when you sign in: if you \
     were given one a moment ago, sign out and in again.",
    NextStep::Home,
);
pub(super) const CLAIM_MISSING: ProblemWords = say(
    "This page needs something that is not known of you",
    "You are signed in, but what the provider says about you lacks what this page asks for. \
     Nothing was shown or changed.",
    "See to it at the provider, or ask whoever looks after your account. What the provider says is read \
     when you sign in: if it has changed a moment ago, sign out and in again.",
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
    "Something that changes your session may only be asked for from this application's own \
     pages. The request was stopped and nothing was changed.",
    "If you meant to do it, do it from here.",
    NextStep::Home,
);
pub(super) const TOO_LARGE: ProblemWords = say(
    "That was too much",
    "The request was larger than this application accepts. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const TOO_MANY: ProblemWords = say(
    "That was too often",
    "There were more requests from here than the server answers in a short time.",
    "Wait a minute, then try again.",
    NextStep::TryAgain,
);
pub(super) const METHOD_NOT_ALLOWED: ProblemWords = say(
    "That does not work this way",
    "There is something at this address, but not something to be opened like this.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const BAD_REQUEST: ProblemWords = say(
    "The request could not be understood",
    "Something in it is missing or not as it should be. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const UNAVAILABLE: ProblemWords = say(
    "Not available just now",
    "Something that this page needs is not answering.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const UNREACHABLE: ProblemWords = say(
    "The server did not answer",
    "The request got no answer: the connection may be down.",
    "See whether you are online, then try again.",
    NextStep::TryAgain,
);
pub(super) const INTERNAL: ProblemWords = say(
    "Something went wrong here",
    "The fault is this application's, not yours.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::TryAgain,
);
pub(super) const OFFLINE: ProblemWords = say(
    "You are offline",
    "This browser has no connection, so the request did not leave it.",
    "Try again once you are connected.",
    NextStep::TryAgain,
);
