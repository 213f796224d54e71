//! Ends of sessions, heard from Redis: one connection of its own for each replica.

use crate::session::store::Endings;
use fred::clients::SubscriberClient;
use fred::interfaces::{EventInterface, PubsubInterface};
use tokio::sync::broadcast::error::RecvError;

/// Where the place of each session that ends is published.
pub(super) const CHANNEL: &str = "session-ended";

/// Listens for as long as the client lives. Redis may be away and come back: then everybody who waits is told to look,
/// since what was published meanwhile was not heard.
pub(super) fn listen(client: &SubscriberClient, endings: Endings) {
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
                            endings.tell(place);
                        }
                    }
                    Err(RecvError::Lagged(_)) => endings.tell_all(),
                    Err(RecvError::Closed) => break,
                },
                connected = reconnected.recv() => {
                    if let Err(RecvError::Closed) = connected {
                        break;
                    }
                    if let Err(error) = subscriber.subscribe(CHANNEL).await {
                        tracing::warn!(code = "session_news_unavailable", %error, "ends of sessions are not heard of");
                    }
                    endings.tell_all();
                },
            }
        }
    });
}
