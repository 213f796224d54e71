//! The access table, applied to navigations inside the browser.
//!
//! This guards nothing by itself: the server does, for each page load and each server function.
//! It keeps a client-side navigation from showing a page that the server would not have rendered,
//! by asking the server for it.

use crate::hydrated::{once_hydrated, use_hydrated};
use crate::public_path::{href_of_page, use_pathname, use_public_path};
use crate::session::{SessionState, use_elapsed, use_session};
use crate::sign_in::{sign_in_href, use_here};
use bff_contract::access::{Access, Decision, Rule, Table, decide};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos_router::hooks::use_location;
use std::time::Duration;
use web_sys::{Element, Event, HtmlAnchorElement};

/// Gives the access table to everything inside: the same that the server decides with.
pub(crate) fn provide_access(table: Table) {
    provide_context(StoredValue::new(table.access()));
}

/// The rule of each path, by the access table.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
pub fn use_access() -> impl Fn(&str) -> Rule + Copy + Send + Sync + 'static {
    let access = expect_context::<StoredValue<Access>>();
    move |path| access.with_value(|access| access.rule(path))
}

/// The decision of the access table about a path, for the person who is signed in. It follows the session if it is
/// called inside of an effect or a view.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
pub fn use_decision() -> impl Fn(&str) -> Decision + Copy + Send + Sync + 'static {
    let (rule_of, session) = (use_access(), use_session());
    move |path| session.with(|state| decide(rule_of(path), state))
}

/// Leaves a link to the browser, before a router sees the click, if it leads to a page which the server would not have
/// rendered, past the path of `BFF_PUBLIC_URL` to another application, or to a path that looks like another host; `all`: each
/// link of this origin.
pub(crate) fn guard_links(all: bool) {
    let (rule_of, session, elapsed) = (use_access(), use_session(), use_elapsed());
    let public_path = use_public_path();
    let is_refused = move |path: &str| {
        let passed = elapsed.get_untracked();
        let decision = session.with_untracked(|state: &SessionState| decide(rule_of(path), &state.later_by(passed)));
        decision != Decision::Allow
    };
    // A page that is not hydrated leaves its links to the browser.
    once_hydrated(move || {
        let clicked = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            let Some(link) = clicked_link(&event) else { return };
            if all || public_path.routed(&link.pathname()).is_none_or(is_refused) {
                leave_to_browser(&link);
            }
        });
        // While the event goes down: before each listener that would follow the link.
        let listener = clicked.as_ref().unchecked_ref();
        let _ = window().add_event_listener_with_callback_and_bool("click", listener, true);
        // It listens for as long as the page lives.
        clicked.forget();
    });
}

/// The link of this origin that was clicked.
fn clicked_link(event: &Event) -> Option<HtmlAnchorElement> {
    let clicked: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = clicked.closest("a[href]").ok()??.dyn_into().ok()?;
    (link.origin() == window().location().origin().ok()?).then_some(link)
}

/// A router passes over a link that is `external`. It is so for this click only: the session may be another one at the next.
fn leave_to_browser(link: &HtmlAnchorElement) {
    let rel = link.get_attribute("rel");
    link.set_rel("external");
    let link = link.clone();
    set_timeout(
        move || {
            let _ = match rel {
                Some(rel) => link.set_attribute("rel", &rel),
                None => link.remove_attribute("rel"),
            };
        },
        Duration::ZERO,
    );
}

/// Call this first in every non-public page that does not use [`WhileSignedIn`](crate::WhileSignedIn). It also covers
/// navigations made by code.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider), and outside of a router.
pub fn guard_navigation() {
    // A page load was decided by the server; deciding it again here could only loop.
    if !use_hydrated().get_untracked() {
        return;
    }
    let path = use_pathname().get_untracked();
    let rule_of = use_access();
    let passed = use_elapsed().get_untracked();
    let decision = use_session().with_untracked(|session| decide(rule_of(&path), &session.later_by(passed)));
    match decision {
        Decision::Allow => {}
        Decision::SignIn => load(&sign_in_href(&use_here().get_untracked())),
        // The server decides anew: the person may have authenticated in another tab meanwhile.
        Decision::StepUp(_)
        | Decision::SessionEnded(_)
        | Decision::Forbidden(_)
        // The server asks the application's check.
        | Decision::Check(_)
        | Decision::Unavailable => load(&href_of_page(&with_query(path, &use_location().search.get_untracked()))),
    }
}

/// Without the fragment: a browser only scrolls to one if the rest of the address stays as it is.
fn with_query(mut path: String, query: &str) -> String {
    if !query.is_empty() && !query.starts_with('?') {
        path.push('?');
    }
    path.push_str(query);
    path
}

/// Leaves the application for a full page load.
fn load(url: &str) {
    // The only failure is a malformed URL, and these are all made here.
    let _ = window().location().set_href(url);
}

#[cfg(test)]
mod tests {
    use super::with_query;

    #[test]
    fn a_page_that_the_server_decides_about_is_loaded_with_its_query() {
        for (query, address) in [
            ("", "/orders/7"),
            ("print=1", "/orders/7?print=1"),
            ("?print=1", "/orders/7?print=1"),
        ] {
            assert_eq!(with_query("/orders/7".to_owned(), query), address);
        }
    }
}
