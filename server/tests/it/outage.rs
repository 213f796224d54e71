//! Redis or the provider being away is not a logout (invariants 5 and 6).

use crate::world::World;
use axum::http::StatusCode;
use provider::{Answer, Endpoint, Fault};
use std::time::Duration;

#[tokio::test]
async fn ses_07_redis_away_is_503_with_the_cookie_untouched_and_public_pages_go_on() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.redis.kill();

    let page = alice.open("/profile").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page.header("retry-after").is_empty());
    assert!(page.set_cookies().is_empty(), "the cookie is left alone");
    assert!(page.text().contains("session_store_unavailable"));
    let data = alice.fetch("/auth/session").await;
    assert_eq!(
        (data.status, data.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("session_store_unavailable"))
    );
    let out = alice.submit("/auth/logout").await;
    assert_eq!(
        out.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "not signed out, so it does not say so"
    );
    assert!(out.set_cookies().is_empty());

    let home = alice.open("/").await;
    assert_eq!(home.status, StatusCode::OK, "public pages are still rendered");
    assert!(!home.text().contains("Alice"));
    assert_eq!(world.browser().open("/").await.status, StatusCode::OK);
    assert_eq!(world.browser().fetch("/livez").await.status, StatusCode::OK);
    let ready = world.browser().fetch("/readyz").await;
    assert_eq!(
        (ready.status, ready.json()["session_store"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("unavailable"))
    );

    world.redis.resume();
    world
        .until("Redis is back", async || {
            alice.open("/profile").await.status == StatusCode::OK
        })
        .await;
    assert_eq!(alice.session().await["status"], "active", "nobody was signed out");
}

#[tokio::test]
async fn invariant_6_the_provider_away_stops_new_logins_only() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let replica = world.replica().await;
    world.inject(Fault::Answer(
        Endpoint::Metadata,
        Answer::new(503, "text/plain", "away"),
    ));

    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    let mut fresh = world.browser().at(replica.clone());
    let start = fresh.open("/auth/login").await;
    assert_eq!(
        start.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "this replica has never read the metadata"
    );
    assert!(!start.header("retry-after").is_empty());
    assert!(start.text().contains("provider") && start.set_cookies().is_empty());
    assert_eq!(fresh.fetch("/readyz").await.json()["provider_metadata"], "unavailable");
    assert_eq!(alice.at(replica.clone()).open("/profile").await.status, StatusCode::OK);

    let out = alice.at(replica).submit("/auth/logout").await;
    assert_eq!(out.location(), Some("/signed-out?provider=unavailable"));
    assert_eq!(alice.session().await["status"], "ended");

    world.provider.heal();
    world.advance(Duration::from_mins(2));
    assert_eq!(
        fresh.open("/auth/login").await.status,
        StatusCode::SEE_OTHER,
        "it comes back by itself"
    );
}

#[tokio::test]
async fn disc_02_a_provider_that_calls_itself_otherwise_is_not_used() {
    for issuer in ["https://evil.example", "{}INVALID", "{}/", "HTTP"] {
        let world = World::start().await;
        let claimed = match issuer {
            "HTTP" => world.provider.issuer().to_uppercase(),
            other => other.replace("{}", world.provider.issuer()),
        };
        world.inject(Fault::MetadataMember("issuer", claimed.into()));
        let start = world.browser().open("/auth/login").await;
        assert_eq!(start.status, StatusCode::SERVICE_UNAVAILABLE, "{issuer}");
        assert!(world.provider.calls_to(Endpoint::Authorization).is_empty());
        assert_eq!(
            world.browser().fetch("/readyz").await.status,
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
}

#[tokio::test]
async fn disc_03_disc_06_disc_07_metadata_that_is_none_or_unsafe_is_not_used() {
    let faults = [
        Fault::Redirect(Endpoint::Metadata, "http://127.0.0.1:1/".to_owned()),
        Fault::Status(Endpoint::Metadata, 404),
        Fault::ContentType(Endpoint::Metadata, "text/html"),
        Fault::Answer(Endpoint::Metadata, Answer::new(200, "application/json", "[]")),
        Fault::Answer(Endpoint::Metadata, Answer::new(200, "application/json", "{\"issuer\":")),
        Fault::EndlessBody(Endpoint::Metadata),
        Fault::HalfBody(Endpoint::Metadata),
        Fault::Hang(Endpoint::Metadata),
        Fault::MetadataMember("token_endpoint", "http://op.example/token".into()),
        Fault::MetadataMember("jwks_uri", "http://op.example/jwks".into()),
        Fault::MetadataMember("code_challenge_methods_supported", serde_json::json!(["plain"])),
        Fault::MetadataWithoutMember("code_challenge_methods_supported"),
        Fault::MetadataWithoutMember("token_endpoint"),
    ];
    for fault in faults {
        let world = World::start().await;
        let name = format!("{fault:?}");
        world.inject(fault);
        let start = world.browser().open("/auth/login").await;
        assert_eq!(start.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
        world.provider.heal();
    }
}
