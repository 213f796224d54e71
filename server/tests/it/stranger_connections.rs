//! A stranger's connection takes one place for a limited time, and takes no place from others.

use crate::bff_process::Running;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(20);

/// Opens a connection and sends this text.
fn stranger(bff: &Running, sent: &str) -> TcpStream {
    let mut connection = TcpStream::connect(&bff.address).expect("connects");
    connection.set_read_timeout(Some(LONG)).expect("a bound");
    connection.write_all(sent.as_bytes()).expect("sent");
    connection
}

/// Whether the server closes the connection before a read times out.
fn is_closed(connection: &mut TcpStream) -> bool {
    let mut buffer = [0; 4096];
    loop {
        match connection.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

/// Whether the server has closed the connection by now.
fn is_closed_now(connection: &mut TcpStream) -> bool {
    connection
        .set_read_timeout(Some(Duration::from_millis(5)))
        .expect("a bound");
    is_closed(connection)
}

#[test]
fn half_heads_are_closed_after_their_bound_and_idle_connections_after_theirs() {
    let bff = Running::start_with(&[("BFF_HEAD_TIMEOUT", "300ms"), ("BFF_KEEP_ALIVE", "900ms")]);
    let begun = Instant::now();
    let mut half: Vec<_> = (0..20)
        .map(|_| stranger(&bff, "GET /livez HTTP/1.1\r\nhost: x\r\n"))
        .collect();
    let mut idle = stranger(&bff, "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n");
    let mut silent = stranger(&bff, "");
    assert!(bff.get("/livez").starts_with("HTTP/1.1 200"), "others are served");
    assert!(half.iter_mut().all(is_closed));
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert!(is_closed(&mut idle) && is_closed(&mut silent));
    assert!(begun.elapsed() >= Duration::from_millis(900));
}

#[test]
fn more_strangers_than_the_bound_of_connections_keep_nobody_out() {
    let bff = Running::start_with(&[("BFF_CONNECTIONS", "8")]);
    let large = "x".repeat(40 * 1024);
    for head in ["GET / HTTP/1.1\r\nhost: x\r\n", "", &format!("GET /?{large}")] {
        let mut strangers: Vec<_> = (0..40).map(|_| stranger(&bff, head)).collect();
        assert!(bff.get("/livez").starts_with("HTTP/1.1 200"));
        // The server closes all but eight, long before their time is over.
        let begun = Instant::now();
        while strangers.len() > 8 {
            assert!(begun.elapsed() < LONG, "{} are open", strangers.len());
            strangers.retain_mut(|stranger| !is_closed_now(stranger));
        }
    }
}

/// So many half heads would take every file descriptor. The server lowers `BFF_CONNECTIONS` to what the system allows.
#[cfg(unix)]
#[test]
fn more_strangers_than_descriptors_keep_nobody_out() {
    let log = tempfile::NamedTempFile::new().expect("a file");
    let bff = Running::start_with_descriptors(100, 300, log.reopen().expect("a file").into());
    let half = "GET / HTTP/1.1\r\nhost: x\r\n";
    let strangers: Vec<_> = (0..400).map(|_| stranger(&bff, half)).collect();
    assert!(bff.get("/livez").starts_with("HTTP/1.1 200"));
    drop(strangers);
    let said = std::fs::read_to_string(log.path()).expect("a log");
    for expected in ["\"soft\":\"300\"", "\"connections_lowered\"", "\"possible\":118"] {
        assert!(said.contains(expected), "{expected} is not in: {said}");
    }
    assert!(!said.contains("accept_failed"), "{said}");
}

#[test]
fn a_reader_that_stops_is_cut_by_the_bound_of_writing() {
    // Any other bound would take longer than this test waits.
    let log = tempfile::NamedTempFile::new().expect("a file");
    let settings = [
        ("BFF_WRITE_TIMEOUT", "300ms"),
        ("BFF_HEAD_TIMEOUT", "5m"),
        ("BFF_KEEP_ALIVE", "5m"),
        ("BFF_LOG", "debug"),
    ];
    let bff = Running::start_logging(&settings, log.reopen().expect("a file").into());
    // The client sends requests without end and reads no answer, so the buffers of both sides fill.
    let mut connection = TcpStream::connect(&bff.address).expect("connects");
    connection.set_write_timeout(Some(LONG)).expect("a bound");
    let requests = "GET / HTTP/1.1\r\nhost: x\r\naccept: text/html\r\n\r\n".repeat(100);
    let error = loop {
        if let Err(error) = connection.write_all(requests.as_bytes()) {
            break error;
        }
    };
    let kinds = [std::io::ErrorKind::ConnectionReset, std::io::ErrorKind::BrokenPipe];
    assert!(kinds.contains(&error.kind()), "{error}");
    assert!(bff.get("/livez").starts_with("HTTP/1.1 200"));
    // A thread of its own writes the log.
    let begun = Instant::now();
    while !std::fs::read_to_string(log.path())
        .expect("a log")
        .contains("write_timeout")
    {
        assert!(begun.elapsed() < LONG, "something else cut it");
        std::thread::sleep(Duration::from_millis(20));
    }
}
