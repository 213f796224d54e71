//! The streams of this process that wait for news of sessions.

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
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 3] = [Self::Claims, Self::Refreshed, Self::Extended];

    /// The word that stands for it on the way to the other replicas.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Refreshed => "refreshed",
            Self::Extended => "extended",
        }
    }

    /// The change that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.word() == word)
    }
}

/// News of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It has ended.
    Ended,
    /// It goes on, and is not as it was.
    Changed(Change),
    /// Something may have been missed.
    Missed,
}

impl News {
    const KINDS: usize = 2 + Change::ALL.len();

    fn kind(self) -> usize {
        match self {
            Self::Ended => 0,
            Self::Missed => 1,
            Self::Changed(Change::Claims) => 2,
            Self::Changed(Change::Refreshed) => 3,
            Self::Changed(Change::Extended) => 4,
        }
    }
}

/// How often each kind of news was told.
type Counts = [u64; News::KINDS];

/// The news of sessions. Clones share everything.
///
/// News is a hint: its receiver reads the store. So superfluous news does no harm, and after an
/// interruption every receiver is told to look.
#[derive(Clone, Debug, Default)]
pub struct SessionNews {
    waiting: Arc<Mutex<HashMap<Id, watch::Sender<Counts>>>>,
}

impl SessionNews {
    /// Waits for news of one session from now on.
    #[must_use]
    pub fn of(&self, place: Id) -> Listener {
        let told = self.waiting().entry(place).or_default().subscribe();
        let before = *told.borrow();
        Listener {
            place,
            told,
            before,
            news: self.clone(),
        }
    }

    /// There is news of one session.
    pub fn tell(&self, place: Id, news: News) {
        if let Some(told) = self.waiting().get(&place) {
            told.send_modify(|counts| counts[news.kind()] += 1);
        }
    }

    /// News may have been missed, of any session.
    pub fn tell_all(&self) {
        for told in self.waiting().values() {
            told.send_modify(|counts| counts[News::Missed.kind()] += 1);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Id, watch::Sender<Counts>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The news of a session that came at once, in no order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard([bool; News::KINDS]);

impl Heard {
    /// Whether this was among it.
    #[must_use]
    pub fn has(self, news: News) -> bool {
        self.0[news.kind()]
    }
}

/// Hears the news of one session.
#[derive(Debug)]
pub struct Listener {
    place: Id,
    told: watch::Receiver<Counts>,
    before: Counts,
    news: SessionNews,
}

impl Listener {
    /// Resolves when there is news that this has not told yet: all of it. None is lost where nobody waits for this any more.
    pub async fn news(&mut self) -> Heard {
        // The sender stands in the map for as long as somebody waits.
        let _ = self.told.changed().await;
        let counts = *self.told.borrow_and_update();
        let before = std::mem::replace(&mut self.before, counts);
        Heard(std::array::from_fn(|kind| counts[kind] != before[kind]))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut waiting = self.news.waiting();
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
        let news = SessionNews::default();
        let (one, other) = (Id::default(), Id::default());
        let mut waiting = news.of(one);
        news.tell(other, News::Ended);
        assert!(
            waiting.news().now_or_never().is_none(),
            "the end of another session is not for this one"
        );
        news.tell(one, News::Ended);
        let heard = waiting.news().now_or_never().expect("the end is reported");
        assert!(heard.has(News::Ended) && !heard.has(News::Missed));
        assert!(waiting.news().now_or_never().is_none(), "the end is reported once");
        news.tell_all();
        let heard = waiting.news().now_or_never().expect("the gap is reported");
        assert!(heard.has(News::Missed) && !heard.has(News::Ended));
    }

    #[tokio::test]
    async fn news_since_the_last_time_is_heard_at_once() {
        let news = SessionNews::default();
        let place = Id::default();
        let mut waiting = news.of(place);
        let changed = |change| News::Changed(change);
        news.tell(place, changed(Change::Claims));
        news.tell(place, changed(Change::Refreshed));
        news.tell(place, changed(Change::Claims));
        let heard = waiting.news().now_or_never().expect("the changes are reported");
        assert!(heard.has(changed(Change::Claims)) && heard.has(changed(Change::Refreshed)));
        assert!(!heard.has(changed(Change::Extended)) && !heard.has(News::Ended));
        assert!(waiting.news().now_or_never().is_none(), "the changes are reported once");
    }

    #[tokio::test]
    async fn nothing_is_kept_for_listeners_that_no_longer_wait() {
        let news = SessionNews::default();
        let place = Id::default();
        let (one, two) = (news.of(place), news.of(place));
        drop(one);
        assert_eq!(news.waiting().len(), 1);
        drop(two);
        assert!(news.waiting().is_empty());
    }

    #[test]
    fn a_word_stands_for_one_change() {
        for change in Change::ALL {
            assert_eq!(Change::from_word(change.word()), Some(change));
        }
        assert_eq!(Change::from_word("ended"), None);
    }
}
