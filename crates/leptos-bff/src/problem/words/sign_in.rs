//! What can go wrong between the button "Sign in" and being signed in.

use super::{NextStep, ProblemWords, say};

pub(super) const SIGN_IN_FAILED: ProblemWords = say(
    "The sign-in did not work",
    "Something went wrong on the way from the provider back to here. If you were signed in before, you still are.",
    "Start again. If it happens again, tell whoever runs this application when it was.",
    NextStep::SignIn,
);
pub(super) const NOT_A_NAVIGATION: ProblemWords = say(
    "A sign-in starts with a page",
    "Something other than opening a page asked for a sign-in, so none was started.",
    "Sign in from here.",
    NextStep::SignIn,
);
pub(super) const PROVIDER_UNAVAILABLE: ProblemWords = say(
    "The sign-in provider is not answering",
    "Signing in goes through an identity provider, and it cannot be reached just now. Whoever \
     is already signed in stays so.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
pub(super) const TEMPORARILY_UNAVAILABLE: ProblemWords = say(
    "The sign-in provider is busy",
    "The provider answered that it cannot sign anybody in for the moment.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
pub(super) const LOGIN_EXPIRED: ProblemWords = say(
    "This sign-in took too long",
    "A sign-in has to be finished within a few minutes of its start, and this one was not. You \
     have not been signed in by it.",
    "Start again. Your account is not affected.",
    NextStep::SignIn,
);
pub(super) const LOGIN_UNKNOWN: ProblemWords = say(
    "This sign-in was not started here",
    "The provider's answer does not belong to a sign-in that this browser started, or the \
     cookie that would show it is missing. If you were signed in before, you still are.",
    "Start again from this page. If it happens each time, see whether the browser accepts \
     cookies from this site.",
    NextStep::SignIn,
);
pub(super) const LOGIN_LOOP: ProblemWords = say(
    "Your browser does not keep you signed in",
    "You were signed in several times in a row, and each time the browser came back without the \
     cookie that says so. This stopped the circle.",
    "Let this site keep cookies, or use another browser window, and sign in again after a minute.",
    NextStep::SignIn,
);
pub(super) const LOGIN_SPENT: ProblemWords = say(
    "This sign-in was already used",
    "Each answer from the provider counts once. Going back or reloading in the middle of a \
     sign-in sends it a second time.",
    "Start again.",
    NextStep::SignIn,
);
pub(super) const CALLBACK_MALFORMED: ProblemWords = say(
    "The provider's answer could not be read",
    "Something in the address that brought you here is missing, doubled or far too long. \
     Nobody was signed in by it.",
    "Start again. If you followed a link from elsewhere to get here, do not use it again.",
    NextStep::SignIn,
);
pub(super) const ACCESS_DENIED: ProblemWords = say(
    "The sign-in was declined",
    "At the provider the sign-in was cancelled, or access was not granted. It signed nobody in.",
    "If that was not what you meant, start again.",
    NextStep::SignIn,
);
pub(super) const INTERACTION_REQUIRED: ProblemWords = say(
    "The provider wants to ask you something",
    "The sign-in could not be finished without you: the provider wants you to sign in, choose \
     an account or agree to something.",
    "Start again and answer at the provider.",
    NextStep::SignIn,
);
pub(super) const ISSUER_MISMATCH: ProblemWords = say(
    "The answer came from another provider",
    "This sign-in was started with one provider and answered by another. It was stopped there, \
     because mixing the two is a known way to attack a sign-in.",
    "Start again. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
pub(super) const PROVIDER_ERROR: ProblemWords = say(
    "The provider reported an error",
    "The sign-in provider could not finish the sign-in and said so. It signed nobody in.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
pub(super) const TOKEN_REQUEST_FAILED: ProblemWords = say(
    "The sign-in could not be completed",
    "You signed in at the provider, but it then did not give this application what proves it.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
pub(super) const ID_TOKEN_INVALID: ProblemWords = say(
    "The provider's proof did not hold",
    "What the provider sent to say who you are did not pass every check, so it was not \
     believed. It signed nobody in.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
pub(super) const USERINFO_INVALID: ProblemWords = say(
    "The provider's answers did not agree",
    "What the provider says about you could not be read, or was about somebody else. It signed \
     nobody in.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
pub(super) const CLIENT_MISCONFIGURED: ProblemWords = say(
    "This application is not set up correctly",
    "This application and the provider are set up in ways that do not fit together. It is \
     nothing that you did.",
    "Trying again will not help. Give the reference to whoever runs this application: the cause \
     stands in its log.",
    NextStep::Home,
);
pub(super) const CLOCKS_DIFFER: ProblemWords = say(
    "The clocks do not agree",
    "The clock of this application and the clock of the provider differ by too much, so that nobody can sign in. It is \
     nothing that you did, and it is not the clock of your device.",
    "Trying again will not help until a clock is set. Give the reference to whoever runs this application.",
    NextStep::Home,
);
pub(super) const LOGIN_OVERTAKEN: ProblemWords = say(
    "You were signed out while you signed in",
    "The provider ended its session before this sign-in was finished, from another device or another tab. So \
     nobody was signed in here.",
    "Sign in again if you want to go on.",
    NextStep::SignIn,
);
pub(super) const AUTH_TIME_MISSING: ProblemWords = say(
    "The provider did not say when you signed in",
    "The page that you wanted opens only shortly after a sign-in at the provider. The provider was asked for the time \
     and gave none that counts. If you were signed in before, you still are.",
    "Trying again will hardly help. Give the reference to whoever runs this application.",
    NextStep::Home,
);
pub(super) const AUTHENTICATION_OF_ANOTHER_KIND: ProblemWords = say(
    "The provider used another way to sign you in",
    "The page that you wanted opens only after a sign-in of a certain kind, such as one with a second factor. The \
     provider was asked for it and answered with another. If you were signed in before, you still are.",
    "See whether your account at the provider has what is needed. If it has, give the reference to whoever runs this \
     application.",
    NextStep::Home,
);
pub(super) const UNMET_AUTHENTICATION_REQUIREMENTS: ProblemWords = say(
    "Your account cannot sign in as this page needs it",
    "The page that you wanted opens only after a sign-in of a certain kind, such as one with a second factor, and the \
     provider has none for you. If you were signed in before, you still are.",
    "See whether your account at the provider can get what is needed, or ask whoever looks after it.",
    NextStep::Home,
);
pub(super) const AUTHENTICATION_TOO_OLD: ProblemWords = say(
    "The provider did not ask you to sign in again",
    "The page that you wanted opens only shortly after a sign-in at the provider. The provider was asked for a new \
     one and answered with an older one. If you were signed in before, you still are.",
    "Sign out, also at the provider, and sign in again. If that does not help, give the reference to whoever runs \
     this application.",
    NextStep::Home,
);
pub(super) const ANOTHER_PERSON: ProblemWords = say(
    "Somebody else signed in at the provider",
    "The page that you wanted asked the person who is signed in here to sign in again, and another account came back from \
     the provider. Nothing was done, and that account was not signed in here. The session from before goes on; the top of \
     this page says whose it is.",
    "To go on with the other account, sign out here first, also at the provider. Otherwise open the page again, and \
     sign in with the account from before.",
    NextStep::Home,
);
pub(super) const HOOK_FAILED: ProblemWords = say(
    "This application could not sign you in",
    "You signed in at the provider, but then something failed in this application while it looked up your account. You have \
     not been signed in by it.",
    "Try once more. If it happens again, give the reference to whoever runs this application.",
    NextStep::SignIn,
);
pub(super) const HOOK_TIMEOUT: ProblemWords = say(
    "This application took too long to sign you in",
    "You signed in at the provider, but this application did not look up your account in time. You have not been signed in \
     by it.",
    "Wait a moment, then try again.",
    NextStep::SignIn,
);
pub(super) const REFUSED: ProblemWords = say(
    "This application does not let you in",
    "You signed in at the provider, but this application refuses your account.",
    "If you have another account, sign in with it. Otherwise ask whoever looks after your account here.",
    NextStep::SignIn,
);
