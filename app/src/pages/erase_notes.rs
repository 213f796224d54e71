//! A page for which a session is not enough either: it asks for a fresh authentication.
//!
//! Its form is the browser's own, with a script as without: nothing is erased by a page that goes
//! on by itself after the person has authenticated again. It says how much is erased, and whose: the provider may have
//! authenticated somebody else than the person who set out.

use crate::components::{OutcomeLine, Said, Unreadable};
use crate::server_functions::{EraseNotes, EraseRefusal, NotesRefusal, Outcome, count_notes};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::session::use_session;
use leptos_bff::{A, WhileSignedIn, href};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct EraseNotesRoute;

#[lazy_route]
impl LazyRoute for EraseNotesRoute {
    fn data() -> Self {
        Self
    }

    fn view(EraseNotesRoute: Self) -> AnyView {
        view! { <EraseNotesPage /> }.into_any()
    }
}

/// Erases all of a person's notes at once.
#[component]
fn EraseNotesPage() -> impl IntoView {
    let said = use_query("erased").map_or(Said::Nothing, |word| said(&word));
    let counted = OnceResource::new(count_notes());
    view! {
        <Title text="Erase all notes" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Needs a sign-in of the last five minutes"</p>
                <h1 tabindex="-1">"Erase all my notes"</h1>
                <p class="lead">
                    "This cannot be undone. So the access table demands that you signed in at the provider within the last five \
                     minutes. If you signed in earlier, the provider asks you again and brings you back here."
                </p>
            </div>
            <div class="erase">
                <OutcomeLine said />
                <Suspense fallback=|| view! { <div class="card skeleton" aria-hidden="true"></div> }>
                    {move || Suspend::new(async move { after_counting(&counted.await) })}
                </Suspense>
            </div>
        </WhileSignedIn>
    }
}

/// What may be erased. Where nobody knows how much that is, nothing may.
fn after_counting(answer: &Result<Outcome<usize, NotesRefusal>, Problem>) -> AnyView {
    match answer {
        Ok(Outcome::Done(0)) => view! { <Nothing /> }.into_any(),
        Ok(Outcome::Done(count)) => view! { <Armed count=*count /> }.into_any(),
        _ => view! {
            <Unreadable
                says="Your notes cannot be counted just now, so nothing can be erased. None of them is lost."
                page="/notes/erase"
            />
        }
        .into_any(),
    }
}

#[component]
fn Armed(
    /// How many notes there are.
    count: usize,
) -> impl IntoView {
    let session = use_session();
    let whose = move || session.with(|state| state.active().map(|session| session.display_name().to_owned()));
    view! {
        <section class="card card-danger" aria-labelledby="erase">
            <h2 id="erase">{notes_in_words(count)} " of " <bdi>{whose}</bdi></h2>
            <p>"They are gone for good: there is no copy, and no undo."</p>
            <form method="post" action=href(EraseNotes::url())>
                <p class="actions">
                    <button class="button button-danger">{format!("Erase {}", notes_in_words(count))}</button>
                    <A href="/notes" attr:class="button button-quiet">
                        "Cancel"
                    </A>
                </p>
            </form>
        </section>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let session = use_session();
    let whose = move || session.with(|state| state.active().map(|session| session.display_name().to_owned()));
    view! {
        <section class="card" aria-labelledby="erase">
            <h2 id="erase">"No notes of " <bdi>{whose}</bdi></h2>
            <p>"There is nothing to erase."</p>
            <p class="actions">
                <A href="/notes" attr:class="button button-quiet">
                    "Your notes"
                </A>
            </p>
        </section>
    }
}

fn notes_in_words(count: usize) -> String {
    match count {
        1 => "1 note".to_owned(),
        count => format!("{count} notes"),
    }
}

/// The result, by the word in the address.
fn said(word: &str) -> Said {
    match (word, EraseRefusal::from_word(word)) {
        ("all", _) => Said::Done("All your notes are erased."),
        (_, Some(EraseRefusal::Unavailable)) => {
            Said::Failed("Nothing was erased: notes cannot be changed just now. Try again in a moment.")
        }
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::{EraseRefusal, Said, notes_in_words, said};

    #[test]
    fn each_outcome_is_told_as_what_it_is() {
        assert!(matches!(said("all"), Said::Done(_)));
        for refusal in EraseRefusal::ALL {
            assert!(matches!(said(refusal.word()), Said::Failed(_)), "{refusal:?}");
        }
        assert_eq!(said("<script>"), Said::Nothing);
    }

    #[test]
    fn the_page_says_how_much_is_erased() {
        assert_eq!(notes_in_words(1), "1 note");
        assert_eq!(notes_in_words(12), "12 notes");
    }
}
