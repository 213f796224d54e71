//! The streams of this process that wait for events of sessions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tower_sessions::session::Id;

/// The changes other than an end that every replica hears of. Mere activity is none of them: it would be a message from
/// every signed-in person once a minute, to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The claims or the roles are others.
    Claims,
    /// The tokens were renewed.
    Refreshed,
    /// The session was about to end for lack of requests, and goes on.
    Extended,
    /// No session has changed, but the list under a key of the index: a session was entered there, or has left.
    Listed,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 4] = [Self::Claims, Self::Refreshed, Self::Extended, Self::Listed];

    /// The word that stands for it on the way to the other replicas.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Refreshed => "refreshed",
            Self::Extended => "extended",
            Self::Listed => "listed",
        }
    }

    /// The change that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.word() == word)
    }
}

/// An event of a session, told to the streams that wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// It has ended.
    Ended,
    /// It goes on, and is not as it was.
    Changed(Change),
    /// Something may have been missed.
    Missed,
}

impl SessionEvent {
    const KINDS: usize = 2 + Change::ALL.len();

    fn kind(self) -> usize {
        match self {
            Self::Ended => 0,
            Self::Missed => 1,
            Self::Changed(Change::Claims) => 2,
            Self::Changed(Change::Refreshed) => 3,
            Self::Changed(Change::Extended) => 4,
            Self::Changed(Change::Listed) => 5,
        }
    }
}

/// How often each kind of event was told.
type Counts = [u64; SessionEvent::KINDS];

/// The events of sessions. Clones share everything.
///
/// An event is a hint: its receiver reads the store. So one too many does no harm, and after an
/// interruption every receiver is told to look.
#[derive(Clone, Debug, Default)]
pub struct SessionEvents {
    waiting: Arc<Mutex<HashMap<Id, watch::Sender<Counts>>>>,
}

impl SessionEvents {
    /// Waits for events of one session, or of the list under one key of the index, from now on.
    #[must_use]
    pub fn of(&self, place: Id) -> Listener {
        let told = self.waiting().entry(place).or_default().subscribe();
        let before = *told.borrow();
        Listener {
            place,
            told,
            before,
            events: self.clone(),
        }
    }

    /// There is an event of one session, or of the list under one key of the index.
    pub fn tell(&self, place: Id, event: SessionEvent) {
        if let Some(told) = self.waiting().get(&place) {
            told.send_modify(|counts| counts[event.kind()] += 1);
        }
    }

    /// Events may have been missed, of any session.
    pub fn tell_all(&self) {
        for told in self.waiting().values() {
            told.send_modify(|counts| counts[SessionEvent::Missed.kind()] += 1);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Id, watch::Sender<Counts>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The events of a session that came at once, in no order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard([bool; SessionEvent::KINDS]);

impl Heard {
    /// Whether this was among them.
    #[must_use]
    pub fn has(self, event: SessionEvent) -> bool {
        self.0[event.kind()]
    }
}

impl From<SessionEvent> for Heard {
    fn from(event: SessionEvent) -> Self {
        let mut heard = Self::default();
        heard.0[event.kind()] = true;
        heard
    }
}

/// Hears the events of one session.
#[derive(Debug)]
pub struct Listener {
    place: Id,
    told: watch::Receiver<Counts>,
    before: Counts,
    events: SessionEvents,
}

impl Listener {
    /// Resolves when there are events that this has not told yet, with all of them. None is lost where the future is dropped.
    pub async fn events(&mut self) -> Heard {
        // The sender stands in the map for as long as somebody waits.
        let _ = self.told.changed().await;
        let counts = *self.told.borrow_and_update();
        let before = std::mem::replace(&mut self.before, counts);
        Heard(std::array::from_fn(|kind| counts[kind] != before[kind]))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut waiting = self.events.waiting();
        // This one still counts.
        if waiting.get(&self.place).is_some_and(|told| told.receiver_count() <= 1) {
            waiting.remove(&self.place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_listener_hears_of_its_session_and_of_a_gap() {
        let events = SessionEvents::default();
        let (one, other) = (Id::default(), Id::default());
        let mut waiting = events.of(one);
        events.tell(other, SessionEvent::Ended);
        assert!(
            waiting.events().now_or_never().is_none(),
            "the end of another session is not for this one"
        );
        events.tell(one, SessionEvent::Ended);
        let heard = waiting.events().now_or_never().expect("the end is reported");
        assert!(heard.has(SessionEvent::Ended) && !heard.has(SessionEvent::Missed));
        assert!(waiting.events().now_or_never().is_none(), "the end is reported once");
        events.tell_all();
        let heard = waiting.events().now_or_never().expect("the gap is reported");
        assert!(heard.has(SessionEvent::Missed) && !heard.has(SessionEvent::Ended));
    }

    #[tokio::test]
    async fn events_since_the_last_time_are_heard_at_once() {
        let events = SessionEvents::default();
        let place = Id::default();
        let mut waiting = events.of(place);
        let changed = |change| SessionEvent::Changed(change);
        events.tell(place, changed(Change::Claims));
        events.tell(place, changed(Change::Refreshed));
        events.tell(place, changed(Change::Claims));
        let heard = waiting.events().now_or_never().expect("the changes are reported");
        assert!(heard.has(changed(Change::Claims)) && heard.has(changed(Change::Refreshed)));
        assert!(!heard.has(changed(Change::Extended)) && !heard.has(SessionEvent::Ended));
        assert!(
            waiting.events().now_or_never().is_none(),
            "the changes are reported once"
        );
    }

    #[tokio::test]
    async fn nothing_is_kept_for_listeners_that_no_longer_wait() {
        let events = SessionEvents::default();
        let place = Id::default();
        let (one, two) = (events.of(place), events.of(place));
        drop(one);
        assert_eq!(events.waiting().len(), 1);
        drop(two);
        assert!(events.waiting().is_empty());
    }

    #[test]
    fn a_word_stands_for_one_change() {
        for change in Change::ALL {
            assert_eq!(Change::from_word(change.word()), Some(change));
        }
        assert_eq!(Change::from_word("ended"), None);
    }
}
