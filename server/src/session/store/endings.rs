//! Who waits for the end of which session, in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tower_sessions::session::Id;

/// What is heard of a session's end. Clones share everything.
///
/// News is a hint: whoever hears it looks into the store. So hearing too much does no harm, and after a time in which
/// nothing could be heard everybody is told to look.
#[derive(Clone, Debug, Default)]
pub struct Endings {
    waiting: Arc<Mutex<HashMap<Id, watch::Sender<()>>>>,
}

impl Endings {
    /// Waits for news of one session from now on.
    #[must_use]
    pub fn of(&self, place: Id) -> Ended {
        let news = self.waiting().entry(place).or_default().subscribe();
        Ended {
            place,
            news,
            endings: self.clone(),
        }
    }

    /// A session has ended.
    pub fn tell(&self, place: Id) {
        if let Some(news) = self.waiting().get(&place) {
            news.send_replace(());
        }
    }

    /// Something may have been missed.
    pub fn tell_all(&self) {
        for news in self.waiting().values() {
            news.send_replace(());
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Id, watch::Sender<()>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// News of one session.
#[derive(Debug)]
pub struct Ended {
    place: Id,
    news: watch::Receiver<()>,
    endings: Endings,
}

impl Ended {
    /// Resolves when there is news that this has not told yet.
    pub async fn news(&mut self) {
        // The sender stands in the map for as long as somebody waits.
        let _ = self.news.changed().await;
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let mut waiting = self.endings.waiting();
        // This one still counts.
        if waiting.get(&self.place).is_some_and(|news| news.receiver_count() <= 1) {
            waiting.remove(&self.place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn who_waits_hears_of_his_session_and_of_a_gap() {
        let endings = Endings::default();
        let (one, other) = (Id::default(), Id::default());
        let mut waiting = endings.of(one);
        endings.tell(other);
        assert!(waiting.news().now_or_never().is_none(), "another session's end");
        endings.tell(one);
        assert!(waiting.news().now_or_never().is_some());
        assert!(waiting.news().now_or_never().is_none(), "once");
        endings.tell_all();
        assert!(
            waiting.news().now_or_never().is_some(),
            "something may have been missed"
        );
    }

    #[tokio::test]
    async fn nothing_is_kept_for_those_who_no_longer_wait() {
        let endings = Endings::default();
        let place = Id::default();
        let (one, two) = (endings.of(place), endings.of(place));
        drop(one);
        assert_eq!(endings.waiting().len(), 1);
        drop(two);
        assert!(endings.waiting().is_empty());
    }
}
