use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::tests::{
    METADATA,
    answerer::Reply,
    provider::{ACCESS_TOKEN, Provider, access_token, claims, grant, metadata},
    signing_key::{OTHER_RSA, RSA, jwk, jws, rs256},
};
use bff_clock::Clock;

mod order;

async fn refused(provider: &Provider) -> RedeemError {
    let redeemed = provider.relying_party().redeem(grant()).await;
    redeemed.expect_err("a refusal")
}

/// TOK-12
#[tokio::test]
async fn no_token_is_used_before_the_id_token_is_verified() {
    let provider = Provider::start().await;
    let mut replayed = claims(provider.issuer());
    replayed["nonce"] = json!("another login's");
    provider.issue(&jws(&*RSA, &rs256(), &replayed));
    let error = refused(&provider).await;
    assert_eq!((error.code(), error.fault()), ("id_token_nonce", Fault::Provider));
    assert_eq!(provider.calls("/userinfo").len(), 0);
}

/// UI-02
#[tokio::test]
async fn userinfo_about_somebody_else_fails_the_login() {
    let provider = Provider::start().await;
    provider.set("/userinfo", Reply::json(&json!({ "sub": "aliceinvalid" })));
    let error = refused(&provider).await;
    assert_eq!(error.code(), "userinfo_subject");

    provider.set("/userinfo", Reply::json(&json!({ "sub": "alice" })));
    let mut bob = claims(provider.issuer());
    bob["sub"] = json!("bob");
    provider.issue(&jws(&*RSA, &rs256(), &bob));
    let error = refused(&provider).await;
    assert_eq!(error.code(), "userinfo_subject");
}

/// An application shows its people how they were signed in.
#[tokio::test]
async fn a_redemption_tells_how_a_grant_was_redeemed() {
    let provider = Provider::start().await;
    let redeemed = provider
        .relying_party()
        .redeem(grant())
        .await
        .expect("an authentication");
    let redemption = redeemed.redemption();
    assert_eq!(
        redemption.client_authentication,
        ClientAuthentication::ClientSecretBasic
    );
    assert_eq!(redemption.algorithm, IdTokenAlgorithm::Rs256);
    assert!(!redemption.at_hash, "the ID Token has none");
    assert!(redemption.userinfo.is_some());

    let mut claims = claims(provider.issuer());
    let digest = Sha256::digest(ACCESS_TOKEN);
    claims["at_hash"] = json!(BASE64_URL_SAFE_NO_PAD.encode(&digest[..16]));
    provider.issue(&jws(&*RSA, &rs256(), &claims));
    let relying_party = provider.relying_party_with(|registration| {
        registration.userinfo = false;
        registration.client_authentication = Some(ClientAuthentication::ClientSecretPost);
    });
    let redeemed = relying_party.redeem(grant()).await.expect("an authentication");
    let redemption = redeemed.redemption();
    assert_eq!(redemption.client_authentication, ClientAuthentication::ClientSecretPost);
    assert!(redemption.at_hash);
    assert_eq!(redemption.userinfo, None);
}

#[tokio::test]
async fn userinfo_is_left_out_where_it_is_switched_off_or_absent() {
    let provider = Provider::start().await;
    let switched_off = provider.relying_party_with(|registration| registration.userinfo = false);
    switched_off.redeem(grant()).await.expect("an authentication");

    let mut metadata = metadata(provider.issuer());
    metadata["userinfo_endpoint"] = Value::Null;
    provider.set(METADATA, Reply::json(&metadata));
    let absent = provider.relying_party();
    absent.redeem(grant()).await.expect("an authentication");
    assert_eq!(provider.calls("/userinfo").len(), 0);
    let error = absent
        .userinfo(&access_token(), "alice")
        .await
        .expect_err("no endpoint");
    assert_eq!(error.code(), "userinfo_no_endpoint");
}

/// DISC-10
#[tokio::test]
async fn keys_that_rotate_between_two_logins_are_read_again() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    relying_party.redeem(grant()).await.expect("the first login");
    provider.publish(&json!([jwk(&*OTHER_RSA, json!({ "kid": "2" }))]));
    provider.issue(&jws(
        &*OTHER_RSA,
        &json!({ "alg": "RS256", "kid": "2" }),
        &claims(provider.issuer()),
    ));
    relying_party.redeem(grant()).await.expect("the second login");
    assert_eq!(provider.calls("/jwks").len(), 2);
}

/// DISC-10
///
/// Some providers change a key and keep its `kid`.
#[tokio::test]
async fn a_key_that_changes_under_its_name_fails_no_login() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    relying_party.redeem(grant()).await.expect("the first login");
    provider.publish(&json!([jwk(&*OTHER_RSA, json!({ "kid": "1" }))]));
    provider.issue(&jws(&*OTHER_RSA, &rs256(), &claims(provider.issuer())));
    relying_party.redeem(grant()).await.expect("the second login");
    assert_eq!(provider.calls("/jwks").len(), 2);
}

/// DISC-11
#[tokio::test]
async fn unknown_keys_are_asked_for_once_in_a_while() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let begun = provider.clock.now();
    for kid in 0..20 {
        provider.issue(&jws(
            &*RSA,
            &json!({ "alg": "RS256", "kid": format!("made up {kid}") }),
            &json!({}),
        ));
        let redeemed = provider.while_time_passes(relying_party.redeem(grant())).await;
        assert_eq!(redeemed.expect_err("an unknown key").code(), "id_token_unknown_key");
    }
    let seconds = (provider.clock.now() - begun).whole_seconds();
    let readings = i64::try_from(provider.calls("/jwks").len()).expect("a number");
    assert!(
        readings <= 2 + seconds / 2,
        "{readings} readings in {seconds} seconds; one in two seconds is the limit"
    );
    provider.issue(&jws(&*RSA, &rs256(), &claims(provider.issuer())));
    relying_party.redeem(grant()).await.expect("the known key still works");
}

/// DISC-10
#[tokio::test]
async fn keys_that_rotate_twice_within_moments_fail_no_login() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    relying_party.redeem(grant()).await.expect("the first login");
    for (kid, key) in [("2", &*OTHER_RSA), ("3", &*RSA)] {
        provider.publish(&json!([jwk(key, json!({ "kid": kid }))]));
        let header = json!({ "alg": "RS256", "kid": kid });
        provider.issue(&jws(key, &header, &claims(provider.issuer())));
        let redeemed = provider.while_time_passes(relying_party.redeem(grant())).await;
        redeemed.expect("a login after each rotation");
    }
    assert_eq!(provider.calls("/jwks").len(), 3);
}

/// DISC-09
#[tokio::test]
async fn keys_that_a_token_brings_along_are_never_used() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let key = jwk(&*OTHER_RSA, json!({ "kid": "1" }));
    provider.set("/attacker", Reply::json(&json!({ "keys": [key] })));
    let attacker = format!("{}/attacker", provider.issuer());
    for header in [
        json!({ "alg": "RS256", "kid": "1", "jwk": key }),
        json!({ "alg": "RS256", "jwk": key }),
        json!({ "alg": "RS256", "kid": "1", "jku": attacker }),
        json!({ "alg": "RS256", "kid": "1", "x5u": attacker, "x5c": ["AAAA"] }),
    ] {
        provider.issue(&jws(&*OTHER_RSA, &header, &claims(provider.issuer())));
        let redeemed = provider.while_time_passes(relying_party.redeem(grant())).await;
        let error = redeemed.expect_err("an attacker's key");
        assert_eq!(error.code(), "id_token_signature", "{header}");
    }
    assert_eq!(provider.calls("/attacker").len(), 0);
}
