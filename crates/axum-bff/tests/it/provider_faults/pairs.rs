//! Two faults at once. The check that comes first decides the code of the refusal. A legal oddity next to a fault does
//! not make up for the fault.

use super::is_refused;
use crate::rejection::{Reached, Refusal};
use crate::world::World;
use provider::Endpoint::{Token, Userinfo};
use provider::{Fault, SignatureFault};
use serde_json::json;

/// Faults in the order of the checks. The last ones are unusual but legal, so they have no code.
fn faults() -> Vec<(Option<(&'static str, Reached)>, Fault)> {
    let token = |code| Some((code, Reached::Token));
    let userinfo = |code| Some((code, Reached::Userinfo));
    vec![
        (
            token("token_response_media_type"),
            Fault::ContentType(Token, "text/plain"),
        ),
        (
            token("token_response_token_type"),
            Fault::TokenMember("token_type", json!("mac")),
        ),
        (token("token_extension"), Fault::IdTokenHeader("crit", json!(["exp"]))),
        (token("id_token_typ"), Fault::IdTokenHeader("typ", json!("at+jwt"))),
        (
            token("id_token_signature"),
            Fault::IdTokenSignature(SignatureFault::FlippedBit),
        ),
        (token("id_token_issuer"), Fault::IdTokenClaimSuffix("iss", "1")),
        (token("id_token_audience"), Fault::IdTokenClaimSuffix("aud", "1")),
        (token("id_token_expired"), Fault::IdTokenWithoutClaim("exp")),
        (token("id_token_nonce"), Fault::IdTokenClaimSuffix("nonce", "1")),
        (token("id_token_subject"), Fault::IdTokenClaim("sub", json!(""))),
        (
            token("id_token_access_token_hash"),
            Fault::IdTokenClaim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ),
        (
            userinfo("userinfo_media_type"),
            Fault::ContentType(Userinfo, "text/html"),
        ),
        (
            userinfo("userinfo_subject"),
            Fault::UserinfoClaim("sub", json!("nobody")),
        ),
        (None, Fault::JwksExtraKey(json!({"kty": "foo"}))),
        (None, Fault::TokenWithoutMember("expires_in")),
        (None, Fault::IdTokenClaim("aud", json!(["bff"]))),
    ]
}

#[tokio::test]
async fn of_two_faults_the_first_check_speaks() {
    let world = World::start().await;
    let faults = faults();
    for (place, (first, one)) in faults.iter().enumerate() {
        for (second, other) in &faults[place + 1..] {
            // One fault of this pair undoes the other.
            if matches!(
                (one, other),
                (Fault::IdTokenClaimSuffix("aud", _), Fault::IdTokenClaim("aud", _))
            ) {
                continue;
            }
            let name = format!("{one:?} and {other:?}");
            // They are injected in the opposite order, so that only the order of the checks can decide the code.
            let pair = vec![other.clone(), one.clone()];
            if let Some((code, reached)) = first.or(*second) {
                let refusal = Refusal {
                    name: &name,
                    code,
                    reached,
                };
                is_refused(&world, refusal, pair).await;
            } else {
                for fault in pair {
                    world.inject(fault);
                }
                let landing = world.browser().sign_in(&world.provider, "bob", "/profile").await;
                assert_eq!(landing.location(), Some("/profile"), "{name}");
                world.provider.heal();
            }
        }
    }
}
