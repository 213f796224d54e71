//! Events of sessions, heard from Redis: one connection of its own for each replica.

use crate::store::{Change, SessionEvent, SessionEvents};
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

/// While there is a connection and the events do not come over it, the channels are subscribed to again this often.
const RETRY: Duration = Duration::from_secs(1);

/// While no event can be heard, each waiting stream reads the store this often.
const LOOK: Duration = Duration::from_secs(5);

/// Where the place of each session that ends is published.
pub(super) const ENDED: &str = "session-ended";

/// Where a session's place and a word are published, when it changes in a way that others want to know of.
pub(super) const CHANGED: &str = "session-changed";

/// The published message of a change.
pub(super) fn message(place: &Id, change: Change) -> String {
    format!("{place} {}", change.word())
}

/// The place and the event in a message.
fn read(channel: &str, message: &str) -> Option<(Id, SessionEvent)> {
    if channel == ENDED {
        return Some((message.parse().ok()?, SessionEvent::Ended));
    }
    let (place, word) = message.split_once(' ')?;
    // A replica of another version may have words that this one does not know.
    let event = Change::from_word(word).map_or(SessionEvent::Missed, SessionEvent::Changed);
    Some((place.parse().ok()?, event))
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

/// Hears the events, and logs where it cannot.
struct Listening {
    subscriber: SubscriberClient,
    events: SessionEvents,
    hearing: Hearing,
}

/// Listens for as long as the client lives. Redis may be away and come back: then every waiting stream is told to look,
/// because messages published meanwhile were lost; and when it goes, so that they notice. `silent` tells of a connection
/// that was given up because it did not answer.
pub(super) fn listen(client: &SubscriberClient, events: SessionEvents, silent: Arc<Notify>) -> Hearing {
    let hearing = Hearing::default();
    let listening = Listening {
        subscriber: client.clone(),
        events,
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
                    Err(RecvError::Lagged(_)) => { self.events.tell_all(); false }
                    Err(RecvError::Closed) => true,
                },
                connected = from.reconnected.recv() => {
                    self.subscribe(true).await;
                    self.events.tell_all();
                    matches!(connected, Err(RecvError::Closed))
                }
                error = from.broken.recv() => { self.lose(); matches!(error, Err(RecvError::Closed)) }
                () = from.silent.notified() => { self.lose(); false }
                _ = retries.tick(), if is_deaf => { self.try_again().await; false }
                _ = looks.tick(), if is_deaf => { self.events.tell_all(); false }
            };
            if is_closed {
                return;
            }
        }
    }

    fn hear(&self, message: &Message) {
        let text = message.value.as_str();
        if let Some((place, event)) = text.and_then(|text| read(&message.channel, &text)) {
            self.events.tell(place, event);
        }
    }

    fn lose(&self) {
        self.hearing.set(false);
        self.events.tell_all();
    }

    async fn try_again(&self) {
        // Without a connection this would only wait for one, which is told of anyway.
        if self.subscriber.is_connected() && self.subscribe(false).await {
            self.events.tell_all();
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
                    code = "session_events_unavailable",
                    channel,
                    %error,
                    "this replica receives no messages about sessions"
                );
            }
            if channel == ENDED && !self.hearing.set(subscribed.is_ok()) && subscribed.is_ok() {
                tracing::info!(
                    code = "session_events_heard",
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
    fn an_event_that_is_published_is_read_again() {
        let place = Id::default();
        for change in Change::ALL {
            let told = read(CHANGED, &message(&place, change));
            assert_eq!(told, Some((place, SessionEvent::Changed(change))));
        }
        assert_eq!(read(ENDED, &place.to_string()), Some((place, SessionEvent::Ended)));
    }

    #[test]
    fn a_word_that_is_not_known_makes_everybody_look() {
        let place = Id::default();
        assert_eq!(
            read(CHANGED, &format!("{place} other")),
            Some((place, SessionEvent::Missed))
        );
        for garbage in ["", " ", "claims", "x claims"] {
            assert_eq!(read(CHANGED, garbage), None, "{garbage}");
        }
        assert_eq!(read(ENDED, "garbage"), None);
    }

    /// Replicas of two versions tell each other these texts. They are the ones of the first version.
    #[test]
    fn messages_have_the_form_of_the_first_version() {
        let place = Id(1);
        for (change, text) in [
            (Change::Claims, "AQAAAAAAAAAAAAAAAAAAAA claims"),
            (Change::Refreshed, "AQAAAAAAAAAAAAAAAAAAAA refreshed"),
            (Change::Extended, "AQAAAAAAAAAAAAAAAAAAAA extended"),
            (Change::Listed, "AQAAAAAAAAAAAAAAAAAAAA listed"),
        ] {
            assert_eq!(message(&place, change), text);
            assert_eq!(
                read("session-changed", text),
                Some((place, SessionEvent::Changed(change)))
            );
        }
        let ended = read("session-ended", "AQAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(ended, Some((place, SessionEvent::Ended)));
    }
}
