//! Answers without an end.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{
        WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::{Response, Sse, sse::Event},
};
use futures::{Stream, stream};
use serde_json::json;
use tokio::time::sleep;

const TICK: Duration = Duration::from_secs(1);

/// `GET /resource/events`: an event `tick` with a number, at once and then every second.
pub(super) async fn events() -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(stream::unfold(0_u64, |count| async move {
        if count > 0 {
            sleep(TICK).await;
        }
        let data = json!({ "count": count }).to_string();
        let event = Event::default().event("tick").id(count.to_string()).data(data);
        Some((Ok(event), count + 1))
    }))
}

/// `GET /resource/socket`: texts and bytes come back as they are.
pub(super) async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let answer = match message {
            Message::Text(_) | Message::Binary(_) => message,
            Message::Close(_) => break,
            // Answered by the library.
            Message::Ping(_) | Message::Pong(_) => continue,
        };
        if socket.send(answer).await.is_err() {
            break;
        }
    }
}
