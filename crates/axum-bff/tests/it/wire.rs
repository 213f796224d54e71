//! A raw connection, for exchanges that are not one request and one answer.

use crate::api::Served;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection, and the text that was read from it so far. A read waits for ten seconds at most.
pub(crate) struct Wire {
    connection: TcpStream,
    pub(crate) read: String,
}

impl Wire {
    pub(crate) async fn open(bff: &Served, request: &str) -> Self {
        Self::open_at(bff.address, request).await
    }

    pub(crate) async fn open_at(address: SocketAddr, request: &str) -> Self {
        let mut wire = Self {
            connection: TcpStream::connect(address).await.expect("connects"),
            read: String::new(),
        };
        wire.send(request.as_bytes()).await;
        wire
    }

    pub(crate) async fn until(&mut self, text: &str) {
        let mut buffer = vec![0; 64 * 1024];
        while !self.read.contains(text) {
            let count = tokio::time::timeout(Duration::from_secs(10), self.connection.read(&mut buffer)).await;
            let count = count.unwrap_or_else(|_| panic!("{text} has not come: {}", self.read));
            let count = count.expect("open");
            assert!(count > 0, "closed before {text}: {}", self.read);
            self.read.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.connection.write_all(bytes).await.expect("sent");
    }

    /// Whether the other side closes within a second.
    pub(crate) async fn is_closed_within_a_second(&mut self) -> bool {
        let closed = async {
            let mut buffer = vec![0; 64 * 1024];
            while self.connection.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
        };
        tokio::time::timeout(Duration::from_secs(1), closed).await.is_ok()
    }
}
