//! The server functions of the pages. Each of them is protected unless the access table says
//! otherwise. They ask the session of their request; the server provides the person's [`Notebook`].

use serde::{Deserialize, Serialize};

/// Refusals, each with the word that stands for it in JSON and in a page's address.
macro_rules! refusals {
    ($(#[$doc:meta])* $name:ident { $($(#[$why:meta])* $refusal:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$why])* #[serde(rename = $word)] $refusal,)+
        }

        impl $name {
            /// Every refusal.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$refusal),+];

            /// The refusal that a word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|refusal| refusal.word() == word)
            }

            /// The word that stands for it in JSON and in a page's address.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$refusal => $word,)+
                }
            }
        }
    };
}

mod administration;
mod erase_notes;
mod held_tokens;
mod notes;
mod reread_claims;
mod sent_cookies;
mod sessions;
mod sign_in_flow;

// All of them: the macro makes a second item of each function, which is as public.
pub use administration::*;
pub use erase_notes::*;
pub use held_tokens::*;
pub use notes::*;
pub use reread_claims::*;
pub use sent_cookies::*;
pub use sessions::*;
pub use sign_in_flow::*;

/// The answer of a server function: as JSON `{"done": ..}` with the result, or `{"refusal": ..}` with the word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the member of the JSON")]
pub enum Outcome<T, R> {
    Done(T),
    Refusal(R),
}

impl<T, R> From<Result<T, R>> for Outcome<T, R> {
    fn from(result: Result<T, R>) -> Self {
        result.map_or_else(Self::Refusal, Self::Done)
    }
}

/// The session of the request that calls a function, with claims of any type.
#[cfg(feature = "ssr")]
fn session() -> Result<axum_bff::Session<serde::de::IgnoredAny>, leptos_bff::problem::Problem> {
    leptos_bff::server::session()
}

/// A moment as pages show it: RFC 3339, in UTC, with whole seconds.
#[cfg(feature = "ssr")]
#[must_use]
pub fn rfc3339(moment: time::OffsetDateTime) -> String {
    let whole = moment.replace_nanosecond(0).unwrap_or(moment);
    whole
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}

/// Leads a browser that posted the form itself to a page that tells the outcome. The hydrated
/// page asked with `fetch` and gets the outcome as JSON instead; it must not be made to navigate.
#[cfg(feature = "ssr")]
fn answer_a_plain_form(address: &str) {
    use leptos::prelude::use_context;
    let wants_a_page = use_context::<http::request::Parts>().is_some_and(|request| {
        let accept = request.headers.get(http::header::ACCEPT);
        accept.is_some_and(|types| types.to_str().is_ok_and(|types| types.contains("text/html")))
    });
    if wants_a_page {
        leptos_axum::redirect(address);
    }
}

#[cfg(test)]
mod tests {
    use super::{NotesRefusal, Outcome};
    use serde_json::json;

    #[test]
    fn an_outcome_is_the_result_or_the_word_of_a_refusal() {
        let done = Outcome::<_, NotesRefusal>::Done(7);
        assert_eq!(serde_json::to_value(&done).expect("writes"), json!({"done": 7}));
        assert_eq!(
            serde_json::from_value::<Outcome<u8, NotesRefusal>>(json!({"done": 7})).expect("reads"),
            done
        );
        for refusal in NotesRefusal::ALL {
            let (json, refused) = (json!({"refusal": refusal.word()}), Outcome::<u8, _>::Refusal(refusal));
            assert_eq!(serde_json::to_value(&refused).expect("writes"), json);
            assert_eq!(
                serde_json::from_value::<Outcome<u8, NotesRefusal>>(json).expect("reads"),
                refused
            );
            assert_eq!(NotesRefusal::from_word(refusal.word()), Some(refusal));
        }
        assert!(serde_json::from_value::<Outcome<u8, NotesRefusal>>(json!({"refusal": "other"})).is_err());
    }
}
