//! Problems of a sign-in.

use super::{NextStep, ProblemWords, say};

pub(super) const SIGN_IN_FAILED: ProblemWords = say(
    "The sign-in did not work",
    "A step failed on the way from the provider back to here. If you were signed in before, you still are.",
    "Start again. If it happens again, tell the people who run this application the time.",
    NextStep::SignIn,
);
pub(super) const NOT_A_NAVIGATION: ProblemWords = say(
    "A sign-in starts with a page",
    "A request that opens no page asked for a sign-in, so none was started.",
    "Sign in from here.",
    NextStep::SignIn,
);
pub(super) const PROVIDER_UNAVAILABLE: ProblemWords = say(
    "The sign-in provider is not answering",
    "An identity provider signs you in, and it cannot be reached just now. People who are signed in stay signed in.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
pub(super) const TEMPORARILY_UNAVAILABLE: ProblemWords = say(
    "The sign-in provider is busy",
    "The provider answered that it can sign nobody in just now.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
pub(super) const LOGIN_EXPIRED: ProblemWords = say(
    "This sign-in took too long",
    "You have to finish a sign-in within a few minutes, and this one took longer. It did not sign you in.",
    "Start again. Your account is not affected.",
    NextStep::SignIn,
);
pub(super) const LOGIN_UNKNOWN: ProblemWords = say(
    "This sign-in was not started here",
    "The provider's answer does not belong to a sign-in that this browser started, or the browser did not send the \
     cookie that shows it. If you were signed in before, you still are.",
    "Start again from this page. If it happens each time, check whether the browser accepts cookies from this site.",
    NextStep::SignIn,
);
pub(super) const LOGIN_LOOP: ProblemWords = say(
    "Your browser does not keep you signed in",
    "You signed in several times in a row, and each time the browser came back without its cookie. So this \
     application stopped.",
    "Let this site keep cookies, or use another browser window, and sign in again after a minute.",
    NextStep::SignIn,
);
pub(super) const LOGIN_SPENT: ProblemWords = say(
    "This sign-in was already used",
    "Each answer of the provider counts once. Your browser sends it a second time when you go back or reload during \
     a sign-in.",
    "Start again.",
    NextStep::SignIn,
);
pub(super) const CALLBACK_MALFORMED: ProblemWords = say(
    "The provider's answer could not be read",
    "A part of the address that brought you here is missing, doubled or far too long. It signed nobody in.",
    "Start again. If you followed a link from elsewhere to get here, do not use it again.",
    NextStep::SignIn,
);
pub(super) const ACCESS_DENIED: ProblemWords = say(
    "The sign-in was declined",
    "The sign-in was cancelled at the provider, or access was refused there. It signed nobody in.",
    "If you did not mean that, start again.",
    NextStep::SignIn,
);
pub(super) const INTERACTION_REQUIRED: ProblemWords = say(
    "The provider wants to ask you something",
    "The provider cannot finish the sign-in without you: it wants you to sign in, to choose an account or to agree \
     to something.",
    "Start again and answer at the provider.",
    NextStep::SignIn,
);
pub(super) const ISSUER_MISMATCH: ProblemWords = say(
    "The answer came from another provider",
    "This sign-in started with one provider and came back from another. It was stopped, because attackers mix two \
     providers up in this way.",
    "Start again. If it happens again, give the reference to the people who run this application.",
    NextStep::SignIn,
);
pub(super) const PROVIDER_ERROR: ProblemWords = say(
    "The provider reported an error",
    "The provider reported that it could not finish the sign-in. It signed nobody in.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::SignIn,
);
pub(super) const TOKEN_REQUEST_FAILED: ProblemWords = say(
    "The sign-in could not be completed",
    "You signed in at the provider, but the provider did not give this application the proof of it.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::SignIn,
);
pub(super) const ID_TOKEN_INVALID: ProblemWords = say(
    "The provider's proof did not hold",
    "The provider's proof of who you are failed a check, so this application did not believe it. It signed nobody \
     in.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::SignIn,
);
pub(super) const USERINFO_INVALID: ProblemWords = say(
    "The provider's answers did not agree",
    "The provider's second answer about you could not be read, or was about another person. It signed nobody in.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::SignIn,
);
pub(super) const CLIENT_MISCONFIGURED: ProblemWords = say(
    "This application is not set up correctly",
    "The settings of this application and of the provider contradict each other. You did nothing wrong.",
    "Trying again will not help. Give the reference to the people who run this application: its log names the cause.",
    NextStep::Home,
);
pub(super) const CLOCKS_DIFFER: ProblemWords = say(
    "The clocks do not agree",
    "The clock of this application and the clock of the provider differ by too much, so nobody can sign in. You did \
     nothing wrong, and the clock of your device does not matter.",
    "Trying again will not help until a clock is set. Give the reference to the people who run this application.",
    NextStep::Home,
);
pub(super) const LOGIN_OVERTAKEN: ProblemWords = say(
    "You were signed out while you signed in",
    "The provider, or an administrator of this application, ended your sessions before this sign-in was finished. So \
     nobody was signed in here.",
    "Sign in again if you want to go on.",
    NextStep::SignIn,
);
pub(super) const AUTH_TIME_MISSING: ProblemWords = say(
    "The provider did not say when you signed in",
    "The page that you wanted opens only shortly after a sign-in at the provider. The provider did not tell a time \
     that this application can rely on. If you were signed in before, you still are.",
    "Trying again will hardly help. Give the reference to the people who run this application.",
    NextStep::Home,
);
pub(super) const AUTHENTICATION_OF_ANOTHER_KIND: ProblemWords = say(
    "The provider used another way to sign you in",
    "The page that you wanted opens only after a sign-in of a certain kind, such as one with a second factor. The \
     provider signed you in in another way. If you were signed in before, you still are.",
    "Check whether your account at the provider has what the page needs. If it has, give the reference to the \
     people who run this application.",
    NextStep::Home,
);
pub(super) const UNMET_AUTHENTICATION_REQUIREMENTS: ProblemWords = say(
    "Your account cannot sign in as this page needs it",
    "The page that you wanted opens only after a sign-in of a certain kind, such as one with a second factor, and \
     the provider has none for you. If you were signed in before, you still are.",
    "Check whether your account at the provider can get what the page needs, or ask the people who manage it.",
    NextStep::Home,
);
pub(super) const AUTHENTICATION_TOO_OLD: ProblemWords = say(
    "The provider did not ask you to sign in again",
    "The page that you wanted opens only shortly after a sign-in at the provider. This application asked for a new \
     sign-in, and the provider answered with an older one. If you were signed in before, you still are.",
    "Sign out, also at the provider, and sign in again. If that does not help, give the reference to the people who \
     run this application.",
    NextStep::Home,
);
pub(super) const ANOTHER_PERSON: ProblemWords = say(
    "Somebody else signed in at the provider",
    "The page that you wanted asked the person who is signed in here to sign in again, and another account came \
     back from the provider. Nothing was done, and that account was not signed in here.",
    "To go on with the other account, sign out here first, also at the provider. Otherwise open the page again, and \
     sign in with the account from before.",
    NextStep::Home,
);
pub(super) const HOOK_FAILED: ProblemWords = say(
    "This application could not sign you in",
    "You signed in at the provider, but then something failed in this application while it looked up your account. \
     You have not been signed in by it.",
    "Try once more. If it happens again, give the reference to the people who run this application.",
    NextStep::SignIn,
);
pub(super) const HOOK_TIMEOUT: ProblemWords = say(
    "This application took too long to sign you in",
    "You signed in at the provider, but this application did not look up your account in time. You have not been \
     signed in by it.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
pub(super) const REFUSED: ProblemWords = say(
    "This application does not let you in",
    "You signed in at the provider, but this application refuses your account.",
    "If you have another account, sign in with it. Otherwise ask the people who manage your account here.",
    NextStep::SignIn,
);
