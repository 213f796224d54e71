//! All words of this crate's components in one value. A language is such a value, given to
//! [`BffProvider`](crate::BffProvider).

mod remaining;

use crate::problem::{ProblemWords, words};
use leptos::prelude::*;

/// All words of this crate's components.
///
/// ```
/// use leptos_bff::Words;
///
/// const GERMAN: Words = Words {
///     sign_in: "Anmelden",
///     sign_out: "Abmelden",
///     ..Words::ENGLISH
/// };
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The language of these words and of the document of [`shell`](fn@crate::shell): a tag of BCP 47.
    pub language: &'static str,
    /// The direction of its script: `ltr` or `rtl`.
    pub direction: &'static str,
    /// The words of a problem page, by the problem's code and the HTTP status. 0 is the status if no answer came.
    pub problem: fn(code: &str, status: u16) -> ProblemWords,
    /// Names the missing role or claim if the access table refuses.
    pub missing: fn(Missing<'_>) -> String,
    /// Names the person of this browser's session, after another one came back from a step-up. None: nobody is signed in.
    pub whose_session: fn(Option<&str>) -> String,
    /// The link that starts a sign-in.
    pub sign_in: &'static str,
    /// The same for a person who was signed in before.
    pub sign_in_again: &'static str,
    /// The button that ends the session.
    pub sign_out: &'static str,
    /// The link that asks for the same page once more.
    pub try_again: &'static str,
    /// The link to `/`.
    pub home: &'static str,
    /// The button that puts a notice away.
    pub dismiss: &'static str,
    /// The name of the HTTP status and the problem's code.
    pub error: &'static str,
    /// The name of the correlation id.
    pub reference: &'static str,
    /// The name of the trace's id.
    pub trace: &'static str,
    /// The words of [`CopyButton`](crate::CopyButton).
    pub copy: CopyWords,
    /// The words of [`SessionNotice`](crate::SessionNotice).
    pub notice: NoticeWords,
    /// The words of [`WhileSignedIn`](crate::WhileSignedIn) in the place of a page.
    pub ended: EndedWords,
    /// The words of [`SignedInPage`](crate::SignedInPage).
    pub signed_in: SignedInWords,
    /// The words of [`RemainingTime`](crate::RemainingTime).
    pub remaining: RemainingWords,
    /// The words of a page whose script has failed, once its session has ended.
    pub page_failed: PageFailedWords,
}

/// The demand of the access table that the session does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing<'a> {
    /// A role.
    Role(&'a str),
    /// A claim with a certain value.
    Claim(&'a str),
}

/// The words of a button that copies a text.
#[derive(Clone, Copy, Debug)]
pub struct CopyWords {
    /// The label.
    pub copy: &'static str,
    /// The label for a moment after the text was copied.
    pub copied: &'static str,
    /// The label for a moment after the browser refused to copy.
    pub not_copied: &'static str,
    /// The outcome in a sentence, for a screen reader.
    pub outcome: fn(of: &str, is_copied: bool) -> String,
}

/// The words about a session while a page is open.
#[derive(Clone, Copy, Debug)]
#[expect(
    missing_docs,
    reason = "each is a title, a sentence or the label of a button, by its name"
)]
pub struct NoticeWords {
    pub idle_title: &'static str,
    pub idle: &'static str,
    pub idle_failed: &'static str,
    pub stay: &'static str,
    pub limit_title: &'static str,
    pub limit: &'static str,
    pub away_title: &'static str,
    pub away: &'static str,
    pub try_now: &'static str,
}

/// The words in the place of a page whose session has ended.
#[derive(Clone, Copy, Debug)]
pub struct EndedWords {
    /// The heading if nobody knows why the session ended.
    pub title: &'static str,
    /// The advice if the reason of the end is unknown.
    pub advice: &'static str,
    /// Says that the page was removed.
    pub taken_off: &'static str,
    /// Says that a change waits.
    pub waiting: &'static str,
    /// The link that signs in in another window.
    pub beside: &'static str,
    /// The heading if the server cannot be asked.
    pub unreadable_title: &'static str,
    /// The consequence.
    pub unreadable: &'static str,
}

/// The words in the window of a sign-in that was made beside another page.
#[derive(Clone, Copy, Debug)]
pub struct SignedInWords {
    /// The heading.
    pub title: &'static str,
    /// Says that the other window goes on.
    pub happened: &'static str,
    /// The link for a person who goes on in this window.
    pub stay: &'static str,
}

/// The words in the place of a page whose script has failed, once its session has ended.
#[derive(Clone, Copy, Debug)]
pub struct PageFailedWords {
    /// The heading.
    pub title: &'static str,
    /// Why nothing of the page is left.
    pub happened: &'static str,
    /// The link that loads the page again.
    pub again: &'static str,
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
pub struct RemainingWords {
    /// The limit that each request puts off.
    pub idle: &'static str,
    /// The limit that nothing puts off.
    pub limit: &'static str,
    /// So many seconds, in words.
    pub duration: fn(seconds: u64) -> String,
    /// The message when so many seconds are left.
    pub warning: fn(seconds: u64) -> Option<&'static str>,
}

impl Words {
    /// English, the default.
    pub const ENGLISH: Self = Self {
        language: "en",
        direction: "ltr",
        problem: words,
        missing,
        whose_session,
        sign_in: "Sign in",
        sign_in_again: "Sign in again",
        sign_out: "Sign out",
        try_again: "Try again",
        home: "Home page",
        dismiss: "Dismiss",
        error: "Error",
        reference: "Reference",
        trace: "Trace",
        copy: CopyWords {
            copy: "Copy",
            copied: "Copied",
            not_copied: "Not copied",
            outcome: copy_outcome,
        },
        notice: NoticeWords {
            idle_title: "Are you still there?",
            idle: "You will be signed out soon for lack of activity.",
            idle_failed: "That did not reach the server. Try once more.",
            stay: "Stay signed in",
            limit_title: "Your session is nearly at its limit.",
            limit: "Sign in again beside this page, and go on here with what you were doing.",
            away_title: "The server cannot be reached.",
            away: "You are not signed out, and nothing you typed is lost. It is tried again every few seconds.",
            try_now: "Try now",
        },
        ended: EndedWords {
            title: "Your session has ended",
            advice: "Sign in to see it again.",
            taken_off: "What stood here was taken off the page.",
            waiting: "What you changed last is not saved yet. It waits here: sign in in another window, and it is saved \
                      and this page goes on.",
            beside: "Sign in in another window",
            unreadable_title: "Sessions cannot be read just now",
            unreadable: "You may still be signed in: the server could not be asked.",
        },
        signed_in: SignedInWords {
            title: "You are signed in",
            happened: "The window where you were goes on by itself. You can close this one.",
            stay: "Go on in this window",
        },
        remaining: RemainingWords {
            idle: "If nothing more is asked of the server",
            limit: "At the latest",
            duration: remaining::in_words,
            warning: remaining::warning,
        },
        page_failed: PageFailedWords {
            title: "This page is not shown any more",
            happened: "Its session has ended, or somebody else has signed in since.",
            again: "Load it again",
        },
    };
}

impl Default for Words {
    fn default() -> Self {
        Self::ENGLISH
    }
}

/// The words that [`BffProvider`](crate::BffProvider) was given, or the English ones.
#[must_use]
pub fn use_words() -> Words {
    use_context().unwrap_or_default()
}

fn whose_session(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("The session in this browser is that of {name}."),
        None => "Nobody is signed in with this browser now.".to_owned(),
    }
}

fn copy_outcome(of: &str, is_copied: bool) -> String {
    if is_copied {
        format!("{of} copied.")
    } else {
        format!("{of} could not be copied: the browser did not allow it.")
    }
}

fn missing(what: Missing<'_>) -> String {
    match what {
        Missing::Role(role) => format!("Missing: the role {role}."),
        Missing::Claim("email_verified") => "Missing: an email address that is confirmed.".to_owned(),
        Missing::Claim("phone_number_verified") => "Missing: a phone number that is confirmed.".to_owned(),
        Missing::Claim(name) => format!("Missing: the claim {name}, with the value that opens it."),
    }
}
