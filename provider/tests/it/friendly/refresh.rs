//! Refreshes without faults.

use std::{sync::atomic::Ordering, time::Duration};

use super::{NOW, call, clock, friendly, member, refresh, started, tokens};

/// RT-02
#[tokio::test]
async fn a_spent_refresh_token_that_comes_again_ends_the_whole_grant() {
    let provider = friendly().await;
    let first = tokens(&provider).await;
    let second = refresh(&provider, member(&first, "refresh_token")).await.json();
    assert_eq!((provider.refreshes(), provider.reuse_alarms()), (1, 0));
    assert_eq!(
        call(&provider, "/resource/whoami", member(&first, "access_token"))
            .await
            .status,
        200
    );

    let reused = refresh(&provider, member(&first, "refresh_token")).await;
    assert_eq!((reused.status, &reused.json()["error"]), (400, &"invalid_grant".into()));
    assert_eq!((provider.refreshes(), provider.reuse_alarms()), (1, 1));
    // The provider cannot know whether the client or a thief has the newer refresh token, so it refuses that one too.
    let good = refresh(&provider, member(&second, "refresh_token")).await;
    assert_eq!(good.json()["error"], "invalid_grant");
    assert_eq!((provider.refreshes(), provider.reuse_alarms()), (1, 1));
    for tokens in [&first, &second] {
        let answer = call(&provider, "/resource/whoami", member(tokens, "access_token")).await;
        assert_eq!(answer.status, 401);
    }
    // Another grant of the same person is not affected.
    let other = tokens(&provider).await;
    assert_eq!(refresh(&provider, member(&other, "refresh_token")).await.status, 200);
}

/// RT-02
#[tokio::test]
async fn without_rotation_a_refresh_token_stays_good_and_none_is_returned() {
    let provider = started(|settings| settings.rotate_refresh_tokens = false).await;
    let tokens = tokens(&provider).await;
    for refreshes in 1..=3 {
        let answer = refresh(&provider, member(&tokens, "refresh_token")).await.json();
        assert!(answer["access_token"].is_string());
        assert_eq!(answer.get("refresh_token"), None);
        assert_eq!((provider.refreshes(), provider.reuse_alarms()), (refreshes, 0));
    }
}

/// RT-04
#[tokio::test]
async fn an_id_token_can_be_left_out_of_a_refresh() {
    let provider = started(|settings| settings.refresh_id_token = false).await;
    let tokens = tokens(&provider).await;
    assert!(tokens["id_token"].is_string());
    let refreshed = refresh(&provider, member(&tokens, "refresh_token")).await.json();
    assert_eq!(refreshed.get("id_token"), None);
}

/// RT-05
#[tokio::test]
async fn grants_that_are_revoked_get_invalid_grant() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    provider.revoke_grants("bob");
    let tokens = refresh(&provider, member(&tokens, "refresh_token")).await.json();
    provider.revoke_grants("alice");
    let refused = refresh(&provider, member(&tokens, "refresh_token")).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (400, &"invalid_grant".into())
    );
    assert_eq!(provider.reuse_alarms(), 0);
    assert_eq!(
        call(&provider, "/resource/whoami", member(&tokens, "access_token"))
            .await
            .status,
        401
    );
}

/// TOK-08
#[tokio::test]
async fn an_access_token_lives_as_long_as_the_settings_say() {
    let (seconds, clock) = clock();
    let provider = started(|settings| {
        settings.access_token_lifetime = Duration::from_secs(2);
        settings.clock = clock;
    })
    .await;
    let tokens = tokens(&provider).await;
    assert_eq!(tokens["expires_in"], 2);
    for (elapsed, status) in [(1, 200), (2, 401)] {
        seconds.store(NOW + elapsed, Ordering::Relaxed);
        for path in ["/userinfo", "/resource/whoami"] {
            let answer = call(&provider, path, member(&tokens, "access_token")).await;
            assert_eq!(answer.status, status, "{path} after {elapsed} s");
        }
    }
    let refreshed = refresh(&provider, member(&tokens, "refresh_token")).await.json();
    assert_eq!(
        call(&provider, "/userinfo", member(&refreshed, "access_token"))
            .await
            .status,
        200
    );
}
