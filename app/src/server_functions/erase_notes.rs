//! Erasing all of a person's notes: only shortly after the person authenticated.

use super::Outcome;
use leptos::prelude::*;
use leptos_bff::problem::Problem;

refusals! {
    /// Why the notes were not erased.
    EraseRefusal {
        /// The place where notes are kept did not answer as it should; later may work.
        Unavailable = "unavailable",
    }
}

/// Erases all of the person's notes. The access table demands that the person authenticated a
/// short while ago.
///
/// A form posted by the browser itself is answered with a redirect to `/notes/erase?erased=` and
/// the outcome: `all`, or the word of the refusal.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 with the code
/// `step_up_required`. A failure of the store is an [`EraseRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "erase_notes")]
pub async fn erase_notes() -> Result<Outcome<(), EraseRefusal>, Problem> {
    let outcome = super::notes::notebook().erase().await;
    let word = outcome.map_or_else(EraseRefusal::word, |()| "all");
    super::answer_a_plain_form(&format!("/notes/erase?erased={word}"));
    Ok(outcome.into())
}
