//! Not signed in, or not any more, and why.

use super::{NextStep, ProblemWords, say};

pub(super) const SIGN_IN_NEEDED: ProblemWords = say(
    "Please sign in",
    "You need to be signed in for this, and you are not. Your session may have ended.",
    "Sign in, and you come back here.",
    NextStep::SignIn,
);
pub(super) const STEP_UP_NEEDED: ProblemWords = say(
    "Please show once more that it is you",
    "This works only shortly after you sign in at the provider, and your sign-in is older. You are still signed in, \
     and nothing was changed.",
    "Sign in again at the provider, and you come back here.",
    NextStep::SignInAgain,
);
pub(super) const SESSION_STORE_UNAVAILABLE: ProblemWords = say(
    "Sessions cannot be read just now",
    "The store of the sessions does not answer. You have not been signed out: if you had a session, it is still \
     there.",
    "Wait a moment, then try again. Public pages work meanwhile.",
    NextStep::TryAgain,
);
pub(super) const ENDED_IDLE: ProblemWords = say(
    "You were signed out after a while without activity",
    "You did nothing here for so long that your session ended. So nobody else can go on with it.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_LIMIT: ProblemWords = say(
    "You were signed out because your session was at its limit",
    "A session lasts for a certain time, however much you use it. Yours reached that time.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_SIGNED_OUT: ProblemWords = say(
    "You signed out",
    "You ended this browser's session, perhaps in another tab.",
    "Sign in again if you want to go on.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_ELSEWHERE: ProblemWords = say(
    "You were signed out from another device",
    "A person who is signed in to your account ended this session on the page with your sessions.",
    "If it was you, sign in again. If it was not, change your password at the provider first.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_PROVIDER: ProblemWords = say(
    "You were signed out at the provider",
    "The provider reported that you signed out there, so you are signed out here too.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_APPLICATION: ProblemWords = say(
    "This application ended your session",
    "This application's record of your account has changed, so the session could not go on.",
    "Sign in again. If that is refused, ask the people who manage your account.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_ADMINISTRATOR: ProblemWords = say(
    "An administrator ended your session",
    "A person who manages this application signed you out here.",
    "Sign in again. If you do not know the reason, ask the people who manage your account.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_TOO_MANY: ProblemWords = say(
    "You are signed in in too many places",
    "One person may have a certain number of sessions. You signed in once more somewhere else, and this session was \
     your oldest.",
    "Sign in again to go on here. The page with your sessions shows the others, and ends those that you do not need.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_REFRESH_REFUSED: ProblemWords = say(
    "The provider no longer renews your session",
    "This application asks the provider from time to time whether you may stay signed in, and now the provider said \
     no. It may have withdrawn your access, or your time there is over.",
    "Sign in again: the provider then decides anew.",
    NextStep::SignInAgain,
);
pub(super) const ENDED_REFRESH_INTERRUPTED: ProblemWords = say(
    "Your session could not be renewed",
    "This application asked the provider whether you may stay signed in, and the answer was lost on its way. A \
     second question could look like theft to the provider, so the session ended. You did nothing wrong.",
    "Sign in again to go on where you were.",
    NextStep::SignInAgain,
);
