//! Ends of sessions, heard from Redis: one connection of its own for each replica.

use super::local_copy::LocalCopy;
use crate::session::store::Endings;
use fred::clients::SubscriberClient;
use fred::interfaces::{EventInterface, PubsubInterface};
use tokio::sync::broadcast::error::RecvError;
use tower_sessions::session::Id;

/// Where the place of each session that ends is published.
pub(super) const CHANNEL: &str = "session-ended";

/// Who is told. Whoever hears of an end looks into the store, so a copy goes first.
pub(super) struct Heard {
    pub(super) endings: Endings,
    pub(super) local_copy: Option<LocalCopy>,
}

impl Heard {
    fn tell(&self, place: Id) {
        if let Some(copy) = &self.local_copy {
            copy.forget(&place);
        }
        self.endings.tell(place);
    }

    fn tell_all(&self) {
        if let Some(copy) = &self.local_copy {
            copy.forget_all();
        }
        self.endings.tell_all();
    }
}

/// Listens for as long as the client lives. Redis may be away and come back: then everybody who waits is told to look,
/// since what was published meanwhile was not heard.
pub(super) fn listen(client: &SubscriberClient, heard: Heard) {
    let mut messages = client.message_rx();
    let mut reconnected = client.reconnect_rx();
    let subscriber = client.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                message = messages.recv() => match message {
                    Ok(message) => {
                        let place = message.value.as_string().and_then(|text| text.parse().ok());
                        if let Some(place) = place {
                            heard.tell(place);
                        }
                    }
                    Err(RecvError::Lagged(_)) => heard.tell_all(),
                    Err(RecvError::Closed) => break,
                },
                connected = reconnected.recv() => {
                    if let Err(RecvError::Closed) = connected {
                        break;
                    }
                    if let Err(error) = subscriber.subscribe(CHANNEL).await {
                        tracing::warn!(code = "session_news_unavailable", %error, "ends of sessions are not heard of");
                    }
                    heard.tell_all();
                },
            }
        }
    });
}
