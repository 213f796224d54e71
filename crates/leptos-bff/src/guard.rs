//! The access table, applied to navigations inside the browser.
//!
//! This guards nothing by itself: the server does, for each page load and each server function.
//! It keeps a client-side navigation from showing a page that the server would not have rendered,
//! by asking the server for it.

use crate::hydrated::use_hydrated;
use crate::session::{use_elapsed, use_session};
use crate::sign_in::{sign_in_href, use_here};
use bff_contract::access::{Access, Decision, Rule, Table, decide};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Gives the access table to everything inside: the same that the server decides with.
pub fn provide_access(table: Table) {
    provide_context(StoredValue::new(table.access()));
}

/// The rule of each path, by the access table.
///
/// # Panics
///
/// Without [`provide_access`].
pub fn use_access() -> impl Fn(&str) -> Rule + Copy + Send + Sync + 'static {
    let access = expect_context::<StoredValue<Access>>();
    move |path| access.with_value(|access| access.rule(path))
}

/// To be called first by each page that is not public.
///
/// # Panics
///
/// Without [`provide_access`] and [`provide_session`](crate::session::provide_session).
pub fn guard_navigation() {
    // A page load was decided by the server; deciding it again here could only loop.
    if !use_hydrated().get_untracked() {
        return;
    }
    let path = use_location().pathname.get_untracked();
    let rule_of = use_access();
    let passed = use_elapsed().get_untracked();
    let decision = use_session().with_untracked(|session| decide(rule_of(&path), &session.later_by(passed)));
    match decision {
        Decision::Allow => {}
        Decision::SignIn => load(&sign_in_href(&use_here().get_untracked())),
        // The server decides anew: the person may have authenticated in another tab meanwhile.
        Decision::StepUp(_) | Decision::SessionEnded(_) | Decision::Forbidden(_) | Decision::Unavailable => load(&path),
    }
}

/// Leaves the application for a full page load.
fn load(url: &str) {
    // The only failure is a malformed URL, and these are all made here.
    let _ = window().location().set_href(url);
}
