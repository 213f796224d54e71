//! ID Tokens that are refused, on their way through the router: one for each code. The relying party's tests judge every
//! fault of an ID Token (`crates/oidc-relying-party/src/id_token/tests/faults.rs`).

use crate::rejection::{Reached, Refusal, is_rejected};
use crate::world::World;
use axum::http::StatusCode;
use bff_clock::Clock;
use provider::Fault::{
    IdTokenClaim, IdTokenClaimSuffix, IdTokenClaimsText, IdTokenHeader, IdTokenRaw, IdTokenSignature,
    IdTokenWithoutClaim, JwksKeyMember,
};
use provider::{Fault, SignatureFault};
use serde_json::json;
use time::Duration;

#[rustfmt::skip]
fn faults(world: &World) -> Vec<(&'static str, Fault)> {
    let in_an_hour = (world.clock.now() + Duration::HOUR).unix_timestamp();
    vec![
        ("token_malformed", IdTokenRaw("a.b".to_owned())),
        ("token_too_large", IdTokenRaw("e30.".repeat(25_000))),
        ("token_duplicate_member", IdTokenClaimsText("\"sub\":\"b\"".to_owned())),
        ("token_extension", IdTokenHeader("crit", json!(["exp"]))),
        ("id_token_typ", IdTokenHeader("typ", json!("logout+jwt"))),
        ("id_token_algorithm", IdTokenSignature(SignatureFault::None)),
        ("id_token_signature", IdTokenSignature(SignatureFault::FlippedBit)),
        ("id_token_unknown_key", IdTokenHeader("kid", json!("another"))),
        ("id_token_unreadable_key", JwksKeyMember("n", json!("%%%"))),
        ("id_token_events", IdTokenClaim("events", json!({}))),
        ("id_token_issuer", IdTokenClaimSuffix("iss", "1")),
        ("id_token_audience", IdTokenClaimSuffix("aud", "1")),
        ("id_token_untrusted_audience", IdTokenClaim("aud", json!(["bff", "other"]))),
        ("id_token_authorized_party", IdTokenClaim("azp", json!("other"))),
        ("id_token_expired", IdTokenWithoutClaim("exp")),
        ("id_token_issued_at", IdTokenWithoutClaim("iat")),
        ("id_token_not_before", IdTokenClaim("nbf", json!(in_an_hour))),
        ("id_token_nonce", IdTokenClaimSuffix("nonce", "1")),
        ("id_token_subject", IdTokenWithoutClaim("sub")),
        ("id_token_session_id", IdTokenClaim("sid", json!(7))),
        ("id_token_access_token_hash", IdTokenClaim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))),
    ]
}

/// On a server that has read no keys yet, Bob signs in over Alice, and her session has to stand untouched.
#[tokio::test]
async fn a_refused_id_token_of_each_code_leads_to_its_page_and_changes_nothing() {
    let world = World::start().await;
    for (code, fault) in faults(&world) {
        let mut browser = world.signed_in("alice").await.at(world.replica().await);
        let callback = browser.callback_address(&world.provider, "bob", "/profile").await;
        world.inject(fault);
        let refusal = Refusal {
            name: code,
            code,
            reached: Reached::Token,
        };
        let page = is_rejected(&world, &mut browser, &callback, refusal).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{code}");
        assert!(page.text().contains("id_token_invalid"), "{code}: {}", page.text());
        world.provider.heal();
    }
}
