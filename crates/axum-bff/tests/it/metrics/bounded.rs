//! Nothing that a stranger, a provider or an API says gets into a label, and no secret into the output.

use super::{Measured, visit, world};
use crate::api::{Api, CALL, json};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use provider::Fault;
use std::collections::BTreeSet;

const CANARY: &str = "canaryx";

fn series(scrape: &super::Scrape) -> BTreeSet<String> {
    scrape.series().map(|(series, _)| series.to_owned()).collect()
}

async fn hostile_requests(measured: &Measured, callback: &str) {
    let mut stranger = measured.browser();
    for path in [
        format!("/api/{CANARY}/1"),
        format!("/api/orders%2f{CANARY}/1"),
        format!("/{CANARY}"),
        format!("/auth/{CANARY}"),
        format!("/auth/callback?code={CANARY}&state={CANARY}&iss=https://{CANARY}.example"),
        format!("/auth/callback?error={CANARY}&state={CANARY}"),
        format!("{callback}&code={CANARY}"),
        format!("/auth/frontchannel-logout?iss=https://{CANARY}.example&sid={CANARY}"),
        format!("/auth/login?return_to=/{CANARY}"),
    ] {
        stranger.open(&path).await;
        stranger.fetch(&path).await;
    }
    let method = Method::from_bytes(b"CANARYX").expect("a method");
    for path in ["/", "/api/orders/1", "/auth/session", "/auth/logout"] {
        stranger.send(method.clone(), path, &CALL, "").await;
    }
    let token = format!("logout_token={CANARY}.{CANARY}.{CANARY}");
    stranger
        .send(Method::POST, "/auth/backchannel-logout", &[], &token)
        .await;
    for request_line in [
        format!("GET /{CANARY} HTTP/1.1"),
        format!("{CANARY} /metrics HTTP/1.1"),
        format!("GET /metrics?{CANARY} HTTP/1.1"),
    ] {
        measured.ask(&request_line).await;
    }
    super::ask(measured.address, &format!("GET http://{CANARY}.example/ HTTP/1.1")).await;
}

/// SEC-08
#[tokio::test]
async fn hostile_names_add_no_series_and_no_secret_is_in_the_output() {
    let api = Api::start(|call| {
        let status = call
            .target
            .strip_prefix("/status/")
            .and_then(|status| status.parse().ok());
        match status.and_then(|status| StatusCode::from_u16(status).ok()) {
            Some(status) => (status, CANARY).into_response(),
            None => json("{}"),
        }
    })
    .await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    visit(&world, &measured).await;
    let before = series(&measured.scrape().await);
    assert!(before.len() > 100, "{}", before.len());

    let callback = measured.browser().callback_address(&world.provider, "alice", "/").await;
    hostile_requests(&measured, &callback).await;
    for fault in [
        Fault::IdTokenClaim("iss", format!("https://{CANARY}.example").into()),
        Fault::TokenMember("token_type", CANARY.into()),
        Fault::UserinfoClaim("sub", CANARY.into()),
        Fault::MetadataMember("issuer", CANARY.into()),
    ] {
        world.inject(fault);
        measured.browser().sign_in(&world.provider, "alice", "/").await;
        world.provider.heal();
    }
    let mut alice = measured.browser();
    alice.sign_in(&world.provider, "alice", "/").await;
    for path in [
        "/api/orders/status/599",
        "/api/orders/status/999",
        "/api/orders/status/302",
        "/api/orders/canaryx",
    ] {
        alice.send(Method::GET, path, &CALL, "").await;
    }
    let scrape = measured.scrape().await;
    let added: Vec<String> = series(&scrape).difference(&before).cloned().collect();
    assert!(added.is_empty(), "{added:?}");

    let text = scrape.0.to_lowercase();
    let mut secrets = world.provider.issued_secrets();
    secrets.extend(alice.cookies.values().cloned());
    secrets.extend([CANARY, "alice", "app.example.com"].map(str::to_owned));
    secrets.push(world.provider.issuer().to_owned());
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        assert!(!text.contains(&secret.to_lowercase()), "{secret}");
    }
}
