//! A provider that misbehaves: each fault ends the login, and changes nothing else (REJ).

use crate::world::World;
use axum::http::StatusCode;
use provider::{Answer, Endpoint, Fault, SignatureFault, SigningAlgorithm};
use serde_json::{Value, json};
use std::time::Duration;

/// Which calls may have been made when the login is refused.
#[derive(Clone, Copy, PartialEq)]
enum Reached {
    Token,
    Userinfo,
}

/// Signs Alice in, then Bob over her with the fault: her session has to stand untouched.
async fn is_refused(name: &str, fault: Fault, reached: Reached) {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let cookies = browser.cookies.clone();
    let keys = world.redis.keys().len();
    // Past the throttle on reading keys again.
    world.advance(Duration::from_mins(2));
    world.provider.forget_calls();
    world.inject(fault);
    let answer = browser.sign_in(&world.provider, "bob", "/profile").await;

    let address = answer.location().unwrap_or_default().to_owned();
    assert!(address.starts_with("/sign-in-failed?problem="), "{name}: {address}");
    assert!(answer.set_cookies().is_empty(), "{name}");
    let status = browser.open(&address).await.status;
    assert!([400, 500, 502, 503].contains(&status.as_u16()), "{name}: {status}");
    assert!(
        world.provider.calls_to(Endpoint::Token).len() == 1,
        "{name}: the code is sent once"
    );
    let userinfo = world.provider.calls_to(Endpoint::Userinfo).len();
    assert_eq!(userinfo, usize::from(reached == Reached::Userinfo), "{name}: TOK-12");
    assert_eq!(
        world.redis.keys().len(),
        keys + 1,
        "{name}: only the mark of use was written"
    );
    assert_eq!(browser.cookies, cookies, "{name}");
    assert!(browser.session().await.to_string().contains("Alice"), "{name}");
    world.provider.heal();
}

#[tokio::test]
async fn idt_03_to_05_a_signature_that_is_not_the_providers_is_refused() {
    use SignatureFault::{
        Bytes, Empty, FlippedBit, Hs256WithClientSecret, Hs256WithPublicKey, None, OtherAlgorithm, OtherKey,
        OtherPayload, ShortKey,
    };
    let faults = [
        ("invalid_sig_rs256", OtherKey),
        ("flipped bit", FlippedBit),
        ("swapped payload", OtherPayload),
        ("idtoken_sig_none", None),
        ("empty signature", Empty),
        ("invalid_sig_hs256", Hs256WithPublicKey),
        ("HS256 with the client secret", Hs256WithClientSecret),
        (
            "IDT-02 invalid_alternate_alg RS512",
            OtherAlgorithm(SigningAlgorithm::RsaSsaPkcs1V15Sha512),
        ),
        (
            "IDT-02 invalid_alternate_alg EdDSA",
            OtherAlgorithm(SigningAlgorithm::EdDsa),
        ),
        ("DISC-13 RSA key of 1024 bits", ShortKey),
        ("garbage", Bytes(vec![0; 64])),
    ];
    for (name, fault) in faults {
        is_refused(name, Fault::IdTokenSignature(fault), Reached::Token).await;
    }
}

#[tokio::test]
async fn idt_09_to_17_claims_that_are_missing_or_wrong_are_refused() {
    let faults = [
        ("IDT-09 invalid_iss", Fault::IdTokenClaimSuffix("iss", "1")),
        ("IDT-09 iss with slash", Fault::IdTokenClaimSuffix("iss", "/")),
        ("IDT-09 missing_iss", Fault::IdTokenWithoutClaim("iss")),
        ("IDT-10 invalid_aud", Fault::IdTokenClaimSuffix("aud", "1")),
        ("IDT-10 missing_aud", Fault::IdTokenWithoutClaim("aud")),
        ("IDT-10 no aud", Fault::IdTokenClaim("aud", json!([]))),
        (
            "IDT-11 invalid_secondary_aud",
            Fault::IdTokenClaim("aud", json!(["bff", "other"])),
        ),
        ("IDT-12 azp_mismatch", Fault::IdTokenClaim("azp", json!("other"))),
        ("IDT-13 missing_exp", Fault::IdTokenWithoutClaim("exp")),
        ("IDT-13 expired_exp", Fault::IdTokenClaim("exp", json!(1_600_000_000))),
        ("IDT-13 exp as text", Fault::IdTokenClaim("exp", json!("tomorrow"))),
        ("IDT-14 missing_iat", Fault::IdTokenWithoutClaim("iat")),
        (
            "IDT-14 iat in the future",
            Fault::IdTokenClaim("iat", json!(4_000_000_000_u64)),
        ),
        (
            "IDT-14 iat_is_week_in_past",
            Fault::IdTokenClaim("iat", json!(1_600_000_000)),
        ),
        (
            "IDT-14 nbf in the future",
            Fault::IdTokenClaim("nbf", json!(4_000_000_000_u64)),
        ),
        ("IDT-15 nonce_invalid", Fault::IdTokenClaimSuffix("nonce", "1")),
        ("IDT-15 missing_nonce", Fault::IdTokenWithoutClaim("nonce")),
        ("IDT-15 null nonce", Fault::IdTokenClaim("nonce", Value::Null)),
        ("IDT-17 missing_sub", Fault::IdTokenWithoutClaim("sub")),
        ("IDT-17 empty sub", Fault::IdTokenClaim("sub", json!(""))),
        ("IDT-17 long sub", Fault::IdTokenClaim("sub", json!("s".repeat(256)))),
        ("IDT-17 numeric sub", Fault::IdTokenClaim("sub", json!(1))),
        (
            "IDT-18 wrong at_hash",
            Fault::IdTokenClaim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ),
        ("IDT-08 logout token", Fault::IdTokenClaim("events", json!({}))),
        ("IDT-20 sub twice", Fault::IdTokenClaimsText("\"sub\":\"b\"".to_owned())),
        (
            "IDT-13 exp beyond numbers",
            Fault::IdTokenClaimsText("\"exp\":1e400".to_owned()),
        ),
    ];
    for (name, fault) in faults {
        is_refused(name, fault, Reached::Token).await;
    }
}

#[tokio::test]
async fn idt_01_idt_07_idt_08_what_is_no_plain_id_token_is_refused() {
    let faults = [
        ("IDT-07 crit", Fault::IdTokenHeader("crit", json!(["exp"]))),
        (
            "IDT-07 unknown kid",
            Fault::IdTokenHeader("kid", json!("../../etc/passwd")),
        ),
        ("IDT-08 access token", Fault::IdTokenHeader("typ", json!("at+jwt"))),
        ("IDT-08 logout token", Fault::IdTokenHeader("typ", json!("logout+jwt"))),
        ("IDT-01 two parts", Fault::IdTokenRaw("a.b".to_owned())),
        ("IDT-01 five parts", Fault::IdTokenRaw("a.b.c.d.e".to_owned())),
        ("IDT-01 padding", Fault::IdTokenRaw("e30=.e30=.e30=".to_owned())),
        ("IDT-01 nothing", Fault::IdTokenRaw(String::new())),
        ("IDT-01 large", Fault::IdTokenRaw("e30.".repeat(300_000))),
    ];
    for (name, fault) in faults {
        is_refused(name, fault, Reached::Token).await;
    }
}

#[tokio::test]
async fn tok_05_to_11_a_token_answer_that_is_none_is_refused() {
    let json_answer =
        |status, body: &str| Fault::Answer(Endpoint::Token, Answer::new(status, "application/json", body));
    let faults = [
        ("TOK-05 204", Fault::Status(Endpoint::Token, 204)),
        ("TOK-05 201", Fault::Status(Endpoint::Token, 201)),
        ("TOK-05 html", Fault::ContentType(Endpoint::Token, "text/html")),
        (
            "TOK-05 error with 200",
            json_answer(200, r#"{"error":"invalid_grant"}"#),
        ),
        ("TOK-05 no JSON", json_answer(200, "{\"access_token\":")),
        ("TOK-05 a list", json_answer(200, "[]")),
        ("TOK-05 missing access_token", Fault::TokenWithoutMember("access_token")),
        (
            "TOK-05 null access_token",
            Fault::TokenMember("access_token", Value::Null),
        ),
        (
            "TOK-05 empty access_token",
            Fault::TokenMember("access_token", json!("")),
        ),
        (
            "TOK-05 numeric access_token",
            Fault::TokenMember("access_token", json!(7)),
        ),
        ("TOK-06 mac", Fault::TokenMember("token_type", json!("mac"))),
        ("TOK-06 missing", Fault::TokenWithoutMember("token_type")),
        ("TOK-07 missing id_token", Fault::TokenWithoutMember("id_token")),
        ("TOK-07 null id_token", Fault::TokenMember("id_token", Value::Null)),
        ("TOK-10 invalid_grant", json_answer(400, r#"{"error":"invalid_grant"}"#)),
        (
            "TOK-10 invalid_client",
            json_answer(401, r#"{"error":"invalid_client"}"#),
        ),
        ("TOK-10 500", json_answer(500, "{}")),
        ("TOK-11 hang", Fault::Hang(Endpoint::Token)),
        (
            "TOK-11 slow body",
            Fault::SlowBody(Endpoint::Token, Duration::from_millis(200)),
        ),
        ("TOK-11 half a body", Fault::HalfBody(Endpoint::Token)),
        ("TOK-11 cut", Fault::Cut(Endpoint::Token)),
        ("TOK-11 endless", Fault::EndlessBody(Endpoint::Token)),
        (
            "DISC-06 redirect",
            Fault::Redirect(Endpoint::Token, "http://127.0.0.1:1/".to_owned()),
        ),
    ];
    for (name, fault) in faults {
        is_refused(name, fault, Reached::Token).await;
    }
}

#[tokio::test]
async fn ui_02_a_userinfo_answer_about_somebody_else_or_none_is_refused() {
    let faults = [
        (
            "UI-02 userinfo_invalid_sub",
            Fault::UserinfoClaim("sub", json!("alice-and-more")),
        ),
        ("UI-02 missing sub", Fault::UserinfoWithoutClaim("sub")),
        ("UI-02 null sub", Fault::UserinfoClaim("sub", Value::Null)),
        ("UI-03 html", Fault::ContentType(Endpoint::Userinfo, "text/html")),
        ("401", Fault::Status(Endpoint::Userinfo, 401)),
        ("500", Fault::Status(Endpoint::Userinfo, 500)),
        ("endless", Fault::EndlessBody(Endpoint::Userinfo)),
        ("cut", Fault::Cut(Endpoint::Userinfo)),
        (
            "redirect",
            Fault::Redirect(Endpoint::Userinfo, "http://127.0.0.1:1/".to_owned()),
        ),
    ];
    for (name, fault) in faults {
        is_refused(name, fault, Reached::Userinfo).await;
    }
}

#[tokio::test]
async fn what_is_odd_and_legal_is_accepted() {
    let now = 3600;
    let faults = [
        Fault::IdTokenClaim("aud", json!(["bff"])),
        Fault::IdTokenWithoutClaim("azp"),
        Fault::IdTokenWithoutClaim("at_hash"),
        Fault::IdTokenWithoutHeader("typ"),
        Fault::JwksKeyWithoutMember("use"),
        Fault::JwksKeyWithoutMember("alg"),
        Fault::JwksExtraKey(json!({"kty": "foo"})),
        Fault::JwksExtraKey(json!({"kty": "RSA", "kid": "no n"})),
        Fault::TokenMember("token_type", json!("bEARER")),
        Fault::TokenWithoutMember("expires_in"),
        Fault::TokenWithoutMember("scope"),
        Fault::UserinfoClaim("iss", json!("https://evil.example")),
        Fault::UserinfoClaim("exp", json!(now)),
        Fault::UserinfoClaim("_claim_sources", json!({"src": {"endpoint": "http://127.0.0.1:1/"}})),
        Fault::MetadataMember("made_up", json!({"a": [1, null]})),
        Fault::MetadataWithoutMember("token_endpoint_auth_methods_supported"),
        Fault::MetadataWithoutMember("userinfo_endpoint"),
        Fault::MetadataWithoutMember("claims_supported"),
    ];
    for fault in faults {
        let world = World::start().await;
        let name = format!("{fault:?}");
        world.inject(fault);
        let mut browser = world.browser();
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(
            (landing.status, landing.location()),
            (StatusCode::SEE_OTHER, Some("/profile")),
            "{name}"
        );
        let state = browser.session().await;
        assert_eq!(state["issuer"], world.provider.issuer(), "{name}: UI-04");
    }
}
