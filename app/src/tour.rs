//! The tour of the home page: which of its steps have happened in this browser.
//!
//! The pages know a step by what the kit tells every application: why a session ended, a refusal, and the decision about a
//! page that wants a fresh sign-in. The marks are this demonstration's own. They are in `localStorage` under [`KEY`], name
//! steps, and say nothing about a session or a person.

use bff_contract::access::{Decision, StepUp};
use leptos::prelude::*;
use leptos_bff::guard::{use_access, use_decision};
use leptos_bff::session::{EndReason, use_live, use_session};
use leptos_bff::{once_hydrated, public_path, use_hydrated, use_pathname, use_problem};
use web_sys::Storage;

/// The name of the marks; the path of `BFF_PUBLIC_URL` stands behind it.
pub(crate) const KEY: &str = "tour";

/// The steps, in the order of the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The session of an open page ended, because the person signed out in another tab.
    SecondTab,
    /// Another session of the person ended this one.
    Elsewhere,
    /// The session at the provider ended, and the provider said so.
    AtProvider,
    /// A page was refused, because the person lacks a role or a claim.
    Refused,
    /// A page opened that wants a sign-in of the last minutes.
    Confirmed,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::SecondTab,
        Self::Elsewhere,
        Self::AtProvider,
        Self::Refused,
        Self::Confirmed,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::SecondTab => "second-tab",
            Self::Elsewhere => "elsewhere",
            Self::AtProvider => "provider",
            Self::Refused => "refused",
            Self::Confirmed => "confirmed",
        }
    }
}

/// The steps that have happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steps([bool; Step::ALL.len()]);

impl Steps {
    pub(crate) fn has(self, step: Step) -> bool {
        self.0[step as usize]
    }

    pub(crate) fn count(self) -> usize {
        self.0.iter().filter(|happened| **happened).count()
    }

    fn with(mut self, step: Step) -> Self {
        self.0[step as usize] = true;
        self
    }

    /// Reads words with spaces between them. Other words are passed over.
    fn read(text: &str) -> Self {
        let known = |word: &str| Step::ALL.into_iter().find(|step| step.word() == word);
        text.split(' ').filter_map(known).fold(Self::default(), Self::with)
    }

    fn to_text(self) -> String {
        let happened = Step::ALL.into_iter().filter(|step| self.has(*step));
        happened.map(Step::word).collect::<Vec<_>>().join(" ")
    }
}

/// The tour of this browser.
#[derive(Clone, Copy)]
pub(crate) struct Tour(RwSignal<Steps>);

/// The tour. Its marks are there once the page is interactive.
pub(crate) fn use_tour() -> Tour {
    expect_context()
}

impl Tour {
    pub(crate) fn steps(self) -> Steps {
        self.0.get()
    }

    /// Reads the marks again: another tab may have made one.
    pub(crate) fn look(self) {
        let kept = storage().and_then(|storage| storage.get_item(&key()).ok().flatten());
        let kept = Steps::read(&kept.unwrap_or_default());
        if self.0.get_untracked() != kept {
            self.0.set(kept);
        }
    }

    /// Begins the tour anew.
    pub(crate) fn forget(self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&key());
        }
        self.0.set(Steps::default());
    }

    fn mark(self, step: Step) {
        self.look();
        let steps = self.0.get_untracked().with(step);
        if let Some(storage) = storage() {
            // A browser that keeps nothing shows the step for as long as this page lives.
            let _ = storage.set_item(&key(), &steps.to_text());
        }
        self.0.set(steps);
    }
}

/// Provides the tour to everything inside, and marks each step as it happens. In the frame of every page, inside of the router.
pub(crate) fn provide_tour() {
    let tour = Tour(RwSignal::new(Steps::default()));
    provide_context(tour);
    let (session, live, hydrated) = (use_session(), use_live(), use_hydrated());
    let (path, rule_of, decision) = (use_pathname(), use_access(), use_decision());
    let problem = use_problem().map(|problem| problem.status);
    once_hydrated(move || {
        tour.look();
        if problem == Some(403) {
            tour.mark(Step::Refused);
        }
    });
    Effect::new(move |was_signed_in: Option<bool>| {
        let (is_signed_in, ended) = session.with(|state| (state.active().is_some(), state.end_reason()));
        if hydrated.get() {
            match ended {
                Some(EndReason::SignedOut) if was_signed_in == Some(true) && !live.leaves() => {
                    tour.mark(Step::SecondTab);
                }
                Some(EndReason::Elsewhere) => tour.mark(Step::Elsewhere),
                Some(EndReason::Provider) => tour.mark(Step::AtProvider),
                _ => {}
            }
        }
        is_signed_in
    });
    Effect::new(move |_| {
        let is_open =
            path.with(|path| rule_of(path).step_up() != StepUp::default() && decision(path) == Decision::Allow);
        if hydrated.get() && is_open && problem.is_none() {
            tour.mark(Step::Confirmed);
        }
    });
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Another application of the origin has marks of its own.
pub(crate) fn key() -> String {
    format!("{KEY}{}", public_path())
}

#[cfg(test)]
mod tests {
    use super::{Step, Steps};

    #[test]
    fn marks_that_are_kept_are_read_again_and_other_words_are_passed_over() {
        let mut steps = Steps::default();
        assert_eq!(Steps::read(&steps.to_text()), steps);
        for (count, step) in Step::ALL.into_iter().enumerate() {
            assert!(!steps.has(step), "{step:?}");
            steps = steps.with(step).with(step);
            assert!(steps.has(step) && steps.count() == count + 1, "{step:?}");
            assert_eq!(Steps::read(&steps.to_text()), steps);
        }
        let with_others = format!("of-another-version {} ", steps.to_text());
        assert_eq!(Steps::read(&with_others), steps);
    }
}
