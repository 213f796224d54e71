use serde_json::json;

use super::*;
use crate::relying_party::tests::{
    answerer::Reply,
    provider::{ACCESS_TOKEN, Provider, access_token},
};

#[tokio::test]
async fn ui_01_the_access_token_stands_in_the_header_only() {
    let provider = Provider::start().await;
    let claims = provider
        .relying_party()
        .userinfo(&access_token(), "alice")
        .await
        .expect("claims");
    assert_eq!(
        Value::Object(claims),
        json!({ "sub": "alice", "email": "alice@example.org" })
    );
    let call = provider.calls("/userinfo").pop().expect("a call");
    assert_eq!(
        (call.method.as_str(), call.query, call.body.as_str()),
        ("GET", None, "")
    );
    assert_eq!(call.headers["authorization"], format!("Bearer {ACCESS_TOKEN}"));
    assert_eq!(call.headers["accept"], "application/json");
}

#[tokio::test]
async fn ui_02_ui_03_answers_that_are_not_about_the_subject_in_plain_json_are_refused() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let large = json!({ "sub": "alice", "name": "a".repeat(64 * 1024) });
    let cases = [
        (
            Reply::json(&json!({ "sub": "aliceinvalid" })),
            "userinfo_subject",
            Fault::Provider,
        ),
        (
            Reply::json(&json!({ "sub": Value::Null })),
            "userinfo_subject",
            Fault::Provider,
        ),
        (
            Reply::json(&json!({ "sub": ["alice"] })),
            "userinfo_subject",
            Fault::Provider,
        ),
        (
            Reply::json(&json!({ "name": "Alice" })),
            "userinfo_subject",
            Fault::Provider,
        ),
        (Reply::json(&json!([])), "userinfo_malformed", Fault::Provider),
        (
            Reply::new(200, "application/json", r#"{"sub":"bob","sub":"alice"}"#),
            "userinfo_malformed",
            Fault::Provider,
        ),
        (
            Reply::new(200, "application/jwt", "a.b.c"),
            "userinfo_media_type",
            Fault::Provider,
        ),
        (
            Reply::new(200, "text/html", r#"{"sub":"alice"}"#),
            "userinfo_media_type",
            Fault::Provider,
        ),
        (Reply::json(&large), "provider_answer_too_large", Fault::Provider),
        (Reply::redirect("/elsewhere"), "userinfo_status", Fault::Provider),
        (
            Reply::error(403, "insufficient_scope"),
            "userinfo_status",
            Fault::Provider,
        ),
        (Reply::new(503, "text/html", ""), "userinfo_status", Fault::Unavailable),
        (
            Reply::error(401, "invalid_token"),
            "userinfo_access_token",
            Fault::Provider,
        ),
    ];
    for (reply, code, fault) in cases {
        let what = format!("{reply:.80?}");
        provider.set("/userinfo", reply);
        let error = relying_party.userinfo(&access_token(), "alice").await.expect_err(&what);
        assert_eq!((error.code(), error.fault()), (code, fault), "{what}");
    }
    assert_eq!(provider.calls("/elsewhere").len(), 0, "the token is sent nowhere else");
}

#[tokio::test]
async fn ui_05_distributed_claims_are_neither_followed_nor_kept() {
    let provider = Provider::start().await;
    let endpoint = format!("{}/claims", provider.issuer());
    provider.set(
        "/userinfo",
        Reply::json(&json!({
            "sub": "alice",
            "_claim_names": { "credit": "elsewhere" },
            "_claim_sources": { "elsewhere": { "endpoint": endpoint, "access_token": "canary" } },
        })),
    );
    let claims = provider
        .relying_party()
        .userinfo(&access_token(), "alice")
        .await
        .expect("claims");
    assert_eq!(Value::Object(claims), json!({ "sub": "alice" }));
    assert_eq!(provider.calls("/claims").len(), 0);
}
