//! The session's state, kept true for as long as the page is open.
//!
//! It starts with the state that the server rendered the page with. From then on the server tells every change
//! ([`stream`]), to one tab that tells the others ([`tabs`]); if it cannot, that tab asks quietly
//! every now and then. The state says how many seconds are left: the server's clock decides, the
//! browser's is never compared with it. When they are nearly over each tab asks for itself, because
//! another one may have extended the session; asking extends nothing.
//!
//! Only the server's answer to a later question brings back a person who was signed out: an answer to an earlier
//! question may arrive after the message that the session has ended. So a state that a page learns in passing
//! ([`Live::learn`]) may end a session and not begin one.

mod ask;
mod in_pages;
mod moment;
mod stream;
mod tabs;
mod this_tab;
mod tick;

pub use in_pages::{use_elapsed, use_live, use_other_sessions, use_session, use_waiting};

use super::{ActiveSession, EndReason, SessionState};
use crate::drafts::{forget_drafts, forget_drafts_but_of};
use crate::once_hydrated;
use crate::problem::Problem;
use leptos::prelude::*;
use this_tab::this_tab;

/// A session that is gone within so many seconds after its person asked for the sign-out was ended by that.
const LEAVES_WITHIN: u64 = 60;

/// The state of the session, for the whole application.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    state: RwSignal<SessionState>,
    elapsed: RwSignal<u64>,
    /// How many calls wait for the person to sign in again.
    waiting: RwSignal<usize>,
    /// How often it was heard that the person's other sessions may have changed.
    sessions: RwSignal<u32>,
}

/// A state of the session, as the server told it.
struct Told {
    state: SessionState,
    /// The same for the other tabs. A page that only reads JSON does not load the code that writes it.
    json: String,
}

impl Told {
    fn read(json: String) -> Option<Self> {
        let state = serde_json::from_str(&json).ok()?;
        Some(Self { state, json })
    }

    /// The server does not answer. Each tab keeps the session that it knows.
    fn nothing() -> Self {
        Self {
            state: SessionState::Degraded(None),
            json: r#"{"status":"degraded"}"#.to_owned(),
        }
    }
}

/// Provides the session to everything inside, starting from the [`SessionState`] that the server
/// put into the context of the render, and keeps it true in the browser.
pub(crate) fn provide_session() {
    let state = SharedValue::new(|| use_context::<SessionState>().unwrap_or_default()).into_inner();
    let live = Live {
        state: RwSignal::new(state),
        elapsed: RwSignal::new(0),
        waiting: RwSignal::new(0),
        sessions: RwSignal::new(0),
    };
    provide_context(live);
    // Read in the owner of the whole page: a title is made after its component is gone.
    provide_context(live.state.read_only());
    once_hydrated(move || live.begin());
}

/// The session of this tab, wherever it is asked for; none before the page is interactive.
pub(crate) fn live_of_this_tab() -> Option<Live> {
    if cfg!(feature = "ssr") {
        None
    } else {
        this_tab(|tab| tab.live)
    }
}

/// The person signs out here. The other tabs are told before the server is: which of them hears of the end, and
/// whether it hears why, depends on when the browser closes the streams of a page that is being left.
pub fn leave() {
    this_tab(|tab| tab.leaves = true);
    tabs::leave();
    forget_drafts();
}

impl Live {
    fn begin(self) {
        let person = self.person();
        this_tab(|tab| {
            tab.person = person;
            tab.live = Some(self);
        });
        self.tidy();
        tabs::join(self);
        tick::start(self);
        self.tend_stream();
    }

    /// Takes the state of the session from an answer to this page. It counts here until the leading tab has asked the
    /// server. It does not bring back a person who is signed out.
    pub fn learn(self, state: SessionState) {
        let begins = state.active().is_some() && self.state.with_untracked(|known| known.active().is_none());
        if !begins {
            self.apply(state);
        }
        self.ask();
    }

    /// Takes the state of the session from a refusal, if the refusal has one.
    pub fn learn_from(self, problem: &Problem) {
        if let Some(state) = SessionState::after(problem) {
            self.learn(state);
        }
    }

    /// The person of this page, if a person is signed in or was when the page was opened.
    #[must_use]
    pub fn person(self) -> Option<String> {
        self.state
            .with_untracked(|known| known.active().map(ActiveSession::person))
            .or_else(|| this_tab(|tab| tab.person.clone()))
    }

    /// Whether the person signs out in this tab. In another tab of the browser the session then ends as
    /// [`EndReason::SignedOut`] too, and the person has done nothing there.
    #[must_use]
    pub fn leaves(self) -> bool {
        this_tab(|tab| tab.leaves)
    }

    /// Whether somebody ended this session on purpose, here or elsewhere.
    pub(crate) fn is_signed_out(self) -> bool {
        use EndReason::{Administrator, Elsewhere, Provider, SignedOut};
        let reason = self.state.with_untracked(SessionState::end_reason);
        matches!(reason, Some(SignedOut | Elsewhere | Provider | Administrator))
    }

    /// Resolves with the person when somebody is signed in again.
    pub(crate) async fn somebody(self) -> Option<String> {
        this_tab::somebody().await
    }

    /// One call more, or one less, waits for the person.
    pub(crate) fn wait(self, change: isize) {
        self.waiting
            .update(|waiting| *waiting = waiting.saturating_add_signed(change));
    }

    /// The person has read why the session ended.
    pub(crate) fn put_away(self) {
        this_tab(|tab| tab.leaving = None);
        self.apply(SessionState::Anonymous);
    }

    /// The server's own word: it counts here, and the tab that leads passes it on.
    fn hear(self, told: Told) {
        tabs::tell(&told.json);
        self.apply(self.with_what_is_known(told.state));
    }

    /// The server says that the person's other sessions may have changed. The tab that leads passes it on.
    fn hear_of_sessions(self) {
        tabs::tell_of_sessions();
        self.sessions.update(|changes| *changes += 1);
    }

    /// The server's degraded state does not name the person of this page: the known session fills it in.
    fn with_what_is_known(self, state: SessionState) -> SessionState {
        match state {
            SessionState::Degraded(_) => self.state.with_untracked(SessionState::degraded),
            known => known,
        }
    }

    /// After a sign-out in another tab the cookie is gone, and with it the server's way to say why.
    fn with_reason(self, state: SessionState) -> SessionState {
        let is_out = self.state.with_untracked(|known| known.active().is_none());
        if is_out && state.active().is_some() {
            this_tab(|tab| tab.leaving = None);
        }
        let has_left = this_tab(|tab| tab.leaving.is_some_and(|since| since.seconds_ago() < LEAVES_WITHIN));
        match state {
            SessionState::Anonymous if has_left => SessionState::Ended {
                reason: EndReason::SignedOut,
            },
            known => known,
        }
    }

    /// Removes the drafts of everybody but the person of this page.
    fn tidy(self) {
        if self.is_signed_out() {
            forget_drafts_but_of(None);
        } else if self.state.with_untracked(|known| known.active().is_some()) {
            forget_drafts_but_of(self.person().as_deref());
        }
    }

    /// Takes a state for true.
    fn apply(self, state: SessionState) {
        let state = self.with_reason(state);
        let person = match &state {
            SessionState::Active(session) | SessionState::Expiring(session) => Some(session.person()),
            _ => None,
        };
        if person.is_some() && this_tab(|tab| tab.person.as_ref().is_some_and(|last| Some(last) != person.as_ref())) {
            // Another person may see no part of this page: neither its content nor the calls that wait.
            let _ = window().location().reload();
            return;
        }
        this_tab(|tab| {
            tab.events += 1;
            tab.heard = moment::Moment::now();
        });
        // Nothing new is known of the limits then: their time goes on.
        if !matches!(state, SessionState::Degraded(_)) {
            this_tab(|tab| tab.received = moment::Moment::now());
            self.elapsed.set(0);
        }
        if self.state.with_untracked(|known| *known != state) {
            self.state.set(state);
            self.tidy();
        }
        self.tend_stream();
        if let Some(person) = person {
            this_tab::resume(&person);
            this_tab(|tab| tab.person = Some(person));
        }
    }

    /// There is a stream if this tab leads and somebody is signed in, and none otherwise.
    fn tend_stream(self) {
        let wanted = tabs::leads() && self.state.with_untracked(|known| known.active().is_some());
        if wanted {
            stream::open(self);
        } else {
            stream::close();
        }
    }
}
