//! A connection that sends a request and reads its answer, with as little work as can be: it shares the machine with
//! what it measures.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::time::Instant;
use tokio::net::TcpStream;

pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// An answer, in the connection's buffer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    /// When its first byte was there.
    pub(crate) begun: Instant,
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n")
        .filter_map(|line| line.split_once(": "))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server answers");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            buffer: vec![0; 64 * 1024],
            filled: 0,
        }
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Answer<'_>, Error> {
        let mut sent = 0;
        while sent < request.len() {
            match self.stream.try_write(&request[sent..]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(error) => return Err(error),
            }
        }
        self.filled = 0;
        let mut begun = None;
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut self.buffer[self.filled..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error),
            }
            let begun = *begun.get_or_insert_with(Instant::now);
            if let Some(head) = self.complete() {
                let text = std::str::from_utf8(&self.buffer[..head]).map_err(|_| ErrorKind::InvalidData)?;
                let status = text.get(9..12).and_then(|status| status.parse().ok());
                return Ok(Answer {
                    status: status.ok_or(ErrorKind::InvalidData)?,
                    begun,
                    head: text,
                    body: &self.buffer[head..self.filled],
                });
            }
        }
    }

    /// The length of the head, once the whole answer is there.
    fn complete(&self) -> Option<usize> {
        let filled = &self.buffer[..self.filled];
        let head = filled.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(&filled[..head]).ok()?;
        let is_whole = match header(text, "content-length") {
            Some(length) => filled.len() - head >= length.parse().ok()?,
            // A page is sent in chunks, and nothing is sent after it.
            None => filled.ends_with(b"0\r\n\r\n"),
        };
        is_whole.then_some(head)
    }
}
