//! Key sets with which even a correct signature must not be accepted.

use super::{Case, is_refused_in};
use crate::rejection::{Reached, Refusal};
use crate::world::World;
use provider::Endpoint::Jwks;
use provider::Fault::{
    ContentType, Cut, EndlessBody, HalfBody, Hang, JwksKeyMember, JwksKeyWithoutMember, JwksMember, Redirect, Status,
};
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

#[tokio::test]
async fn disc_13_a_key_that_is_not_meant_for_it_verifies_nothing() {
    let (signature, unknown) = ("id_token_signature", "id_token_unknown_key");
    let unreadable = "id_token_unreadable_key";
    are_refused([
        ("use enc", signature, JwksKeyMember("use", json!("enc"))),
        ("alg mismatch", signature, JwksKeyMember("alg", json!("RS512"))),
        ("key_ops", unknown, JwksKeyMember("key_ops", json!(["encrypt"]))),
        ("kty mismatch", unknown, JwksKeyMember("kty", json!("EC"))),
        ("kty oct", unknown, JwksKeyMember("kty", json!("oct"))),
        ("malformed n", unreadable, JwksKeyMember("n", json!("%%%"))),
        ("no n", unreadable, JwksKeyWithoutMember("n")),
        ("no keys", unknown, JwksMember("keys", json!([]))),
        ("another kid", unknown, JwksKeyMember("kid", json!("another"))),
    ])
    .await;
}

#[tokio::test]
async fn disc_03_disc_06_a_key_set_that_does_not_come_verifies_nothing() {
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
