//! The head of every page: where one can go, and who is signed in.
//!
//! All of it is in the first HTML, from the session's state that the server provided, so nothing
//! flashes and nothing is asked for. Sign-out is a plain form.

use super::{Monogram, initials};
use crate::access::{Decision, decide};
use crate::app::NAME;
use leptos::prelude::*;
use leptos_bff::EndedNotice;
use leptos_bff::erased::{dynamic, erased, erased_kept};
use leptos_bff::guard::use_access;
use leptos_bff::session::{SessionState, leave, use_session};
use leptos_bff::sign_in::{return_to, sign_in_href, use_here};
use leptos_router::hooks::use_location;

/// The pages that are shown to whoever may open them, be it after authenticating again. The profile
/// is shown to everybody: it is where a sign-in leads.
const LINKS: [(&str, &str); 4] = [
    ("/notes", "Notes"),
    ("/sessions", "Sessions"),
    ("/orders", "Orders"),
    ("/admin", "Admin"),
];

/// Brand, navigation, and the account.
#[component]
pub(crate) fn Header(
    /// Whether this page is an error. Its routes are not there to navigate to, so its links load
    /// a page.
    is_problem: bool,
) -> impl IntoView {
    let session = use_session();
    let rule_of = use_access();
    let may_open = move |path| session.with(|state| decide(rule_of(path), state));
    view! {
        <header class="site-header">
            <div class="site-header-row">
                <a class="brand" href="/" rel=is_problem.then_some("external")>
                    <span class="brand-drawing" inner_html=BRAND_MARK></span>
                    <span>{NAME}</span>
                </a>
                <nav class="site-nav" aria-label="Pages">
                    <ul>
                        <li>
                            <NavLink
                                path="/profile"
                                label="Profile"
                                load=Signal::derive(move || {
                                    is_problem || may_open("/profile") != Decision::Allow
                                })
                            />
                        </li>
                        {LINKS
                            .map(|(path, label)| {
                                dynamic(move || {
                                    matches!(may_open(path), Decision::Allow | Decision::StepUp(_))
                                        .then(|| erased(view! { <li><NavLink path label load=is_problem /></li> }))
                                })
                            })
                            .collect_view()}
                    </ul>
                </nav>
                <div class="account">
                    <Account is_problem />
                </div>
            </div>
            <EndedNotice is_problem />
        </header>
    }
}

/// A link to one of the pages.
#[component]
fn NavLink(
    /// The path it leads to.
    path: &'static str,
    /// The text of the link.
    label: &'static str,
    /// Whether the server must be asked for the page, rather than the router.
    #[prop(into)]
    load: Signal<bool>,
) -> impl IntoView {
    let here = use_location().pathname;
    view! {
        <a
            href=path
            rel=dynamic(move || load.get().then_some("external"))
            aria-current=dynamic(move || (here.get() == path).then_some("page"))
        >
            {label}
        </a>
    }
}

/// Who is signed in, with the way out; or the way in; or that nobody can tell.
#[component]
fn Account(
    /// Whether this page is an error.
    is_problem: bool,
) -> impl IntoView {
    let session = use_session();
    let here = use_here();
    dynamic(move || match session.get() {
        SessionState::Active(session) | SessionState::Expiring(session) | SessionState::Degraded(Some(session)) => {
            let name = session.display_name().to_owned();
            erased_kept(view! {
                <span class="person">
                    <Monogram initials=initials(&name) />
                    <span class="visually-hidden">"Signed in as "</span>
                    <bdi class="person-name">{name}</bdi>
                </span>
                <form method="post" action="/auth/logout" on:submit=|_| leave()>
                    <button class="button button-quiet">"Sign out"</button>
                </form>
            })
        }
        SessionState::Anonymous | SessionState::Ended { .. } => erased_kept(view! {
            <a
                class="button"
                rel="external"
                href=dynamic(move || sign_in_href(return_to(&here.get(), is_problem)))
            >
                "Sign in"
            </a>
        }),
        SessionState::Degraded(None) => erased_kept(view! {
            <span class="account-note">"Sessions are unavailable"</span>
        }),
    })
}

/// A keyhole in a gate: what is behind it stays there. As text, because drawings that never change
/// need no elements of their own in the WASM.
const BRAND_MARK: &str = concat!(
    r#"<svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">"#,
    r#"<path class="brand-gate" d="M5 29V14.5C5 8.1 9.9 3 16 3s11 5.1 11 11.5V29z"/>"#,
    r#"<path class="brand-keyhole" "#,
    r#"d="M16 11.5a3.4 3.4 0 0 0-1.7 6.3L13.2 24h5.6l-1.1-6.2A3.4 3.4 0 0 0 16 11.5z"/></svg>"#,
);
