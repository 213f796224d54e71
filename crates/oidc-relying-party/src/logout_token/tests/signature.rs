//! The signature, algorithm and keys of a logout token.

use super::*;

/// LO-13
#[tokio::test]
async fn signature_and_algorithm_are_checked_as_those_of_an_id_token() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let claims = good(&provider);
    let token = jws(&*RSA, &rs256(), &claims);
    let (signing_input, _) = token.rsplit_once('.').expect("a JWS");
    for name in ["none", "None", "HS256", "RS384", "PS256", "ES256", ""] {
        let header = json!({ "alg": name, "kid": "1" });
        let token = jws(&*RSA, &header, &claims);
        assert_eq!(
            verdict(&relying_party, &token).await,
            "logout_token_algorithm",
            "{name}"
        );
        let (signing_input, _) = token.rsplit_once('.').expect("a JWS");
        let unsigned = format!("{signing_input}.");
        assert_eq!(
            verdict(&relying_party, &unsigned).await,
            "logout_token_algorithm",
            "{name}"
        );
    }
    for (token, code) in [
        (format!("{signing_input}."), "logout_token_signature"),
        (jws(&*OTHER_RSA, &rs256(), &claims), "logout_token_signature"),
        (
            jws(&*OTHER_RSA, &json!({ "alg": "RS256", "kid": "2" }), &claims),
            "logout_token_unknown_key",
        ),
        (format!("{token}.{token}"), "token_malformed"),
        (String::new(), "token_malformed"),
        ("A".repeat(70_000), "token_too_large"),
    ] {
        assert_eq!(verdict(&relying_party, &token).await, code);
    }
    assert_eq!(verdict(&relying_party, &token).await, "accepted");
}

/// IDT-20
#[tokio::test]
async fn a_claim_that_stands_twice_says_two_things() {
    let provider = Provider::start().await;
    let payload = good(&provider).to_string().replacen('{', r#"{"sub":"mallory","#, 1);
    let token = jws_of_text(&*RSA, &rs256().to_string(), &payload);
    assert_eq!(
        verdict(&provider.relying_party(), &token).await,
        "token_duplicate_member"
    );
}

#[tokio::test]
async fn keys_that_are_away_are_not_the_callers_fault() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let token = jws(&*RSA, &rs256(), &good(&provider));
    provider.set("/jwks", Reply::new(503, "text/html", "maintenance"));
    let error = relying_party.verify_logout_token(&token).await.expect_err("no keys");
    assert_eq!((error.code(), error.fault()), ("jwks_status", Fault::Unavailable));
}
