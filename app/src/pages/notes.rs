//! Notes of a person: a page on which something is typed, and nothing of it is lost.
//!
//! A change is shown at once and sent then. Where it is refused because the session has ended, it
//! waits until the person has signed in again beside this page; where it fails, it stays on the page
//! with advice. An unsaved change comes back when the page is opened again.
//! Without JavaScript all of it is plain forms.

mod entry;
mod form;
mod row;
mod saving;
mod unsaved;

use crate::server_functions::{Note, NotesRefusal, Outcome, list_notes};
use entry::Entry;
use form::NewNote;
use leptos::prelude::*;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::{WhileSignedIn, href, once_hydrated};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use row::EntryRow;

/// The page's state. It outlives the end of a session, with the typed text.
#[derive(Clone, Copy)]
struct Notes {
    entries: RwSignal<Vec<Entry>>,
    /// Whether those that the server has are among them.
    are_listed: RwSignal<bool>,
    /// The typed text of a new note.
    draft: RwSignal<String>,
    /// The message about the last change.
    said: RwSignal<&'static str>,
    /// The owner of signals that outlive their views.
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

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct NotesRoute;

#[lazy_route]
impl LazyRoute for NotesRoute {
    fn data() -> Self {
        Self
    }

    fn view(NotesRoute: Self) -> AnyView {
        view! { <NotesPage /> }.into_any()
    }
}

/// The notes, and a form for another one. The first list comes with the page; a navigation inside
/// the browser asks for it.
#[component]
fn NotesPage() -> impl IntoView {
    let listed = OnceResource::new(list_notes());
    let done = use_query("done");
    let notes = Notes {
        entries: RwSignal::new(Vec::new()),
        are_listed: RwSignal::new(false),
        draft: RwSignal::new(String::new()),
        said: RwSignal::new(done.map_or("", |word| saving::said_without_scripts(&word))),
        owner: StoredValue::new(Owner::current()),
    };
    // Not before hydration: kept changes would stand among notes that are not hydrated yet.
    once_hydrated(move || unsaved::keep(notes));
    let said = move || Some(notes.said.get()).filter(|said| !said.is_empty());
    view! {
        <Title text="Notes" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Nobody else sees them"</p>
                <h1 tabindex="-1">"Your notes"</h1>
                <p class="lead">
                    "What you write here is not lost when your session ends, when the network goes away, or \
                     when you have to sign in again in the middle of a sentence."
                </p>
            </div>
            <div class="notes">
                <NewNote notes />
                <div role="status">
                    {move || said().map(|said| view! { <p class="outcome notes-said">{said}</p> })}
                </div>
                <Suspense fallback=Skeleton>
                    {move || Suspend::new(async move { outcome(notes, listed.await) })}
                </Suspense>
            </div>
        </WhileSignedIn>
    }
}

/// `first` counts only once: later changes are on the page already.
fn outcome(notes: Notes, first: Result<Outcome<Vec<Note>, NotesRefusal>, Problem>) -> AnyView {
    let entries = notes.entries;
    if !notes.are_listed.get_untracked() {
        let Ok(Outcome::Done(first)) = first else {
            return view! { <Unreadable /> }.into_any();
        };
        notes.are_listed.set(true);
        let is_there = |note: &Note| entries.with_untracked(|there| there.iter().any(|entry| entry.id == note.id));
        let missing: Vec<_> = first.into_iter().filter(|note| !is_there(note)).collect();
        let missing: Vec<_> = notes.lasting(|| missing.into_iter().map(Entry::saved).collect());
        entries.update(|entries| entries.extend(missing));
    }
    view! { <List notes /> }.into_any()
}

#[component]
fn List(
    /// The notes.
    notes: Notes,
) -> impl IntoView {
    let entries = notes.entries;
    let none_left = move || entries.with(|entries| entries.iter().all(|entry| entry.gone.get()));
    view! {
        <div>
            <ul class="note-rows">
                <For each=move || entries.get() key=|entry| entry.id.clone() let:entry>
                    <EntryRow notes entry />
                </For>
            </ul>
            <p class="notes-erase" hidden=none_left>
                <a href=href("/notes/erase") rel="external">
                    "Erase all my notes…"
                </a>
            </p>
            <p class="notes-none" hidden=move || !none_left()>
                "No notes yet. The first one may be a single word."
            </p>
        </div>
    }
}

#[component]
fn Unreadable() -> impl IntoView {
    view! {
        <div class="notice" role="alert">
            <p>"Your notes cannot be read just now. None of them is lost."</p>
            <p>
                <a rel="external" href=href("/notes")>
                    "Try again"
                </a>
            </p>
        </div>
    }
}

/// A placeholder for the list while it loads.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="sessions" role="status">
            <p class="visually-hidden">"Asking for your notes…"</p>
            <div class="card skeleton" aria-hidden="true"></div>
        </div>
    }
}
