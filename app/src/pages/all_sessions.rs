//! The sessions of everybody: an administrator finds them by their person, and ends them.
//!
//! Its forms are the browser's own, with a script as without: nothing is ended by a page that goes on by itself after the
//! administrator has authenticated again.

mod address;
mod list;

use crate::components::{OutcomeLine, Said};
use crate::server_functions::{AdministrationRefusal, AllSessions, Outcome, list_all_sessions};
use leptos::prelude::*;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::{WhileSignedIn, href};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use list::List;

/// The path of the page.
const PATH: &str = "/admin/sessions";

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct AllSessionsRoute;

#[lazy_route]
impl LazyRoute for AllSessionsRoute {
    fn data() -> Self {
        Self
    }

    fn view(AllSessionsRoute: Self) -> AnyView {
        view! { <AllSessionsPage /> }.into_any()
    }
}

/// A page of the list, of everybody or of the person that the address names.
#[component]
fn AllSessionsPage() -> impl IntoView {
    let subject = use_query("subject").filter(|subject| !subject.is_empty());
    let said = use_query("ended").map_or(Said::Nothing, |word| said(&word));
    let listed = OnceResource::new(list_all_sessions(subject.clone(), use_query("after")));
    let subject = StoredValue::new(subject);
    view! {
        <Title text="All sessions" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Needs the role admin, and a sign-in of the last five minutes"</p>
                <h1 tabindex="-1">"Who is signed in"</h1>
                <p class="lead">
                    "Each session of each person, the newest first. End one, and its browser shows within a second that an \
                     administrator ended it. The server shows no token here, and no claim but the subject."
                </p>
            </div>
            <div class="sessions">
                <Search subject=subject.get_value().unwrap_or_default() />
                <section class="card" aria-labelledby="all-sessions">
                    <h2 id="all-sessions">"Sessions"</h2>
                    <OutcomeLine said />
                    <Suspense fallback=|| view! { <div class="skeleton" aria-hidden="true"></div> }>
                        {move || Suspend::new(async move { outcome(listed.await, subject.get_value()) })}
                    </Suspense>
                </section>
            </div>
        </WhileSignedIn>
    }
}

/// A whole load, so that it works without JavaScript as well.
#[component]
fn Search(
    /// The `sub` that was asked for; empty: that of nobody.
    subject: String,
) -> impl IntoView {
    view! {
        <form class="card session-search" method="get" action=href(PATH) role="search">
            <label for="session-subject">"Subject of the person (sub)"</label>
            <input
                id="session-subject"
                class="field"
                type="search"
                name="subject"
                value=subject
                maxlength="255"
                autocomplete="off"
                spellcheck="false"
            />
            <button class="button">"Find"</button>
        </form>
    }
}

fn outcome(listed: Result<Outcome<AllSessions, AdministrationRefusal>, Problem>, subject: Option<String>) -> AnyView {
    let words = match listed {
        Ok(Outcome::Done(list)) => return view! { <List list subject /> }.into_any(),
        Ok(Outcome::Refusal(AdministrationRefusal::NoPlace)) => "The address of this page names no place in the list.",
        _ => "The sessions cannot be listed just now. None of them was ended.",
    };
    view! {
        <div class="notice" role="alert">
            <p>{words}</p>
            <p>
                <a rel="external" href=href(PATH)>
                    "To the first page"
                </a>
            </p>
        </div>
    }
    .into_any()
}

/// The result, by the word in the address.
fn said(word: &str) -> Said {
    match (word, AdministrationRefusal::from_word(word)) {
        ("one", _) => Said::Done("That session is ended."),
        ("all", _) => Said::Done("All sessions of that person are ended."),
        (_, Some(AdministrationRefusal::NotFound)) => Said::Done("That session had already ended."),
        (_, Some(AdministrationRefusal::Unavailable)) => Said::Failed(
            "Nobody knows whether all of it was ended: sessions cannot be changed just now. Try again in a moment.",
        ),
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, said};

    #[test]
    fn each_outcome_is_told_as_what_it_is() {
        for word in ["one", "all", "not_found"] {
            assert!(matches!(said(word), Said::Done(_)), "{word}");
        }
        assert!(matches!(said("unavailable"), Said::Failed(_)));
        assert_eq!(said("<script>"), Said::Nothing);
    }
}
