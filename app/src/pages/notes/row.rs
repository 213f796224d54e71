//! One note, with the forms that change and remove it.

use super::Notes;
use super::entry::{Entry, Standing};
use super::saving::removing;
use crate::calendar::rfc3339_in_words;
use crate::server_functions::{ChangeNote, RemoveNote};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::href;
use leptos_bff::rcdata::textarea;

/// One row. An unsaved note says so, and offers to try again.
#[component]
pub(super) fn EntryRow(
    /// The page.
    notes: Notes,
    /// The note.
    entry: Entry,
) -> impl IntoView {
    let Entry {
        text,
        typed,
        standing,
        gone,
        ..
    } = entry;
    let changed = {
        let entry = entry.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            text.set(typed.get_untracked());
            entry.save(notes);
        }
    };
    let again = {
        let entry = entry.clone();
        move |_| entry.save(notes)
    };
    let not_saved = move || match standing.get() {
        Standing::Saved => None,
        Standing::Saving => Some("Saving…"),
        Standing::Not(words) => Some(words),
    };
    let of = entry.text.get_untracked().chars().take(40).collect::<String>();
    let remove = removing(notes, entry.clone());
    let Entry { id, changed_at, .. } = entry;
    let anchor = format!("note-{id}");
    view! {
        <li class="card note" id=anchor hidden=move || gone.get()>
            <p class="note-text">
                <bdi>{move || text.get()}</bdi>
            </p>
            <p class="note-standing">
                {move || not_saved().map_or_else(|| when(&changed_at), ToOwned::to_owned)}
                " "
                <button
                    type="button"
                    class="copy"
                    hidden=move || !matches!(standing.get(), Standing::Not(_))
                    on:click=again
                >
                    "Save again"
                </button>
            </p>
            <div class="note-actions">
                <details>
                    <summary class="copy">"Change" <span class="visually-hidden">{format!(": {of}")}</span></summary>
                    <form method="post" action=href(ChangeNote::url()) on:submit=changed>
                        <input type="hidden" name="id" value=id.clone() />
                        <label>
                            <span class="visually-hidden">"Text of the note"</span>
                            <textarea
                                class="field"
                                name="text"
                                rows="4"
                                maxlength="4000"
                                required
                                prop:value=move || typed.get()
                                on:input:target=move |event| typed.set(event.target().value())
                            >
                                {textarea(&text.get_untracked())}
                            </textarea>
                        </label>
                        <button class="button">"Save the change"</button>
                    </form>
                </details>
                <form method="post" action=href(RemoveNote::url()) on:submit=remove>
                    <input type="hidden" name="id" value=id />
                    <button class="copy">"Remove" <span class="visually-hidden">{format!(": {of}")}</span></button>
                </form>
            </div>
        </li>
    }
}

fn when(changed_at: &str) -> String {
    if changed_at.is_empty() {
        "Changed just now".to_owned()
    } else {
        format!("Changed {}", rfc3339_in_words(changed_at))
    }
}
