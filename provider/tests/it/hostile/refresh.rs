//! Faults of a refresh: those of the token endpoint and of the ID Token.

use provider::{Answer, Endpoint, Fault, SignatureFault};
use serde_json::json;

use crate::{
    browser::{exchange, form},
    friendly::{basic, decoded, friendly, member, refresh, tokens},
};

/// RT-04
#[tokio::test]
async fn the_id_token_of_a_refresh_can_be_wrong_in_everything() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let mut refresh_token = member(&tokens, "refresh_token").to_owned();
    for (claim, value) in [
        ("sub", json!("mallory")),
        ("iss", json!("https://other.example")),
        ("aud", json!("another client")),
        ("auth_time", json!(7)),
        ("nonce", json!("another login's")),
    ] {
        provider.inject(Fault::IdTokenClaim(claim, value.clone()));
        let refreshed = refresh(&provider, &refresh_token).await.json();
        let (_, claims) = decoded(member(&refreshed, "id_token"));
        assert_eq!(claims[claim], value);
        member(&refreshed, "refresh_token").clone_into(&mut refresh_token);
        provider.heal();
    }
    provider.inject(Fault::IdTokenSignature(SignatureFault::None));
    let refreshed = refresh(&provider, &refresh_token).await.json();
    assert_eq!(decoded(member(&refreshed, "id_token")).0["alg"], "none");
}

/// RT-06
#[tokio::test]
async fn an_answer_in_place_of_the_endpoint_leaves_the_refresh_token_unspent() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let refresh_token = member(&tokens, "refresh_token");
    for answer in [
        Answer::error(503, "temporarily_unavailable"),
        Answer::empty(429).with_header("retry-after", "1"),
        Answer::error(400, "invalid_grant"),
    ] {
        let status = answer.status;
        provider.inject(Fault::Answer(Endpoint::Token, answer));
        assert_eq!(refresh(&provider, refresh_token).await.status, status);
        provider.heal();
    }
    assert_eq!((provider.refreshes(), provider.reuse_alarms()), (0, 0));
    assert_eq!(refresh(&provider, refresh_token).await.status, 200);
}

/// RT-02
#[tokio::test]
async fn an_answer_can_be_lost_after_the_rotation() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let refresh_token = member(&tokens, "refresh_token");
    provider.inject(Fault::Cut(Endpoint::Token));
    let body = form(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]);
    let basic = basic();
    let answer = exchange(&provider, "POST", "/token", &[("authorization", &basic)], &body).await;
    assert!(answer.is_empty());
    assert_eq!((provider.refreshes(), provider.reuse_alarms()), (1, 0));
    provider.heal();
    assert_eq!(refresh(&provider, refresh_token).await.status, 400);
    assert_eq!(provider.reuse_alarms(), 1);
}
