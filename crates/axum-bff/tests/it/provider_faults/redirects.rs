//! Redirects from the provider to another host. The relying party follows none, and so that host gets no secret.

use super::is_refused_in;
use crate::rejection::{Reached, Refusal};
use crate::world::{REFRESHING, World};
use axum::http::StatusCode;
use provider::{Client, Endpoint, Fault, Provider, Settings};
use std::time::Duration;

/// Another host, which answers as a provider does and records its requests.
async fn other_host() -> Provider {
    let client = Client::new("bff", "https://app.example.com/", "https://app.example.com/");
    Provider::start(Settings::new(client)).await.expect("it starts")
}

fn to(other: &Provider, endpoint: Endpoint) -> Fault {
    Fault::Redirect(endpoint, format!("{}{}", other.issuer(), endpoint.path()))
}

/// DISC-06
#[tokio::test]
async fn no_redirect_of_the_provider_is_followed() {
    let (world, other) = (
        World::start_with(&[("BFF_SCOPES", REFRESHING)]).await,
        other_host().await,
    );
    world.inject(to(&other, Endpoint::Metadata));
    let start = world.browser().at(world.replica().await).open("/auth/login").await;
    assert_eq!(start.status, StatusCode::SERVICE_UNAVAILABLE);
    world.provider.heal();

    for (endpoint, code, reached) in [
        (Endpoint::Jwks, "jwks_status", Reached::Token),
        (Endpoint::Token, "token_response_status", Reached::Token),
        (Endpoint::Userinfo, "userinfo_status", Reached::Userinfo),
    ] {
        let browser = world.signed_in("alice").await.at(world.replica().await);
        let refusal = Refusal {
            name: endpoint.path(),
            code,
            reached,
        };
        is_refused_in(&world, browser, refusal, vec![to(&other, endpoint)]).await;
    }

    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_mins(61));
    world.inject(to(&other, Endpoint::Token));
    alice.sign_in(&world.provider, "alice", "/").await;
    world.inject(to(&other, Endpoint::Revocation));
    let out = alice.submit("/auth/logout").await;
    assert_eq!(out.status, StatusCode::OK);
    world
        .until("a revocation is sent", async || {
            !world.provider.calls_to(Endpoint::Revocation).is_empty()
        })
        .await;
    assert!(other.calls().is_empty(), "{:?}", other.calls());
}
