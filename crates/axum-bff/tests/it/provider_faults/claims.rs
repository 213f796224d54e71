//! Claims that are missing or wrong, in tokens with a valid signature.

use super::are_refused;
use crate::rejection::Reached;
use crate::world::World;
use bff_clock::Clock;
use provider::Fault::{IdTokenClaim, IdTokenClaimSuffix, IdTokenClaimsText, IdTokenWithoutClaim};
use serde_json::{Value, json};

/// The `OpenID` Foundation's `oidcc-client-test-invalid-iss`,
/// `fapi2-security-profile-final-client-test-invalid-iss` and
/// `fapi2-security-profile-final-client-test-invalid-missing-iss`; `oidcc-client-test-invalid-aud`,
/// `oidcc-client-test-missing-aud`, `fapi2-security-profile-final-client-test-invalid-aud`,
/// `fapi2-security-profile-final-client-test-invalid-missing-aud` and
/// `fapi2-security-profile-final-client-test-invalid-secondary-aud`.
#[tokio::test]
async fn idt_09_to_12_a_token_of_another_issuer_or_for_another_client_is_refused() {
    let world = World::start().await;
    let upper = world.provider.issuer().to_uppercase();
    let cases = [
        ("IDT-09 invalid_iss", "id_token_issuer", IdTokenClaimSuffix("iss", "1")),
        ("IDT-09 slash", "id_token_issuer", IdTokenClaimSuffix("iss", "/")),
        ("IDT-09 case", "id_token_issuer", IdTokenClaim("iss", json!(upper))),
        ("IDT-09 missing_iss", "id_token_issuer", IdTokenWithoutClaim("iss")),
        (
            "IDT-09 array",
            "id_token_issuer",
            IdTokenClaim("iss", json!([world.provider.issuer()])),
        ),
        (
            "IDT-10 invalid_aud",
            "id_token_audience",
            IdTokenClaimSuffix("aud", "1"),
        ),
        ("IDT-10 missing_aud", "id_token_audience", IdTokenWithoutClaim("aud")),
        ("IDT-10 empty", "id_token_audience", IdTokenClaim("aud", json!([]))),
        ("IDT-10 number", "id_token_audience", IdTokenClaim("aud", json!(7))),
        (
            "IDT-11 invalid_secondary_aud",
            "id_token_untrusted_audience",
            IdTokenClaim("aud", json!(["bff", "other"])),
        ),
        (
            "IDT-12 azp_mismatch",
            "id_token_authorized_party",
            IdTokenClaim("azp", json!("other")),
        ),
    ];
    are_refused(&world, Reached::Token, cases).await;
}

/// `oidcc-client-test-missing-iat`, `fapi2-security-profile-final-client-test-invalid-missing-exp` and
/// `fapi2-security-profile-final-client-test-invalid-expired-exp` (over five minutes past).
#[tokio::test]
async fn idt_13_idt_14_a_token_that_is_too_old_or_too_young_is_refused() {
    let world = World::start_with(&[("BFF_CLOCK_LEEWAY", "30s")]).await;
    // Each case moves the clock by two minutes, so the times are relative to the start.
    let start = world.clock.now().unix_timestamp();
    let (expired, issued) = ("id_token_expired", "id_token_issued_at");
    let cases = [
        ("IDT-13 missing_exp", expired, IdTokenWithoutClaim("exp")),
        ("IDT-13 expired_exp", expired, IdTokenClaim("exp", json!(start - 301))),
        ("IDT-13 text", expired, IdTokenClaim("exp", json!("tomorrow"))),
        ("IDT-13 negative", expired, IdTokenClaim("exp", json!(-1))),
        (
            "IDT-13 beyond numbers",
            "token_malformed",
            IdTokenClaimsText("\"exp\":1e400".to_owned()),
        ),
        ("IDT-14 missing_iat", issued, IdTokenWithoutClaim("iat")),
        ("IDT-14 in an hour", issued, IdTokenClaim("iat", json!(start + 7200))),
        (
            "IDT-14 a week past",
            issued,
            IdTokenClaim("iat", json!(start - 7 * 86_400)),
        ),
        ("IDT-14 text", issued, IdTokenClaim("iat", json!("now"))),
        (
            "IDT-14 nbf in an hour",
            "id_token_not_before",
            IdTokenClaim("nbf", json!(start + 7200)),
        ),
    ];
    are_refused(&world, Reached::Token, cases).await;
}

/// `oidcc-client-test-nonce-invalid`, `fapi2-security-profile-final-client-test-invalid-nonce` and
/// `fapi2-security-profile-final-client-test-invalid-missing-nonce`; `oidcc-client-test-missing-sub`. The wrong
/// `at_hash` comes from the Foundation's plans for other flows.
#[tokio::test]
async fn idt_15_to_20_a_token_of_another_login_or_about_nobody_is_refused() {
    let world = World::start().await;
    let mut other = world.browser();
    let start = other.open("/auth/login").await;
    let address = url::Url::parse(start.location().expect("a location")).expect("a URL");
    let nonce = address.query_pairs().find(|(name, _)| name == "nonce");
    let others = nonce.expect("a nonce").1.into_owned();
    let (nonce, subject) = ("id_token_nonce", "id_token_subject");
    let cases = [
        ("IDT-15 nonce_invalid", nonce, IdTokenClaimSuffix("nonce", "1")),
        ("IDT-15 another login's", nonce, IdTokenClaim("nonce", json!(others))),
        ("IDT-15 missing_nonce", nonce, IdTokenWithoutClaim("nonce")),
        ("IDT-15 null", nonce, IdTokenClaim("nonce", Value::Null)),
        ("IDT-17 missing_sub", subject, IdTokenWithoutClaim("sub")),
        ("IDT-17 null", subject, IdTokenClaim("sub", Value::Null)),
        ("IDT-17 empty", subject, IdTokenClaim("sub", json!(""))),
        ("IDT-17 long", subject, IdTokenClaim("sub", json!("s".repeat(256)))),
        ("IDT-17 number", subject, IdTokenClaim("sub", json!(1))),
        ("IDT-17 no ASCII", subject, IdTokenClaim("sub", json!("\u{e9}"))),
        (
            "IDT-18 wrong at_hash",
            "id_token_access_token_hash",
            IdTokenClaim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ),
        (
            "IDT-20 sub twice",
            "token_duplicate_member",
            IdTokenClaimsText("\"sub\":\"b\"".to_owned()),
        ),
        (
            "IDT-08 the claim of a logout token",
            "id_token_events",
            IdTokenClaim("events", json!({})),
        ),
        (
            "a sid that no logout token could name",
            "id_token_session_id",
            IdTokenClaim("sid", json!(7)),
        ),
    ];
    are_refused(&world, Reached::Token, cases).await;
}
