//! Erasing all of a person's notes: only shortly after the person authenticated.

use leptos::prelude::*;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Why the notes were not erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EraseRefusal {
    /// The place where notes are kept did not answer as it should; later may work.
    Unavailable,
}

impl EraseRefusal {
    /// The word that stands for it in JSON and in a page's address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
        }
    }
}

/// JSON that is no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnEraseOutcome;

impl std::fmt::Display for NotAnEraseOutcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("this is not what came of erasing notes")
    }
}

impl std::error::Error for NotAnEraseOutcome {}

/// What came of erasing the notes: as JSON `{"erased": true}`, or `{"refusal": ..}` with the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct EraseOutcome(pub Result<(), EraseRefusal>);

impl From<EraseOutcome> for Value {
    fn from(EraseOutcome(outcome): EraseOutcome) -> Self {
        match outcome {
            Ok(()) => json!({"erased": true}),
            Err(refusal) => json!({"refusal": refusal.word()}),
        }
    }
}

impl TryFrom<Value> for EraseOutcome {
    type Error = NotAnEraseOutcome;

    fn try_from(json: Value) -> Result<Self, Self::Error> {
        let refusal = json.get("refusal").and_then(Value::as_str);
        match refusal {
            Some(word) if word == EraseRefusal::Unavailable.word() => Ok(Self(Err(EraseRefusal::Unavailable))),
            None if json.get("erased").and_then(Value::as_bool) == Some(true) => Ok(Self(Ok(()))),
            _ => Err(NotAnEraseOutcome),
        }
    }
}

/// Erases all of the person's notes. The access table lets only those call it who authenticated a
/// short while ago.
///
/// A form posted by the browser itself is answered with a redirect to `/notes/erase?erased=` and
/// the outcome: `all`, or the word of the refusal.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 with the code
/// `step_up_required`. What keeps the notes from being erased is an [`EraseRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "erase_notes")]
pub async fn erase_notes() -> Result<EraseOutcome, Problem> {
    let session = expect_context::<std::sync::Arc<dyn super::CurrentSession>>();
    let outcome = session.erase_notes().await;
    let word = outcome.map_or_else(EraseRefusal::word, |()| "all");
    super::answer_a_plain_form(&format!("/notes/erase?erased={word}"));
    Ok(EraseOutcome(outcome))
}

#[cfg(test)]
mod tests {
    use super::{EraseOutcome, EraseRefusal};

    #[test]
    fn an_outcome_that_is_written_is_read_again_and_nothing_else_is() {
        for outcome in [Ok(()), Err(EraseRefusal::Unavailable)] {
            let json = serde_json::to_string(&EraseOutcome(outcome)).expect("writes");
            let read: EraseOutcome = serde_json::from_str(&json).expect(&json);
            assert_eq!(read, EraseOutcome(outcome));
        }
        for json in ["null", "{}", r#"{"erased":false}"#, r#"{"refusal":"other"}"#] {
            assert!(serde_json::from_str::<EraseOutcome>(json).is_err(), "{json}");
        }
    }
}
