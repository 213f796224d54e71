//! Redis with TLS, and with a user that has only the rights that are needed (SEC-07).

use crate::redis::node::Node;
use crate::redis::tls::{PASSWORD, TlsRedis};
use crate::world::World;
use axum::http::StatusCode;
use std::path::Path;

async fn world(url: &str, authority: &Path) -> World {
    World::start_with(&[
        ("BFF_REDIS_URL", url),
        ("BFF_REDIS_CA_FILE", authority.to_str().expect("UTF-8")),
        ("BFF_REDIS_TIMEOUT", "1s"),
    ])
    .await
}

/// SEC-07
#[tokio::test]
async fn a_user_of_few_rights_suffices_for_sign_in_and_sign_out_over_tls() {
    let redis = TlsRedis::start();
    let url = format!("rediss://bff:{PASSWORD}@localhost:{}", redis.node.port);
    let world = world(&url, &redis.certificates.authority()).await;
    assert_eq!(world.browser().fetch("/readyz").await.json()["session_store"], "ok");
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    assert_eq!(alice.submit("/auth/logout").await.status, StatusCode::OK);
    assert_eq!(alice.session().await["status"], "anonymous");
    assert!(world.redis.keys().is_empty(), "no other Redis was used");
}

/// SEC-07
#[tokio::test]
async fn without_trust_on_both_sides_a_redis_is_not_used_and_never_in_plain() {
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
            "the server has no TLS",
            format!("rediss://localhost:{}", plain.port),
            &right,
        ),
        (
            "the client uses no TLS",
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
        "no command was sent in plain text"
    );
}
