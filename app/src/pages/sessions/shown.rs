//! The list as the page shows it. It follows the person's sessions.

use crate::components::focus_on;
use crate::server_functions::{Outcome, SessionList, SessionSummary, list_sessions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_bff::session::{use_elapsed, use_other_sessions};
use web_sys::js_sys::Date;

/// The id of the heading above the other sessions.
pub(super) const HEADING: &str = "other-sessions";

/// The list on the page.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    list: RwSignal<Option<SessionList>>,
    /// Seconds since the list came: 0 on the server and in the first render.
    pub(super) passed: RwSignal<u64>,
    /// When the list came, by the browser's clock, in milliseconds. None before the page is interactive.
    came: StoredValue<Option<f64>>,
}

impl Shown {
    pub(super) fn new() -> Self {
        Self {
            list: RwSignal::new(None),
            passed: RwSignal::new(0),
            came: StoredValue::new(None),
        }
    }

    /// Takes the first list.
    pub(super) fn begin(self, list: SessionList) {
        if self.list.with_untracked(Option::is_none) {
            self.list.set(Some(list));
        }
    }

    /// Asks for the list again each time that it may have changed, and counts the seconds since it came. In the browser.
    pub(super) fn follow(self, page: Option<u32>) {
        let changes = use_other_sessions();
        let first = changes.get_untracked();
        Effect::new(move |before: Option<u32>| {
            let now = changes.get();
            if before.unwrap_or(first) != now {
                spawn_local(async move {
                    let answer = list_sessions(page).await;
                    // The answer to a later question is on its way. A list that could not be had stays as it is.
                    let is_last = changes.try_get_untracked() == Some(now);
                    if let (Ok(Outcome::Done(list)), true) = (answer, is_last) {
                        self.replace(list);
                    }
                });
            }
            now
        });
        let elapsed = use_elapsed();
        Effect::new(move |_| {
            elapsed.track();
            match self.came.get_value() {
                Some(came) => self.passed.set(seconds(Date::now() - came)),
                None => self.came.set_value(Some(Date::now())),
            }
        });
    }

    fn replace(self, list: SessionList) {
        // The page may have been left meanwhile.
        if self.came.try_set_value(Some(Date::now())).is_none() {
            self.passed.set(0);
            keeping_focus(|| self.list.set(Some(list)));
        }
    }

    /// Takes one of the other sessions off the page, or all of them.
    pub(super) fn remove(self, name: Option<&str>) {
        self.list.update(|list| {
            let Some(list) = list else { return };
            let before = list.sessions.len();
            list.sessions
                .retain(|session| session.current || name.is_some_and(|name| session.name != name));
            let gone = u32::try_from(before - list.sessions.len()).unwrap_or(0);
            list.others = if name.is_some() {
                list.others.saturating_sub(gone)
            } else {
                0
            };
        });
        // The button that had the focus is gone: the next Tab begins at the list's heading.
        focus_on(HEADING);
    }

    /// The session that the page belongs to.
    pub(super) fn this(self) -> Option<SessionSummary> {
        self.find(|session| session.current)
    }

    /// One of the others, as it stands now.
    pub(super) fn named(self, name: &str) -> Option<SessionSummary> {
        self.find(|session| session.name == name)
    }

    fn find(self, is_it: impl Fn(&SessionSummary) -> bool) -> Option<SessionSummary> {
        self.list
            .with(|list| list.as_ref()?.sessions.iter().find(|session| is_it(session)).cloned())
    }

    /// The others on this page of the list.
    pub(super) fn others(self) -> Vec<SessionSummary> {
        self.list.with(|list| {
            let sessions = list.iter().flat_map(|list| &list.sessions);
            sessions.filter(|session| !session.current).cloned().collect()
        })
    }

    /// How many others there are on all pages.
    pub(super) fn count(self) -> u32 {
        self.list.with(|list| list.as_ref().map_or(0, |list| list.others))
    }

    /// Which page of the list this is, and how many there are.
    pub(super) fn pages(self) -> (u32, u32) {
        self.list
            .with(|list| list.as_ref().map_or((1, 1), |list| (list.page, list.pages)))
    }
}

/// Where the row that has the focus goes, the next Tab begins at the list's heading.
fn keeping_focus(change: impl FnOnce()) {
    let focused = document().active_element();
    let was_in_a_row = focused.is_some_and(|found| found.closest(".session-rows").is_ok_and(|row| row.is_some()));
    change();
    if was_in_a_row {
        request_animation_frame(|| {
            if document()
                .active_element()
                .is_none_or(|found| found.tag_name() == "BODY")
            {
                focus_on(HEADING);
            }
        });
    }
}

/// A clock that was set back counts as one that stands.
fn seconds(milliseconds: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the fraction does not count, and what is below zero or no number is 0"
    )]
    let seconds = (milliseconds / 1000.0) as u64;
    seconds
}
