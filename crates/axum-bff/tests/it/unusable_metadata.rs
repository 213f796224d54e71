//! Metadata of the provider that cannot be read or used sign nobody in, and sign nobody out.

use crate::leaks::Log;
use crate::world::World;
use axum::http::StatusCode;
use provider::{Answer, Endpoint, Fault};
use std::time::{Duration, Instant};

/// Asserts that nobody can sign in at a replica that has read no metadata before. The replica does not redirect to the
/// provider, its page has the code `spoken`, and `/readyz` tells the operator.
async fn is_not_used(world: &World, name: &str, spoken: &str) {
    let mut browser = world.browser().at(world.replica().await);
    let start = browser.open("/auth/login").await;
    assert_eq!(start.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
    assert!(start.set_cookies().is_empty() && start.location().is_none(), "{name}");
    assert!(start.text().contains(spoken), "{name}: {}", start.text());
    let ready = browser.fetch("/readyz").await;
    // A provider that is away cuts off no session that goes on.
    let is_ready = spoken == AWAY;
    assert_eq!(ready.status == StatusCode::OK, is_ready, "{name}");
    assert_eq!(ready.json()["provider_metadata"], "unavailable", "{name}");
    assert!(world.provider.calls_to(Endpoint::Authorization).is_empty(), "{name}");
    world.provider.heal();
}

/// The code of the page for a fault that does not pass by itself: somebody has to change the set-up.
const SET_UP_WRONG: &str = "client_misconfigured";
/// The code of the page for a fault that may pass by itself.
const AWAY: &str = "provider_unavailable";

/// DISC-02
///
/// The operator reads in the log which issuer the metadata names. The log keeps it on one line and cuts it short.
#[tokio::test(flavor = "current_thread")]
async fn the_log_names_the_issuer_that_was_found() {
    let (log, _guard) = Log::catch();
    let world = World::start().await;
    let found = format!("{}/\nforged {}", world.provider.issuer(), "x".repeat(1_000));
    world.inject(Fault::MetadataMember("issuer", found.into()));
    let mut browser = world.browser().at(world.replica().await);
    browser.open("/auth/login").await;
    let named = format!("the metadata names the issuer {}/?forged x", world.provider.issuer());
    let text = log.text();
    assert!(
        text.contains(&named) && text.contains("code=\"metadata_issuer\""),
        "{text}"
    );
    assert!(!text.contains(&"x".repeat(200)), "{text}");
}

/// DISC-02
///
/// `oidcc-client-test-discovery-issuer-mismatch`,
/// `fapi2-security-profile-final-client-test-discovery-issuer-mismatch`.
#[tokio::test]
async fn a_provider_that_calls_itself_otherwise_is_not_used() {
    let world = World::start().await;
    let issuer = world.provider.issuer().to_owned();
    let spellings = [
        format!("{issuer}INVALID"),
        format!("{issuer}/"),
        issuer.to_uppercase(),
        format!("{issuer}:443"),
        issuer.replace("http://", "https://"),
        issuer.replace("127.0.0.1", "127.000.000.001"),
        issuer.replace("127.0.0.1", "localhost"),
        format!(" {issuer}"),
        "https://evil.example".to_owned(),
        String::new(),
    ];
    for spelling in spellings {
        world.inject(Fault::MetadataMember("issuer", spelling.clone().into()));
        is_not_used(&world, &spelling, SET_UP_WRONG).await;
    }
    world.inject(Fault::MetadataWithoutMember("issuer"));
    is_not_used(&world, "none", SET_UP_WRONG).await;
}

/// DISC-03, DISC-06
#[tokio::test]
async fn metadata_that_is_no_document_is_not_used() {
    let world = World::start_with(&[("BFF_PROVIDER_TIMEOUT", "2s")]).await;
    let answer = |status, content_type, body: &str| {
        Fault::Answer(Endpoint::Metadata, Answer::new(status, content_type, body.as_bytes()))
    };
    let json = "application/json";
    let issuer = world.provider.issuer();
    let cases = [
        (
            "302",
            Fault::Redirect(Endpoint::Metadata, "http://169.254.169.254/".to_owned()),
        ),
        ("201", Fault::Status(Endpoint::Metadata, 201)),
        ("404", Fault::Status(Endpoint::Metadata, 404)),
        ("500", Fault::Status(Endpoint::Metadata, 500)),
        ("html", Fault::ContentType(Endpoint::Metadata, "text/html")),
        ("a list", answer(200, json, "[]")),
        ("truncated", answer(200, json, "{\"issuer\":")),
        ("nothing", answer(200, json, "")),
        ("deep", answer(200, json, &"[".repeat(200_000))),
        (
            "issuer twice",
            answer(
                200,
                json,
                &format!("{{\"issuer\":\"{issuer}\",\"issuer\":\"{issuer}\"}}"),
            ),
        ),
        (
            "20 MB",
            Fault::Answer(Endpoint::Metadata, Answer::new(200, json, vec![b' '; 20 << 20])),
        ),
        ("endless", Fault::EndlessBody(Endpoint::Metadata)),
        ("half", Fault::HalfBody(Endpoint::Metadata)),
        ("slow", Fault::SlowBody(Endpoint::Metadata, Duration::from_secs(1))),
        ("hang", Fault::Hang(Endpoint::Metadata)),
        ("nobody there", Fault::HangUp(Endpoint::Metadata)),
    ];
    let begun = Instant::now();
    for (name, fault) in cases {
        world.inject(fault);
        is_not_used(&world, name, AWAY).await;
    }
    assert!(
        begun.elapsed() < Duration::from_mins(1),
        "each request ends within its time limit"
    );
}

/// DISC-03
///
/// Metadata that was valid stays in use until valid metadata can be read again.
#[tokio::test]
async fn the_last_good_metadata_stays_in_use() {
    let world = World::start().await;
    world.signed_in("alice").await;
    for fault in [
        Fault::Status(Endpoint::Metadata, 500),
        Fault::ContentType(Endpoint::Metadata, "text/html"),
        Fault::MetadataMember("issuer", "https://evil.example".into()),
        Fault::MetadataMember("token_endpoint", "http://op.example/token".into()),
    ] {
        world.inject(fault);
        world.advance(Duration::from_mins(61));
        let asked = world.provider.calls_to(Endpoint::Metadata).len();
        world.signed_in("bob").await;
        assert!(
            world.provider.calls_to(Endpoint::Metadata).len() > asked,
            "the metadata was asked for again"
        );
        world.provider.heal();
    }
}

/// DISC-04, DISC-07
#[tokio::test]
async fn metadata_that_is_unsafe_is_not_used() {
    let world = World::start().await;
    // The relying party's own tests judge every endpoint.
    for fault in [
        Fault::MetadataMember("userinfo_endpoint", "http://op.example/x".into()),
        Fault::MetadataWithoutMember("jwks_uri"),
    ] {
        let name = format!("{fault:?}");
        world.inject(fault);
        is_not_used(&world, &name, SET_UP_WRONG).await;
    }
    let methods = "code_challenge_methods_supported";
    for (name, fault) in [
        ("none", Fault::MetadataWithoutMember(methods)),
        ("plain", Fault::MetadataMember(methods, serde_json::json!(["plain"]))),
        ("no list", Fault::MetadataMember(methods, serde_json::json!("S256"))),
    ] {
        world.inject(fault.clone());
        is_not_used(&world, name, SET_UP_WRONG).await;
        // The operator states that the provider supports PKCE. S256 is sent then, and state and nonce too.
        world.inject(fault);
        let replica = world.replica_set(&[("BFF_PKCE_UNADVERTISED", "on")]).await;
        let start = world.browser().at(replica).open("/auth/login").await;
        let address = start.location().expect("the provider's address");
        assert!(address.contains("code_challenge_method=S256"), "{name}: {address}");
        assert!(address.contains("&state=") && address.contains("&nonce="), "{name}");
        world.provider.heal();
    }
}
