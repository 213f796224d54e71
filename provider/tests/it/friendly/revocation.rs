//! The revocation endpoint.

use provider::Endpoint;

use super::{basic, call, friendly, member, refresh, tokens};
use crate::browser::post;

/// LO-03
#[tokio::test]
async fn a_revoked_refresh_token_ends_its_grant() {
    let provider = friendly().await;
    let (tokens, other) = (tokens(&provider).await, tokens(&provider).await);
    let basic = basic();
    let form = [
        ("token", member(&tokens, "refresh_token")),
        ("token_type_hint", "refresh_token"),
    ];
    let answer = post(&provider, "/revoke", &[("authorization", &basic)], &form).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    let refused = refresh(&provider, member(&tokens, "refresh_token")).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
    assert_eq!(provider.reuse_alarms(), 0, "a revoked token does not count as reused");
    assert_eq!(
        call(&provider, "/userinfo", member(&tokens, "access_token"))
            .await
            .status,
        401
    );
    assert_eq!(refresh(&provider, member(&other, "refresh_token")).await.status, 200);
    let calls = provider.calls_to(Endpoint::Revocation);
    assert_eq!(calls[0].parameter("token_type_hint"), Some("refresh_token"));
}

/// LO-03
#[tokio::test]
async fn a_revoked_access_token_ends_alone() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let basic = basic();
    let form = [("token", member(&tokens, "access_token"))];
    assert_eq!(
        post(&provider, "/revoke", &[("authorization", &basic)], &form)
            .await
            .status,
        200
    );
    assert_eq!(
        call(&provider, "/userinfo", member(&tokens, "access_token"))
            .await
            .status,
        401
    );
    assert_eq!(refresh(&provider, member(&tokens, "refresh_token")).await.status, 200);
}

/// LO-03
#[tokio::test]
async fn the_client_proves_itself_and_unknown_tokens_are_not_good_anyway() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let token = ("token", member(&tokens, "refresh_token"));
    let basic = basic();
    let authorization = [("authorization", &*basic)];
    assert_eq!(post(&provider, "/revoke", &[], &[token]).await.status, 401);
    assert_eq!(
        post(&provider, "/revoke", &authorization, &[]).await.json()["error"],
        "invalid_request"
    );
    assert_eq!(
        post(&provider, "/revoke", &authorization, &[("token", "made up")])
            .await
            .status,
        200
    );
    assert_eq!(refresh(&provider, token.1).await.status, 200);
}
