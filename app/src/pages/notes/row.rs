//! One note, with the forms that change and remove it.

use super::Notes;
use super::entry::{Entry, Standing};
use crate::calendar::rfc3339_in_words;
use crate::components::focus_on;
use crate::server_functions::{ChangeNote, RemoveNote};
use leptos::ev::SubmitEvent;
use leptos::html::{Details, Textarea};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::rcdata::textarea;
use leptos_bff::{href, use_hydrated};

/// One row. An unsaved note says so, and offers to try again.
#[component]
pub(super) fn EntryRow(
    /// The page.
    notes: Notes,
    /// The note.
    entry: Entry,
) -> impl IntoView {
    let Entry {
        text, standing, gone, ..
    } = entry;
    let again = {
        let entry = entry.clone();
        move |_| entry.save(notes)
    };
    let remove = {
        let entry = entry.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            entry.remove(notes);
        }
    };
    let not_saved = move || match standing.get() {
        Standing::Saved => None,
        Standing::Saving => Some("Saving…"),
        Standing::Not(words) => Some(words),
    };
    let has_failed = move || matches!(standing.get(), Standing::Not(_));
    let of = entry.text.get_untracked().chars().take(40).collect::<String>();
    let (id, changed_at) = (entry.id.clone(), entry.changed_at.clone());
    let anchor = format!("note-{id}");
    view! {
        <li class="card note" id=anchor hidden=move || gone.get()>
            <p class="note-text">
                <bdi>{move || text.get()}</bdi>
            </p>
            <p class="note-standing" class:failed=has_failed>
                {move || not_saved().map_or_else(|| when(&changed_at), ToOwned::to_owned)}
                " "
                <button type="button" class="copy" hidden=move || !has_failed() on:click=again>
                    "Save again"
                </button>
            </p>
            <Change notes entry of=of.clone() />
            <form class="note-delete" method="post" action=href(RemoveNote::url()) on:submit=remove>
                <input type="hidden" name="id" value=id />
                <button class="button button-quiet">"Delete" <span class="visually-hidden">": " {of}</span></button>
            </form>
        </li>
    }
}

/// The form that gives the note another text, in the place of the text. Without JavaScript its button closes it again.
#[component]
fn Change(
    /// The page.
    notes: Notes,
    /// The note.
    entry: Entry,
    /// The beginning of its text.
    of: String,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let (details, field) = (NodeRef::<Details>::new(), NodeRef::<Textarea>::new());
    let Entry { text, typed, .. } = entry;
    let button = entry.change_button();
    let close = {
        let button = button.clone();
        move || {
            if let Some(details) = details.get_untracked() {
                let _ = details.remove_attribute("open");
            }
            focus_on(&button);
        }
    };
    let opened = move |_| {
        let is_open = details
            .get_untracked()
            .is_some_and(|details| details.has_attribute("open"));
        if let (true, Some(field)) = (is_open, field.get_untracked()) {
            // Behind the text. Focus is a convenience here: a field that refuses it is still on the page.
            let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(0);
            let _ = field.focus();
            let _ = field.set_selection_range(end, end);
        }
    };
    let changed = {
        let (close, entry) = (close.clone(), entry.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            text.set(typed.get_untracked());
            entry.save(notes);
            close();
        }
    };
    let cancel = move |_| {
        typed.set(text.get_untracked());
        close();
    };
    view! {
        <details class="note-change" node_ref=details on:toggle=opened>
            <summary class="button button-quiet" id=button>
                "Change"
                <span class="visually-hidden">": " {of}</span>
            </summary>
            <form method="post" action=href(ChangeNote::url()) on:submit=changed>
                <input type="hidden" name="id" value=entry.id />
                <label>
                    <span class="visually-hidden">"Text of the note"</span>
                    <textarea
                        class="field"
                        name="text"
                        rows="5"
                        maxlength="4000"
                        required
                        node_ref=field
                        prop:value=move || typed.get()
                        on:input:target=move |event| typed.set(event.target().value())
                    >
                        {textarea(&text.get_untracked())}
                    </textarea>
                </label>
                <p class="actions">
                    <button class="button">"Save the change"</button>
                    <button
                        type="button"
                        class="button button-quiet"
                        hidden=move || !hydrated.get()
                        on:click=cancel
                    >
                        "Cancel"
                    </button>
                </p>
            </form>
        </details>
    }
}

fn when(changed_at: &str) -> String {
    if changed_at.is_empty() {
        "Changed just now".to_owned()
    } else {
        format!("Changed {}", rfc3339_in_words(changed_at))
    }
}
