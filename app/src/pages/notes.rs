//! Notes of a person: a page on which something is typed, and nothing of it is lost.
//!
//! A change is shown at once and sent then. Where it is refused because the session has ended, it
//! waits until the person has signed in again beside this page; where it fails, it stays on the page
//! with what to do about it. A change that is not saved when the page is left comes back with it.
//! Without JavaScript all of it is plain forms.

mod entry;
mod form;
mod unsaved;

use crate::server_functions::{Note, NotesOutcome, NotesRefusal};
use entry::{Entry, row};
use leptos::prelude::*;
use leptos_bff::erased::{dynamic, erased};
use leptos_bff::guard::guard_navigation;
use leptos_bff::json::Json;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::session::{Calls, use_calls, use_live};
use leptos_bff::title::set_title;
use leptos_bff::while_signed_in;

/// What the page knows. It outlives the end of a session, with what somebody typed.
#[derive(Clone, Copy)]
struct Notes {
    entries: RwSignal<Vec<Entry>>,
    /// Whether those that the server has are among them.
    are_listed: RwSignal<bool>,
    /// What is typed for a new note.
    draft: RwSignal<String>,
    /// What is said of the last change.
    said: RwSignal<&'static str>,
    calls: Calls,
    /// Whose signals outlive what is drawn of them.
    owner: StoredValue<Option<Owner>>,
}

impl Notes {
    /// Makes something that lasts as long as the page is open, with a session or without.
    fn lasting<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }
}

/// The notes, and a form for another one. The first list comes with the page; a navigation inside
/// the browser asks for it.
#[component]
pub(crate) fn NotesPage() -> impl IntoView {
    guard_navigation();
    let live = use_live();
    let listed = OnceResource::<_, Json>::new_with_options(
        async move {
            ask().await.unwrap_or_else(|problem| {
                live.learn_from(&problem);
                NotesOutcome(Err(NotesRefusal::Unavailable))
            })
        },
        false,
    );
    let done = use_query("done");
    let notes = Notes {
        entries: RwSignal::new(Vec::new()),
        are_listed: RwSignal::new(false),
        draft: RwSignal::new(String::new()),
        said: RwSignal::new(done.map_or("", |word| entry::said_without_scripts(&word))),
        calls: use_calls(),
        owner: StoredValue::new(Owner::current()),
    };
    Effect::new(move |_| unsaved::keep(notes));
    let page = move || {
        erased(view! {
            <div class="page-head">
                <p class="eyebrow">"Nobody else sees them"</p>
                <h1 tabindex="-1">"Your notes"</h1>
                <p class="lead">
                    "What you write here is not lost when your session ends, when the network goes away, or \
                     when you have to sign in again in the middle of a sentence."
                </p>
            </div>
            <div class="notes">
                {form::new_note(notes)}
                <div role="status">
                    {dynamic(move || {
                        let said = notes.said.get();
                        (!said.is_empty()).then(|| erased(view! { <p class="outcome notes-said">{said}</p> }))
                    })}
                </div>
                // Empty while the list is awaited: that is what lets the skeleton show.
                <div class="sessions-place">
                    {Suspend::new(async move { list(notes, listed.await) })}
                </div>
                {skeleton()}
            </div>
        })
    };
    set_title(|| "Notes".to_owned());
    erased(view! {
        {while_signed_in(page)}
    })
}

/// The list, on the server from where it is kept.
#[cfg(feature = "ssr")]
async fn ask() -> Result<NotesOutcome, Problem> {
    crate::server_functions::list_notes().await
}

/// The list, asked for by the browser.
#[cfg(not(feature = "ssr"))]
async fn ask() -> Result<NotesOutcome, Problem> {
    use crate::server_functions::ListNotes;
    use leptos::server_fn::ServerFn;
    use leptos_bff::fetch::post_for_resource;
    let answer = post_for_resource(ListNotes::url(), String::new()).await?;
    NotesOutcome::try_from(answer).map_err(|_| Problem::unreadable())
}

/// `first` counts only once: what was changed since then is on the page already.
fn list(notes: Notes, NotesOutcome(first): NotesOutcome) -> AnyView {
    let entries = notes.entries;
    match first {
        Ok(first) if !notes.are_listed.get_untracked() => {
            notes.are_listed.set(true);
            let is_there = |note: &Note| entries.with_untracked(|there| there.iter().any(|entry| entry.id == note.id));
            let missing: Vec<_> = first.into_iter().filter(|note| !is_there(note)).collect();
            let missing: Vec<_> = notes.lasting(|| missing.into_iter().map(Entry::saved).collect());
            entries.update(|entries| entries.extend(missing));
        }
        Err(_) if !notes.are_listed.get_untracked() => return unreadable(),
        _ => {}
    }
    let none_left = move || entries.with(|entries| entries.iter().all(|entry| entry.gone.get()));
    erased(view! {
        <div>
            <ul class="note-rows">
                {dynamic(move || entries.get().into_iter().map(|entry| row(notes, entry)).collect_view())}
            </ul>
            <p class="notes-erase" hidden=dynamic(none_left)>
                <a href="/notes/erase" rel="external">
                    "Erase all my notes…"
                </a>
            </p>
            <p class="notes-none" hidden=dynamic(move || !none_left())>
                "No notes yet. The first one may be a single word."
            </p>
        </div>
    })
}

fn unreadable() -> AnyView {
    erased(view! {
        <div class="notice" role="alert">
            <p>"Your notes cannot be read just now. None of them is lost."</p>
            <p>
                <a rel="external" href="/notes">
                    "Try again"
                </a>
            </p>
        </div>
    })
}

/// What stands in the place of the list while it is awaited; hidden by the style sheet otherwise.
fn skeleton() -> AnyView {
    erased(view! {
        <div class="sessions sessions-awaited" role="status">
            <p class="visually-hidden">"Asking for your notes…"</p>
            <div class="card skeleton" aria-hidden="true"></div>
        </div>
    })
}
