//! The person's sessions: where they are signed in, and ending any of them.
//!
//! The list follows the person's sessions: one that begins or ends elsewhere changes it within a second.

mod ending;
mod list;
mod row;
mod shown;

use crate::components::Unreadable;
use crate::server_functions::{Outcome, SessionList, SessionsRefusal, list_sessions};
use ending::Endings;
use leptos::prelude::*;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::{SignInLink, WhileSignedIn};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use list::List;
use shown::Shown;

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct SessionsRoute;

#[lazy_route]
impl LazyRoute for SessionsRoute {
    fn data() -> Self {
        Self
    }

    fn view(SessionsRoute: Self) -> AnyView {
        view! { <SessionsPage /> }.into_any()
    }
}

/// This session and the others. The first list comes with the page; a navigation inside the
/// browser asks for it.
#[component]
fn SessionsPage() -> impl IntoView {
    let page = use_query("page").and_then(|page| page.parse().ok());
    let listed = OnceResource::new(list_sessions(page));
    let shown = Shown::new();
    shown.follow(page);
    let endings = Endings::new(shown);
    view! {
        <Title text="Sessions" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Your sessions"</p>
                <h1 tabindex="-1">"Where you are signed in"</h1>
                <p class="lead">
                    "Each browser in which you signed in here has a session of its own. Sign one out, and it is refused \
                     at its very next request. The list is live: sign in with a second browser and watch."
                </p>
            </div>
            <Suspense fallback=Skeleton>
                {move || Suspend::new(async move { outcome(listed.await, shown, endings) })}
            </Suspense>
        </WhileSignedIn>
    }
}

/// `first` counts only once: a later list is on the page already.
fn outcome(first: Result<Outcome<SessionList, SessionsRefusal>, Problem>, shown: Shown, endings: Endings) -> AnyView {
    match first {
        Ok(Outcome::Done(list)) => {
            shown.begin(list);
            view! { <List shown endings /> }.into_any()
        }
        Ok(Outcome::Refusal(SessionsRefusal::SessionEnded)) => view! {
            <div class="notice" role="alert">
                <p>"This session ended while the list was being made."</p>
                <p>
                    <SignInLink to="/sessions" class="">
                        "Sign in again"
                    </SignInLink>
                </p>
            </div>
        }
        .into_any(),
        _ => view! {
            <Unreadable
                says="Your sessions cannot be listed just now. None of them was ended."
                page="/sessions"
            />
        }
        .into_any(),
    }
}

/// A placeholder for the list while it loads.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="sessions" role="status">
            <p class="visually-hidden">"Asking for your sessions…"</p>
            <div class="card skeleton" aria-hidden="true"></div>
            <div class="card skeleton" aria-hidden="true"></div>
        </div>
    }
}
