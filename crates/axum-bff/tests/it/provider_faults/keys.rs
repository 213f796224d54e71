//! Key sets that cannot be had. Which keys verify what is judged by the tests of the relying party (`keys/tests.rs`).

use super::{Case, is_refused_in};
use crate::rejection::{Reached, Refusal};
use crate::world::World;
use provider::Endpoint::Jwks;
use provider::Fault::{ContentType, Cut, EndlessBody, HalfBody, Hang, JwksMember, Redirect, Status};
use serde_json::json;

/// Runs each case at a replica that has read no keys yet.
async fn are_refused(cases: impl IntoIterator<Item = Case>) {
    let world = World::start_with(&[("BFF_PROVIDER_TIMEOUT", "2s")]).await;
    for (name, code, fault) in cases {
        let browser = world.signed_in("alice").await.at(world.replica().await);
        let refusal = Refusal {
            name,
            code,
            reached: Reached::Token,
        };
        is_refused_in(&world, browser, refusal, vec![fault]).await;
    }
}

/// DISC-03, DISC-06
#[tokio::test]
async fn a_key_set_that_does_not_come_verifies_nothing() {
    let elsewhere = "http://169.254.169.254/jwks".to_owned();
    are_refused([
        ("redirect", "jwks_status", Redirect(Jwks, elsewhere)),
        ("404", "jwks_status", Status(Jwks, 404)),
        ("500", "jwks_status", Status(Jwks, 500)),
        ("html", "jwks_media_type", ContentType(Jwks, "text/html")),
        ("keys that are no list", "jwks_malformed", JwksMember("keys", json!({}))),
        ("half", "provider_unreachable", HalfBody(Jwks)),
        ("cut", "provider_unreachable", Cut(Jwks)),
        ("endless", "provider_answer_too_large", EndlessBody(Jwks)),
        ("hang", "provider_timeout", Hang(Jwks)),
    ])
    .await;
}
