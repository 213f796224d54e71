//! Not signed in, or not any more, and why.

use super::{NextStep, ProblemWords, say};

pub(super) const SIGN_IN_NEEDED: ProblemWords = say(
    "Please sign in",
    "This needs somebody to be signed in, and nobody is: the session may have ended.",
    "Sign in, and you come back here.",
    NextStep::SignIn,
);
pub(super) const STEP_UP_NEEDED: ProblemWords = say(
    "Please show once more that it is you",
    "This may only be done shortly after you signed in at the provider, and that was longer ago. You \
     are still signed in, and nothing was changed.",
    "Sign in again at the provider, and you come back here.",
    NextStep::SignInAgain,
);
pub(super) const SESSION_STORE_UNAVAILABLE: ProblemWords = say(
    "Sessions cannot be read just now",
    "The place where sessions are kept is not answering. You have not been signed out: if you \
     had a session, it is still there.",
    "Wait a moment, then try again. Public pages work meanwhile.",
    NextStep::TryAgain,
);
pub(super) const ENDED_IDLE: ProblemWords = say(
    "You were signed out after a while without activity",
    "Nothing was asked of the server for so long that your session ended, so that nobody else \
     could go on with it.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_LIMIT: ProblemWords = say(
    "You were signed out because your session was at its limit",
    "A session lasts for a certain time only, however much it is used, and yours reached it.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_SIGNED_OUT: ProblemWords = say(
    "You signed out",
    "This browser's session was ended by its own sign-out, perhaps in another tab.",
    "Sign in again if you want to go on.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_ELSEWHERE: ProblemWords = say(
    "You were signed out from another device",
    "Somebody who is signed in to your account ended this session, on the page with your sessions.",
    "If that was you, sign in again. If it was not, change your password at the provider first.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_PROVIDER: ProblemWords = say(
    "You were signed out at the provider",
    "The provider that signed you in said that you are signed out there, and so you are here.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_APPLICATION: ProblemWords = say(
    "This application ended your session",
    "What this application knows of your account has changed, and the account may not be used here any more as it was.",
    "Sign in again. If that is refused, ask whoever looks after your account.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_TOO_MANY: ProblemWords = say(
    "You are signed in in too many places",
    "There is a number of sessions that one person may have. You signed in once more somewhere else, and this session \
     was your oldest.",
    "Sign in again to go on here. The page with your sessions shows the others, and ends those that you do not need.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_REFRESH_REFUSED: ProblemWords = say(
    "The provider no longer renews your session",
    "This application asks the provider now and then whether you may stay signed in, and this \
     time it said no. That happens when your access was withdrawn, or its own time limit was reached.",
    "Sign in again: the provider then decides anew.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_REFRESH_INTERRUPTED: ProblemWords = say(
    "Your session could not be renewed",
    "Asking the provider whether you may stay signed in broke off halfway, and asking a second \
     time could look like a theft to it. So the session was ended. It is nothing that you did.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
