//! What flows long: events and WebSocket messages by way of the relay, beside the proxy, and the memory of streams on
//! which nothing happens.

use super::bff::{BINARY, COOKIE, FETCH, ORIGIN};
use super::load::Sample;
use super::machine;
use super::process::Server;
use super::report::{self, Row};
use super::servers::Servers;
use super::sessions;
use super::upstream::{self, END_OF_EVENT, EVENTS};
use crate::Options;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Streams at once while messages are counted, each of another session.
const AT_ONCE: usize = 16;

/// WebSocket messages over each connection in a round; the next one is sent when the answer is there.
const MESSAGES: usize = 2_000;

/// Streams of session events on which nothing happens. A server keeps two descriptors ready for each connection, and a process
/// often has 20,000 at most: a few less than 10,000 connections are open at once.
const STREAMS: usize = 9_500;

/// The same by way of the relay. Each takes two descriptors of the server.
const RELAYED_STREAMS: usize = 5_000;

/// A stream begins within this time.
const ANSWER: Duration = Duration::from_secs(20);

/// The stream of a session's events.
const EVENTS_OF_SESSIONS: &str = "/auth/events";

const EVENTS_TITLE: &str = "events of an API";
const MESSAGES_TITLE: &str = "WebSocket messages to an API and back";
const IDLE: &str = "idle streams";

pub(crate) async fn streams(options: &Options, servers: &Servers) {
    let flows = [(EVENTS_TITLE, Flow::Events), (MESSAGES_TITLE, Flow::Messages)];
    let count = if options.want(IDLE) { STREAMS } else { AT_ONCE };
    if !options.want(IDLE) && !flows.iter().any(|(title, _)| options.want(title)) {
        return;
    }
    let ids = sessions::fill(&servers.redis, &servers.application.key, count).await;
    for (title, flow) in flows {
        if options.want(title) {
            measure(title, flow, &ids, options, servers).await;
        }
    }
    if options.want(IDLE) {
        memory_of_idle(servers, &ids).await;
    }
}

/// What a connection carries after its request.
#[derive(Clone, Copy)]
enum Flow {
    Events,
    Messages,
}

impl Flow {
    /// The request that begins it, with the session of this id.
    fn request(self, id: &str) -> String {
        match self {
            Self::Events => call(upstream::EVENT_STREAM, id),
            Self::Messages => handshake(id),
        }
    }
}

/// A `GET` as a page's `fetch` sends it, with the session of this id.
fn call(path: &str, id: &str) -> String {
    let mut request = format!("GET {path} HTTP/1.1\r\nhost: app.example.com\r\nx-csrf: 1\r\n");
    for (name, value) in FETCH {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    let _ = write!(request, "cookie: {COOKIE}={id}\r\n\r\n");
    request
}

fn handshake(id: &str) -> String {
    format!(
        "GET {} HTTP/1.1\r\nhost: app.example.com\r\nconnection: Upgrade\r\nupgrade: websocket\r\norigin: {ORIGIN}\r\n\
         sec-fetch-site: same-origin\r\nsec-fetch-mode: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\ncookie: {COOKIE}={id}\r\n\r\n",
        upstream::SOCKET
    )
}

/// The servers take turns, round by round, as in [`super::measure`]; what is counted is messages.
async fn measure(title: &str, flow: Flow, ids: &[String], options: &Options, servers: &Servers) {
    let mut asked = vec![&servers.upstream, &servers.proxy, &servers.ours];
    asked.extend(&servers.beside);
    let mut rows: Vec<Row> = asked.iter().map(|server| Row::new(server.name)).collect();
    for server in &asked {
        round(server, flow, ids, &mut Sample::default()).await;
    }
    let own = || {
        let all: Duration = asked.iter().map(|server| server.cpu()).sum();
        all + servers.redis.cpu() + machine::cpu(std::process::id())
    };
    let (begun, busy) = (Instant::now(), machine::busy().saturating_sub(own()));
    for _ in 0..options.rounds {
        for (server, row) in asked.iter().zip(&mut rows) {
            let (cpu, switches, commands) = (server.cpu(), server.switches(), servers.redis.commands().await);
            let before = row.sample.requests();
            round(server, flow, ids, &mut row.sample).await;
            let count = u32::try_from(row.sample.requests() - before).expect("fewer messages than that");
            row.cpu.push(server.cpu().saturating_sub(cpu) / count);
            row.switches += server.switches().saturating_sub(switches);
            row.commands += servers.redis.commands().await - commands;
        }
    }
    let others = machine::busy().saturating_sub(own()).saturating_sub(busy);
    report::print(title, &rows, &["upstream", "proxy"]);
    report::others(others, begun.elapsed());
}

/// All connections at once, and how many messages a second they had together.
async fn round(server: &Server, flow: Flow, ids: &[String], sample: &mut Sample) {
    let address = server.address;
    let mut open = Vec::new();
    for id in &ids[..AT_ONCE] {
        open.push(begin(address, &flow.request(id)).await);
    }
    let begun = Instant::now();
    let tasks: Vec<_> = open
        .into_iter()
        .map(|stream| match flow {
            Flow::Events => tokio::spawn(read_events(stream)),
            Flow::Messages => tokio::spawn(send_messages(stream)),
        })
        .collect();
    let before = sample.latencies.len();
    for task in tasks {
        sample.latencies.extend(task.await.expect("all messages"));
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of messages")]
    let count = (sample.latencies.len() - before) as f64;
    sample.rates.push(count / begun.elapsed().as_secs_f64());
}

/// Sends a request; its answer is not read yet.
async fn begin(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the server answers");
    stream.set_nodelay(true).expect("a socket");
    stream.write_all(request.as_bytes()).await.expect("it is read");
    stream
}

/// Reads the whole of an event stream. As its events come by themselves, the time of each is the mean one.
async fn read_events(mut stream: TcpStream) -> Vec<Duration> {
    let begun = Instant::now();
    let mut buffer = vec![0; 16 * 1024];
    let mut events = 0;
    while events < EVENTS {
        let read = stream.read(&mut buffer).await.expect("the stream goes on");
        assert_ne!(read, 0, "the stream ended after {events} events");
        events += buffer[..read].split(|byte| *byte == END_OF_EVENT).count() - 1;
    }
    let mean = begun.elapsed() / u32::try_from(EVENTS).expect("fewer events than that");
    vec![mean; EVENTS]
}

/// Sends one message after the other, each when the one before has come back.
async fn send_messages(mut stream: TcpStream) -> Vec<Duration> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    let (message, mut echo) = (upstream::masked_frame(), [0; upstream::UNMASKED]);
    let mut latencies = Vec::with_capacity(MESSAGES);
    for _ in 0..MESSAGES {
        let sent = Instant::now();
        stream.write_all(&message).await.expect("it is read");
        stream.read_exact(&mut echo).await.expect("an echo");
        latencies.push(sent.elapsed());
    }
    latencies
}

/// What a stream takes of the server's memory while nothing happens on it.
async fn memory_of_idle(servers: &Servers, ids: &[String]) {
    println!("\n### {IDLE}, resident memory of the server\n");
    let api = format!("http://{}/api/orders", servers.upstream.address);
    let settings = [
        ("BFF_API_ORDERS", api.as_str()),
        ("BFF_API_ORDERS_STREAMS", "10000"),
        ("BFF_CONNECTIONS", "20000"),
    ];
    for (path, count) in [(EVENTS_OF_SESSIONS, STREAMS), (upstream::QUIET_STREAM, RELAYED_STREAMS)] {
        let new = servers
            .application
            .start("ours", BINARY.as_ref(), &servers.redis, &settings);
        let (before, _) = new.memory();
        let mut open = Vec::with_capacity(count);
        for id in &ids[..count] {
            let mut stream = begin(new.address, &call(path, id)).await;
            let mut buffer = [0; 1024];
            let read = tokio::time::timeout(ANSWER, stream.read(&mut buffer));
            let read = read.await.expect("the server has room").expect("an answer");
            let head = String::from_utf8_lossy(&buffer[..read]);
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            open.push(stream);
        }
        let (with, _) = new.memory();
        #[expect(clippy::cast_precision_loss, reason = "some thousand streams and KiB")]
        let each = (with - before) as f64 / count as f64;
        println!("- {count} of `{path}`: {each:.1} KiB each");
    }
}
