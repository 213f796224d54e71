//! Two APIs behind the relay: one counts the bytes of a body, the other echoes what a `WebSocket` brings.

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpListener;

/// Starts an API that answers with the number of bytes of a body. Returns its address.
pub(crate) async fn counting() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new()
        .fallback(async |body: Bytes| body.len().to_string())
        .layer(DefaultBodyLimit::disable());
    tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    url
}

/// Starts an API that echoes the messages of WebSockets. Returns its address.
pub(crate) async fn echoing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                let Ok(mut socket) = tokio_tungstenite::accept_async(connection).await else {
                    return;
                };
                while let Some(Ok(message)) = socket.next().await {
                    if message.is_text() && socket.send(message).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    url
}
