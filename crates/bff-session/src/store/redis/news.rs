//! News of sessions, heard from Redis: one connection of its own for each replica.

use crate::store::{Change, News, SessionNews};
use fred::clients::SubscriberClient;
use fred::error::Error;
use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use fred::types::Message;
use fred::types::config::Server;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval};
use tower_sessions::session::Id;

/// While there is a connection and news are not heard over it, they are asked for so often.
const RETRY: Duration = Duration::from_secs(1);

/// While no news can be heard, each waiting stream reads the store this often.
const LOOK: Duration = Duration::from_secs(5);

/// Where the place of each session that ends is published.
pub(super) const ENDED: &str = "session-ended";

/// Where a session's place and a word are published, when it changes in a way that others want to know of.
pub(super) const CHANGED: &str = "session-changed";

/// The published message of a change.
pub(super) fn message(place: &Id, change: Change) -> String {
    format!("{place} {}", change.word())
}

/// The place and the news in a message.
fn read(channel: &str, message: &str) -> Option<(Id, News)> {
    if channel == ENDED {
        return Some((message.parse().ok()?, News::Ended));
    }
    let (place, word) = message.split_once(' ')?;
    // A replica of another version may have words that this one does not know.
    let news = Change::from_word(word).map_or(News::Missed, News::Changed);
    Some((place.parse().ok()?, news))
}

/// Whether ends of sessions are heard of. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Hearing(Arc<AtomicBool>);

impl Hearing {
    pub(super) fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns the earlier value.
    fn set(&self, is_so: bool) -> bool {
        self.0.swap(is_so, Ordering::Relaxed)
    }
}

/// Hears the news, and says so where it does not.
struct Listening {
    subscriber: SubscriberClient,
    news: SessionNews,
    hearing: Hearing,
}

/// Listens for as long as the client lives. Redis may be away and come back: then every waiting stream is told to look,
/// because messages published meanwhile were lost; and when it goes, so that they notice. `silent` tells of a connection
/// that was given up because it did not answer.
pub(super) fn listen(client: &SubscriberClient, news: SessionNews, silent: Arc<Notify>) -> Hearing {
    let hearing = Hearing::default();
    let listening = Listening {
        subscriber: client.clone(),
        news,
        hearing: hearing.clone(),
    };
    let receivers = Receivers {
        messages: client.message_rx(),
        reconnected: client.reconnect_rx(),
        broken: client.error_rx(),
        silent,
    };
    tokio::spawn(listening.until_closed(receivers));
    hearing
}

struct Receivers {
    messages: Receiver<Message>,
    reconnected: Receiver<Server>,
    broken: Receiver<(Error, Option<Server>)>,
    silent: Arc<Notify>,
}

impl Listening {
    async fn until_closed(self, mut from: Receivers) {
        let mut retries = interval(RETRY);
        let mut looks = interval(LOOK);
        for ticks in [&mut retries, &mut looks] {
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            let is_deaf = !self.hearing.is_so();
            let is_closed = tokio::select! {
                message = from.messages.recv() => match message {
                    Ok(message) => { self.hear(&message); false }
                    Err(RecvError::Lagged(_)) => { self.news.tell_all(); false }
                    Err(RecvError::Closed) => true,
                },
                connected = from.reconnected.recv() => {
                    self.subscribe(true).await;
                    self.news.tell_all();
                    matches!(connected, Err(RecvError::Closed))
                }
                error = from.broken.recv() => { self.lose(); matches!(error, Err(RecvError::Closed)) }
                () = from.silent.notified() => { self.lose(); false }
                _ = retries.tick(), if is_deaf => { self.try_again().await; false }
                _ = looks.tick(), if is_deaf => { self.news.tell_all(); false }
            };
            if is_closed {
                return;
            }
        }
    }

    fn hear(&self, message: &Message) {
        let text = message.value.as_str();
        if let Some((place, news)) = text.and_then(|text| read(&message.channel, &text)) {
            self.news.tell(place, news);
        }
    }

    fn lose(&self) {
        self.hearing.set(false);
        self.news.tell_all();
    }

    async fn try_again(&self) {
        // Without a connection this would only wait for one, which is told of anyway.
        if self.subscriber.is_connected() && self.subscribe(false).await {
            self.news.tell_all();
        }
    }

    /// One after the other: a Redis user who may not hear of changes still hears of ends. Gives whether ends are heard of.
    async fn subscribe(&self, is_first_try: bool) -> bool {
        for channel in [ENDED, CHANGED] {
            let subscribed = self.subscriber.subscribe(channel).await;
            if let Err(error) = &subscribed
                && is_first_try
            {
                tracing::warn!(
                    code = "session_news_unavailable",
                    channel,
                    %error,
                    "this replica receives no messages about sessions"
                );
            }
            if channel == ENDED && !self.hearing.set(subscribed.is_ok()) && subscribed.is_ok() {
                tracing::info!(
                    code = "session_news_heard",
                    "this replica receives messages about sessions"
                );
            }
        }
        self.hearing.is_so()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_that_is_published_is_read_again() {
        let place = Id::default();
        for change in Change::ALL {
            let told = read(CHANGED, &message(&place, change));
            assert_eq!(told, Some((place, News::Changed(change))));
        }
        assert_eq!(read(ENDED, &place.to_string()), Some((place, News::Ended)));
    }

    #[test]
    fn a_word_that_is_not_known_makes_everybody_look() {
        let place = Id::default();
        assert_eq!(read(CHANGED, &format!("{place} other")), Some((place, News::Missed)));
        for garbage in ["", " ", "claims", "x claims"] {
            assert_eq!(read(CHANGED, garbage), None, "{garbage}");
        }
        assert_eq!(read(ENDED, "garbage"), None);
    }
}
