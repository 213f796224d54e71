//! News of sessions, heard from Redis: one connection of its own for each replica.

use super::local_copy::LocalCopy;
use crate::session::store::{Change, News, SessionNews};
use fred::clients::SubscriberClient;
use fred::interfaces::{EventInterface, PubsubInterface};
use fred::types::Message;
use tokio::sync::broadcast::error::RecvError;
use tower_sessions::session::Id;

/// Where the place of each session that ends is published.
pub(super) const ENDED: &str = "session-ended";

/// Where a session's place and a word are published, when it changes in a way that others want to know of.
pub(super) const CHANGED: &str = "session-changed";

/// What is published of a change.
pub(super) fn message(place: &Id, change: Change) -> String {
    format!("{place} {}", change.word())
}

/// Who is told. Whoever hears of something looks into the store, so a copy goes first.
pub(super) struct Audience {
    pub(super) news: SessionNews,
    pub(super) local_copy: Option<LocalCopy>,
}

impl Audience {
    fn tell(&self, place: Id, news: News) {
        if let Some(copy) = &self.local_copy {
            copy.forget(&place);
        }
        self.news.tell(place, news);
    }

    fn tell_all(&self) {
        if let Some(copy) = &self.local_copy {
            copy.forget_all();
        }
        self.news.tell_all();
    }
}

/// What a message tells, and of whom.
fn read(channel: &str, message: &str) -> Option<(Id, News)> {
    if channel == ENDED {
        return Some((message.parse().ok()?, News::Ended));
    }
    let (place, word) = message.split_once(' ')?;
    // A replica of another version may have words that this one does not know.
    let news = Change::from_word(word).map_or(News::Missed, News::Changed);
    Some((place.parse().ok()?, news))
}

/// Listens for as long as the client lives. Redis may be away and come back: then everybody who waits is told to look,
/// since what was published meanwhile was not heard; and when it goes, so that they notice.
pub(super) fn listen(client: &SubscriberClient, audience: Audience) {
    let mut messages = client.message_rx();
    let mut reconnected = client.reconnect_rx();
    let mut broken = client.error_rx();
    let subscriber = client.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                message = messages.recv() => match message {
                    Ok(Message { channel, value, .. }) => {
                        let text = value.as_str();
                        if let Some((place, news)) = text.and_then(|text| read(&channel, &text)) {
                            audience.tell(place, news);
                        }
                    }
                    Err(RecvError::Lagged(_)) => audience.tell_all(),
                    Err(RecvError::Closed) => break,
                },
                connected = reconnected.recv() => {
                    if let Err(RecvError::Closed) = connected {
                        break;
                    }
                    subscribe(&subscriber).await;
                    audience.tell_all();
                },
                error = broken.recv() => {
                    if let Err(RecvError::Closed) = error {
                        break;
                    }
                    audience.tell_all();
                },
            }
        }
    });
}

/// One after the other: a Redis user who may not hear of changes still hears of ends.
async fn subscribe(subscriber: &SubscriberClient) {
    for channel in [ENDED, CHANGED] {
        if let Err(error) = subscriber.subscribe(channel).await {
            tracing::warn!(code = "session_news_unavailable", channel, %error, "news of sessions are not heard of");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_is_read_again() {
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
