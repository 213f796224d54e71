use serde_json::json;

use super::*;
use crate::tests::{
    answerer::Reply,
    provider::{ACCESS_TOKEN, Provider, access_token},
    signing_key::{RSA, jws, rs256},
};

/// UI-01
#[tokio::test]
async fn the_access_token_stands_in_the_header_only() {
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

/// UI-02, UI-03
#[tokio::test]
async fn answers_that_are_not_about_the_subject_in_plain_json_are_refused() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party_with(|it| it.userinfo_limit = 64 * 1024);
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
            "token_malformed",
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

/// UI-03, UI-04
#[tokio::test]
async fn an_answer_may_be_as_large_as_the_setting_says_signed_or_not() {
    let provider = Provider::start().await;
    let picture = format!("data:image/png;base64,{}", "A".repeat(300 * 1024));
    let mut claims = json!({ "sub": "alice", "picture": picture });
    let plain = Reply::json(&claims);
    claims["iss"] = json!(provider.issuer());
    claims["aud"] = json!("client");
    let signed = Reply::new(200, "application/jwt", jws(&*RSA, &rs256(), &claims));
    for reply in [plain, signed] {
        provider.set("/userinfo", reply);
        let claims = provider.relying_party().userinfo(&access_token(), "alice").await;
        assert_eq!(claims.expect("claims")["picture"], picture);
        let narrow = provider.relying_party_with(|it| it.userinfo_limit = 300 * 1024);
        let error = narrow.userinfo(&access_token(), "alice").await.expect_err("too large");
        assert_eq!(error.code(), "provider_answer_too_large");
        assert!(error.to_string().contains("BFF_USERINFO_LIMIT"), "{error}");
    }
}

/// UI-05
#[tokio::test]
async fn distributed_claims_are_neither_followed_nor_kept() {
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
