//! A readable page where the HTTP library refuses a request before any code of ours sees it.
//!
//! An address over 64 KB (a provider's code can be as long as it likes) or too many headers end
//! inside hyper, with 414 or 431 and no body. This stands between hyper and the connection, and
//! puts a page in the place of that empty answer.

use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections that answer so.
#[derive(Debug)]
pub(super) struct ReadableRefusals {
    listener: TcpListener,
    page: Arc<str>,
}

impl ReadableRefusals {
    /// `style` is the address of the style sheet.
    pub(super) fn new(listener: TcpListener, style: &str) -> Self {
        Self {
            listener,
            page: page(style).into(),
        }
    }
}

impl Listener for ReadableRefusals {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (
            Connection {
                stream,
                page: self.page.clone(),
                answer: None,
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection of which an empty refusal is replaced.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    page: Arc<str>,
    /// The answer that is being written in the place of hyper's, and how much of it has gone.
    answer: Option<(Vec<u8>, usize)>,
}

/// The status line of a refusal that hyper made by itself: it has no body, and ours all do.
fn refusal(head: &[u8]) -> Option<&str> {
    let head = std::str::from_utf8(head).ok()?;
    let is_empty = head.ends_with("\r\n\r\n") && head.to_ascii_lowercase().contains("\r\ncontent-length: 0\r\n");
    let line = head.lines().next()?;
    let is_refusal = ["HTTP/1.1 414 ", "HTTP/1.1 431 "]
        .iter()
        .any(|start| line.starts_with(start));
    (is_empty && is_refusal).then_some(line)
}

fn page(style: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>That address is too long</title>\
         <link rel=\"stylesheet\" href=\"{style}\"></head><body><main class=\"page\"><article>\
         <h1>That address is too long</h1><p>The address that brought you here, or what your browser sent with it, \
         is longer than this application reads. Nobody was signed in by it, and nothing was changed.</p>\
         <p><a href=\"/\">Go to the home page</a></p></article></main></body></html>"
    )
}

fn answer(line: &str, page: &str) -> Vec<u8> {
    format!(
        "{line}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\n\
         content-security-policy: default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'\r\n\
         x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\nconnection: close\r\n\r\n{page}",
        page.len()
    )
    .into_bytes()
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.answer.is_none() {
            match refusal(bytes) {
                Some(line) => this.answer = Some((answer(line, &this.page), 0)),
                None => return Pin::new(&mut this.stream).poll_write(context, bytes),
            }
        }
        if let Some((whole, gone)) = &mut this.answer {
            while *gone < whole.len() {
                *gone += ready!(Pin::new(&mut this.stream).poll_write(context, &whole[*gone..]))?;
            }
        }
        this.answer = None;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match slices.iter().find(|slice| !slice.is_empty()) {
            // A refusal is one slice, and the only one.
            Some(first) if self.answer.is_some() || refusal(first).is_some() => self.poll_write(context, first),
            _ => Pin::new(&mut self.stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_empty_414_or_431_is_replaced() {
        let head =
            |line: &str, length: &str| format!("{line}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        for line in [
            "HTTP/1.1 414 URI Too Long",
            "HTTP/1.1 431 Request Header Fields Too Large",
        ] {
            assert_eq!(refusal(head(line, "0").as_bytes()), Some(line));
            assert_eq!(refusal(head(line, "10").as_bytes()), None, "one of ours has a body");
        }
        assert_eq!(refusal(head("HTTP/1.1 200 OK", "0").as_bytes()), None);
        assert_eq!(refusal(b"\xff\xfe"), None);
    }
}
