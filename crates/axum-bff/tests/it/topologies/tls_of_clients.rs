//! A Redis that asks clients for a certificate, alone, behind sentinels and as a cluster (SEC-07).

use crate::redis::certificates::Certificates;
use crate::redis::cluster::Cluster;
use crate::redis::sentinel::Sentinels;
use crate::redis::tls::{PASSWORD, TlsRedis};
use crate::world::World;
use axum::http::StatusCode;
use std::time::Duration;

/// A world that shows this certificate, if there is one.
async fn world(url: &str, certificates: &Certificates, shown: Option<&[String; 2]>) -> World {
    let authority = certificates.authority();
    let mut settings = vec![
        ("BFF_REDIS_URL", url),
        ("BFF_REDIS_CA_FILE", authority.to_str().expect("UTF-8")),
        ("BFF_REDIS_TIMEOUT", "2s"),
        // With many handshakes the first reading of the metadata may be slow, and the clock stands still for a second one.
        ("BFF_PROVIDER_TIMEOUT", "20s"),
    ];
    if let Some([certificate, key]) = shown {
        settings.push(("BFF_REDIS_CERTIFICATE_FILE", certificate.as_str()));
        settings.push(("BFF_REDIS_KEY_FILE", key.as_str()));
    }
    World::start_with(&settings).await
}

async fn is_ready(world: &World) -> bool {
    world.browser().fetch("/readyz").await.status == StatusCode::OK
}

/// Somebody signs in, hears of the end of the session by its events, and signs out.
async fn is_used(url: &str, certificates: &Certificates) {
    let shown = certificates.client_certificate();
    let world = world(url, certificates, Some(&shown)).await;
    world
        .until("the store is connected", async || {
            world.advance(Duration::from_secs(1));
            is_ready(&world).await
        })
        .await;
    world
        .until("the events are heard", async || {
            world.browser().fetch("/readyz").await.json()["session_events"] == "ok"
        })
        .await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    assert_eq!(alice.submit("/auth/logout").await.status, StatusCode::OK);
    assert_eq!(alice.session().await["status"], "anonymous");
    assert!(world.redis.keys().is_empty(), "no other Redis was used");
}

/// SEC-07
#[tokio::test]
async fn a_redis_that_asks_for_a_certificate_gets_ours_and_refuses_any_other() {
    let redis = TlsRedis::start_with(Certificates::asking_clients());
    let url = format!("rediss://bff:{PASSWORD}@localhost:{}", redis.node.port);
    is_used(&url, &redis.certificates).await;
    let other = redis.certificates.other_client_certificate();
    for shown in [None, Some(&other)] {
        let world = world(&url, &redis.certificates, shown).await;
        assert!(!is_ready(&world).await, "{shown:?}");
    }
}

/// SEC-07
#[tokio::test]
async fn sentinels_and_the_servers_that_they_name_get_the_certificate() {
    let certificates = Certificates::asking_clients();
    let redis = Sentinels::start_encrypted(&certificates);
    is_used(&redis.encrypted_url(PASSWORD), &certificates).await;
}

/// SEC-07
#[tokio::test]
async fn every_node_of_a_cluster_gets_the_certificate() {
    let certificates = Certificates::asking_clients();
    let redis = Cluster::start_encrypted(&certificates);
    is_used(&redis.encrypted_url(), &certificates).await;
}
