//! The state that a provider keeps over a restart.

use std::sync::atomic::Ordering;

use provider::{Client, Provider, Settings, Snapshot};

use super::{
    CALLBACK, NOW, SIGNED_OUT, authorization_url, call, clock, code, member, redeem, refresh, started, tokens,
};
use crate::browser::get;

/// A provider at the time `now` that starts from the snapshot of `before`.
async fn restarted(before: &Provider, now: u64) -> Provider {
    let snapshot = Snapshot::read(&before.snapshot()).expect("a snapshot");
    let mut settings = Settings::new(Client {
        secret: "s:e+c%r e&t ü".to_owned(),
        ..Client::new("the client", CALLBACK, SIGNED_OUT)
    });
    let (seconds, clock) = clock();
    seconds.store(now, Ordering::Relaxed);
    settings.clock = clock;
    Provider::start_from(settings, Some(snapshot))
        .await
        .expect("a provider")
}

#[tokio::test]
async fn after_a_restart_good_tokens_are_good_and_others_are_not() {
    let first = started(|_| {}).await;
    let (kept, spent, revoked) = (tokens(&first).await, tokens(&first).await, tokens(&first).await);
    let renewed = refresh(&first, member(&spent, "refresh_token")).await.json();
    let unredeemed = code(&first).await;
    let keys = get(&first, "/jwks", &[]).await.json();

    let second = restarted(&first, NOW + 60).await;
    assert_eq!(
        get(&second, "/jwks", &[]).await.json(),
        keys,
        "tokens from before the restart can be verified"
    );
    let whoami = async |provider: &Provider, tokens: &serde_json::Value| {
        call(provider, "/resource/whoami", member(tokens, "access_token"))
            .await
            .status
    };
    assert_eq!(whoami(&second, &kept).await, 200);
    assert_eq!(refresh(&second, member(&kept, "refresh_token")).await.status, 200);
    assert_eq!(refresh(&second, member(&renewed, "refresh_token")).await.status, 200);
    assert_eq!(
        refresh(&second, member(&spent, "refresh_token")).await.json()["error"],
        "invalid_grant"
    );
    assert_eq!(redeem(&second, &unredeemed, &[]).await.json()["error"], "invalid_grant");

    second.revoke_grants("alice");
    let third = restarted(&second, NOW + 120).await;
    assert_eq!(whoami(&third, &revoked).await, 401);
    assert_eq!(
        refresh(&third, member(&revoked, "refresh_token")).await.json()["error"],
        "invalid_grant"
    );
}

#[tokio::test]
async fn kept_state_has_a_bound() {
    let first = started(|_| {}).await;
    let empty = first.snapshot().len();
    for _ in 0..5 {
        let tokens = tokens(&first).await;
        refresh(&first, member(&tokens, "refresh_token")).await;
    }
    assert!(first.snapshot().len() > empty);
    let second = restarted(&first, NOW + 31 * 24 * 3600).await;
    assert_eq!(second.snapshot().len(), empty, "tokens older than a month are not kept");
}

#[tokio::test]
async fn bytes_that_are_no_snapshot_are_told_as_such() {
    let provider = started(|_| {}).await;
    provider.authorize(&authorization_url(&provider), "alice").await;
    let good = provider.snapshot();
    assert!(Snapshot::read(&good).is_some());
    for bytes in [&b""[..], b"{}", &good[1..], &good[..good.len() - 1]] {
        assert!(Snapshot::read(bytes).is_none());
    }
}
