//! TLS with sentinels and with a cluster, as users with few rights. Connections go only to hosts that the certificate
//! names (SEC-07).

use crate::browser::Browser;
use crate::redis::certificates::Certificates;
use crate::redis::cluster::Cluster;
use crate::redis::sentinel::Sentinels;
use crate::redis::tls::PASSWORD;
use crate::world::World;
use axum::http::StatusCode;
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

async fn world(url: &str, authority: &Path) -> World {
    World::start_with(&[
        ("BFF_REDIS_URL", url),
        ("BFF_REDIS_CA_FILE", authority.to_str().expect("UTF-8")),
        ("BFF_REDIS_TIMEOUT", "2s"),
        // The relying party reads the provider's metadata while it makes all the handshakes. If that timed out once, it
        // would be final, because the next attempt waits for a clock that stands still.
        ("BFF_PROVIDER_TIMEOUT", "20s"),
    ])
    .await
}

/// Asks until ten requests in a row are served.
async fn steady(world: &World, browser: &mut Browser) {
    world
        .until("sessions are read", async || {
            for _ in 0..10 {
                if browser.open("/profile").await.status != StatusCode::OK {
                    return false;
                }
            }
            true
        })
        .await;
}

async fn is_ready(world: &World) -> bool {
    world.browser().fetch("/readyz").await.status == StatusCode::OK
}

/// Whether a world with this address and authority becomes ready. It runs on a runtime of its own, which is shut down
/// afterwards. A world that is refused would go on trying, with a handshake each time.
async fn is_used(url: String, authority: PathBuf) -> bool {
    let dying = Runtime::new().expect("a runtime");
    let asked = dying.spawn(async move { is_ready(&world(&url, &authority).await).await });
    let is_used = asked.await.expect("it starts");
    dying.shutdown_background();
    is_used
}

/// SEC-07
#[tokio::test]
async fn sentinels_and_their_failover_work_over_tls() {
    let certificates = Certificates::new();
    let mut redis = Sentinels::start_encrypted(&certificates);
    let url = redis.encrypted_url(PASSWORD);
    let other = certificates.other_authority();
    assert!(!is_used(url.clone(), other).await, "an unknown authority");
    assert!(!is_used(redis.encrypted_url("wrong"), certificates.authority()).await);

    let world = world(&url, &certificates.authority()).await;
    world
        .until("the store is connected", async || is_ready(&world).await)
        .await;
    let mut alice = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    steady(&world, &mut alice).await;
    assert_eq!(bob.submit("/auth/logout").await.status, StatusCode::OK);
    redis.replicated();
    redis.primary.kill();
    redis.replica.until(&["ROLE"], |said| said.contains("master"));
    steady(&world, &mut alice).await;
    assert_eq!(bob.session().await["status"], "anonymous");
    assert_eq!(alice.submit("/auth/logout").await.status, StatusCode::OK);
    assert_eq!(alice.session().await["status"], "anonymous");
}

/// SEC-07
#[tokio::test]
async fn a_cluster_works_over_tls_through_the_death_of_a_primary() {
    let certificates = Certificates::new();
    let mut redis = Cluster::start_encrypted(&certificates);
    let url = redis.encrypted_url();
    let other = certificates.other_authority();
    assert!(!is_used(url.clone(), other).await, "an unknown authority");
    assert!(!is_used(url.replace(PASSWORD, "wrong"), certificates.authority()).await);

    let world = world(&url, &certificates.authority()).await;
    world
        .until("the store is connected", async || is_ready(&world).await)
        .await;
    let mut people = Vec::new();
    while redis.keys().contains(&0) {
        people.push(world.signed_in("alice").await);
    }
    for browser in &mut people {
        steady(&world, browser).await;
    }
    redis.replicated();
    redis.primaries[1].kill();
    redis.replicas[1].until(&["ROLE"], |said| said.contains("master"));
    std::mem::swap(&mut redis.primaries[1], &mut redis.replicas[1]);
    for browser in &mut people {
        steady(&world, browser).await;
        assert_eq!(browser.submit("/auth/logout").await.status, StatusCode::OK);
        assert_eq!(browser.session().await["status"], "anonymous");
    }
}
