//! The log of the program at its most detailed level.

use crate::loopback::free_address;
use crate::redis::tls::{PASSWORD, TlsRedis};
use bff_session::key_ring::KeyRing;
use std::io::{Read, Seek, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

/// SEC-07
#[test]
fn the_password_of_the_address_is_in_no_log_line() {
    let redis = TlsRedis::start();
    let address = format!("127.0.0.1:{}", free_address().port());
    let mut log = tempfile::tempfile().expect("a file");
    let mut bff = Command::new(env!("CARGO_BIN_EXE_bff"))
        .env_clear()
        .envs([
            ("BFF_PUBLIC_URL", "https://app.example.com"),
            ("BFF_ISSUER", "https://op.example.com"),
            ("BFF_CLIENT_ID", "bff"),
            ("BFF_CLIENT_SECRET", "secret"),
            ("BFF_SESSION_KEY", KeyRing::new_key().as_str()),
            ("BFF_LISTEN", &address),
            ("BFF_LOG", "trace"),
            (
                "BFF_REDIS_URL",
                &format!("rediss://bff:{PASSWORD}-wrong@localhost:{}", redis.node.port),
            ),
            (
                "BFF_REDIS_CA_FILE",
                redis.certificates.authority().to_str().expect("UTF-8"),
            ),
            ("BFF_REDIS_TIMEOUT", "500ms"),
        ])
        .stdout(log.try_clone().expect("a file"))
        .stderr(log.try_clone().expect("a file"))
        .spawn()
        .expect("runs");
    let begun = Instant::now();
    // The program listens before it has tried Redis, and answers after that.
    let mut connection = loop {
        if let Ok(connection) = TcpStream::connect(&address) {
            break connection;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "bff did not come up");
        std::thread::sleep(Duration::from_millis(20));
    };
    let bound = Some(Duration::from_secs(20));
    connection.set_read_timeout(bound).expect("a bound");
    connection
        .write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .expect("sent");
    connection.read_to_end(&mut Vec::new()).expect("an answer");
    let _ = bff.kill();
    let _ = bff.wait();
    let mut said = String::new();
    log.rewind().expect("a file");
    log.read_to_string(&mut said).expect("UTF-8");
    assert!(
        said.contains("fred"),
        "the lines of the Redis client are in the log: {said}"
    );
    assert!(said.contains("session_store_unavailable"), "{said}");
    assert!(!said.contains(PASSWORD), "{said}");
}
