//! Claims that are judged by the settings. `id_token/tests/faults.rs` judges those that are wrong whatever is set.

use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::{
    Registration,
    tests::provider::{NONCE, claims, now, registration},
};

mod authentication;

const ISSUER: &str = "https://op.example";

fn verdict_of(registration: &Registration, claims: &Value) -> &'static str {
    verdict_within(None, registration, claims)
}

fn verdict_within(max_age: Option<u64>, registration: &Registration, claims: &Value) -> &'static str {
    let wanted = AuthenticationWanted {
        max_age,
        ..AuthenticationWanted::default()
    };
    verdict_wanted(&wanted, registration, claims)
}

fn verdict_wanted(wanted: &AuthenticationWanted, registration: &Registration, claims: &Value) -> &'static str {
    let nonce = SecretString::from(NONCE);
    let expected = Expectations {
        wanted: Some(wanted),
        registration,
        algorithms: &[],
        nonce: NonceRule::Equal(&nonce),
        now: now(),
    };
    // The payload of a token is read in the same way, which leaves out null and empty members.
    let claims = crate::json::document(claims.to_string().as_bytes()).expect("an object");
    check(&claims, &expected).map_or_else(|error| error.code(), |_| "accepted")
}

/// Seconds from now.
fn at(seconds: i64) -> Value {
    json!(now().unix_timestamp() + seconds)
}

/// IDT-11
#[test]
fn every_audience_has_to_be_one_of_those_that_the_settings_trust() {
    let mut registration = registration(ISSUER);
    registration.trusted_audiences = vec!["api".to_owned()];
    let mut claims = claims(ISSUER);
    claims["aud"] = json!(["client", "api"]);
    assert_eq!(verdict_of(&registration, &claims), "accepted");
    claims["aud"] = json!(["client", "api", "other"]);
    assert_eq!(verdict_of(&registration, &claims), "id_token_untrusted_audience");
    claims["aud"] = json!("api");
    assert_eq!(
        verdict_of(&registration, &claims),
        "id_token_audience",
        "a trusted audience does not replace our client_id"
    );
}

/// IDT-13
#[test]
fn without_leeway_exp_equal_to_now_has_expired() {
    let mut registration = registration(ISSUER);
    registration.leeway = std::time::Duration::ZERO;
    let mut claims = claims(ISSUER);
    for (exp, expected) in [
        (at(0), "id_token_expired"),
        (at(-1), "id_token_expired"),
        (at(1), "accepted"),
    ] {
        claims["exp"] = exp;
        assert_eq!(verdict_of(&registration, &claims), expected);
    }
}

/// IDT-20
#[test]
fn names_that_look_alike_are_not_the_same() {
    // The same word in Unicode's composed and decomposed forms (NFC, NFD). The second has one more character.
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    for (ours, theirs) in [(composed, decomposed), (decomposed, composed), ("client", "Client")] {
        let mut registration = registration(ISSUER);
        registration.client_id = ours.to_owned();
        let mut claims = claims(ISSUER);
        claims["aud"] = json!(ours);
        assert_eq!(verdict_of(&registration, &claims), "accepted", "{ours}");
        claims["azp"] = json!(theirs);
        assert_eq!(
            verdict_of(&registration, &claims),
            "id_token_authorized_party",
            "{ours}"
        );
        claims["aud"] = json!(theirs);
        assert_eq!(verdict_of(&registration, &claims), "id_token_audience", "{ours}");
    }
}
