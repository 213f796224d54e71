//! TLS, and a user who may do only what is needed (SEC-07).

use crate::loopback::free_address;
use crate::redis::node::Node;
use crate::redis::tls::{PASSWORD, TlsRedis};
use crate::world::World;
use axum::http::StatusCode;
use bff_session::key_ring::KeyRing;
use std::io::{Read, Seek, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

async fn world(url: &str, authority: &Path) -> World {
    World::start_with(&[
        ("BFF_REDIS_URL", url),
        ("BFF_REDIS_CA_FILE", authority.to_str().expect("UTF-8")),
        ("BFF_REDIS_TIMEOUT", "1s"),
    ])
    .await
}

#[tokio::test]
async fn sec_07_sign_in_profile_and_logout_over_tls_as_a_user_of_few_rights() {
    let redis = TlsRedis::start();
    let url = format!("rediss://bff:{PASSWORD}@localhost:{}", redis.node.port);
    let world = world(&url, &redis.certificates.authority()).await;
    assert_eq!(world.browser().fetch("/readyz").await.json()["session_store"], "ok");
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    assert_eq!(alice.submit("/auth/logout").await.status, StatusCode::OK);
    assert_eq!(alice.session().await["status"], "anonymous");
    assert!(world.redis.keys().is_empty(), "and no other Redis was used");
}

#[tokio::test]
async fn sec_07_what_cannot_be_trusted_or_does_not_trust_us_is_not_used_and_nothing_goes_on_in_plain() {
    let redis = TlsRedis::start();
    let port = redis.node.port;
    let right = redis.certificates.authority();
    let other = redis.certificates.other_authority();
    let plain = Node::start(&[]);
    let attempts = [
        (
            "a wrong password",
            format!("rediss://bff:wrong@localhost:{port}"),
            &right,
        ),
        ("no password", format!("rediss://localhost:{port}"), &right),
        (
            "an unknown authority",
            format!("rediss://bff:{PASSWORD}@localhost:{port}"),
            &other,
        ),
        (
            "another host's certificate",
            format!("rediss://bff:{PASSWORD}@127.0.0.1:{port}"),
            &right,
        ),
        (
            "no TLS over there",
            format!("rediss://localhost:{}", plain.port),
            &right,
        ),
        (
            "no TLS over here",
            format!("redis://bff:{PASSWORD}@localhost:{port}"),
            &right,
        ),
    ];
    for (what, url, authority) in attempts {
        let world = world(&url, authority).await;
        let ready = world.browser().fetch("/readyz").await;
        assert_eq!(
            (ready.status, ready.json()["session_store"].as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, Some("unavailable")),
            "{what}"
        );
    }
    assert_eq!(plain.ask(&["DBSIZE"]), ":0\r\n");
    assert!(
        !plain.ask(&["INFO", "commandstats"]).contains("cmdstat_ping"),
        "not one word in plain"
    );
}

/// The binary itself, with everything logged that can be.
#[test]
fn sec_07_the_password_of_the_address_is_in_no_log_line() {
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
    // It listens before it has tried Redis, and answers when it has.
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
    assert!(said.contains("fred"), "the client's own lines are there: {said}");
    assert!(said.contains("session_store_unavailable"), "{said}");
    assert!(!said.contains(PASSWORD), "{said}");
}
