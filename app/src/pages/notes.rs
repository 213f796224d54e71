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

use crate::components::{OutcomeLine, Said, Unreadable};
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
    said: RwSignal<Said>,
    /// The note that was removed last: that can be undone for as long as the page is open.
    removed: RwSignal<Option<Entry>>,
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

    /// A removal came to nothing, so that there is nothing to undo. Whether it was the last one.
    fn forget_removal(self, of: &Entry) -> bool {
        let is_last = |last: &Option<Entry>| last.as_ref().is_some_and(|last| last.id == of.id);
        let is_last = self.removed.with_untracked(is_last);
        if is_last {
            self.removed.set(None);
        }
        is_last
    }
}

/// The id of the button that undoes a removal.
const UNDO: &str = "undo";

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
        said: RwSignal::new(done.map_or(Said::Nothing, |word| saving::said_without_scripts(&word))),
        removed: RwSignal::new(None),
        owner: StoredValue::new(Owner::current()),
    };
    // Not before hydration: kept changes would stand among notes that are not hydrated yet.
    once_hydrated(move || unsaved::keep(notes));
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
            <div class="with-aside">
                <div class="notes">
                    <NewNote notes />
                    <OutcomeLine said=notes.said />
                    <Undo notes />
                    <Suspense fallback=Skeleton>
                        {move || Suspend::new(async move { outcome(notes, listed.await) })}
                    </Suspense>
                </div>
                <TryIt />
            </div>
        </WhileSignedIn>
    }
}

/// `first` counts only once: later changes are on the page already.
fn outcome(notes: Notes, first: Result<Outcome<Vec<Note>, NotesRefusal>, Problem>) -> AnyView {
    let entries = notes.entries;
    if !notes.are_listed.get_untracked() {
        let Ok(Outcome::Done(first)) = first else {
            return view! {
                <Unreadable says="Your notes cannot be read just now. None of them is lost." page="/notes" />
            }
            .into_any();
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

/// A button that undoes the last removal.
#[component]
fn Undo(
    /// The notes.
    notes: Notes,
) -> impl IntoView {
    let undo = move |_| {
        let removed = notes.removed.get_untracked();
        notes.removed.set(None);
        notes.said.set(Said::Nothing);
        if let Some(entry) = removed {
            entry.restore(notes);
        }
    };
    move || {
        notes.removed.with(Option::is_some).then(|| {
            view! {
                <p class="notes-undo">
                    <button id=UNDO type="button" class="button button-quiet" on:click=undo>
                        "Undo the deletion"
                    </button>
                </p>
            }
        })
    }
}

/// Things to try.
#[component]
fn TryIt() -> impl IntoView {
    view! {
        <section class="aside" aria-labelledby="try">
            <h2 id="try">"Try to lose a note"</h2>
            <ol class="steps">
                <li>"Begin a note, and do not save it."</li>
                <li>"Sign out in a second tab, or let the session end."</li>
                <li>"Sign in again as the same person: your text is there."</li>
            </ol>
            <p>
                "A note that you save while the session is over waits for your sign-in, and is sent then. The text belongs to                  you: whoever else signs in here does not see it."
            </p>
        </section>
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
