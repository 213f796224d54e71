use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::{
    Registration,
    tests::provider::{NONCE, claims, now, registration},
};

mod authentication;
mod times;

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

fn verdict(claim: &str, value: Option<Value>) -> &'static str {
    let mut claims = claims(ISSUER);
    match value {
        Some(value) => claims[claim] = value,
        None => drop(claims.as_object_mut().expect("an object").remove(claim)),
    }
    verdict_of(&registration(ISSUER), &claims)
}

fn all_give(expected: &str, claim: &str, values: impl IntoIterator<Item = Value>) {
    for value in values {
        assert_eq!(verdict(claim, Some(value.clone())), expected, "{claim}: {value}");
    }
}

/// Seconds from now.
fn at(seconds: i64) -> Value {
    json!(now().unix_timestamp() + seconds)
}

#[test]
fn idt_09_iss_is_the_issuer_exactly() {
    let others = [
        "https://op.example1",
        "https://op.example/",
        "https://OP.example",
        "",
        "op.example",
    ];
    all_give("id_token_issuer", "iss", others.map(Value::from));
    all_give("id_token_issuer", "iss", [json!([ISSUER]), json!(7), Value::Null]);
    assert_eq!(verdict("iss", None), "id_token_issuer");
}

#[test]
fn idt_10_aud_has_our_client_id() {
    all_give(
        "id_token_audience",
        "aud",
        [
            json!("client1"),
            json!("Client"),
            json!([]),
            json!(7),
            Value::Null,
            json!({}),
        ],
    );
    all_give(
        "id_token_audience",
        "aud",
        [json!(["other"]), json!(["client", 7]), json!([["client"]])],
    );
    assert_eq!(verdict("aud", None), "id_token_audience");
    all_give(
        "accepted",
        "aud",
        [json!("client"), json!(["client"]), json!(["client", "client"])],
    );
}

#[test]
fn idt_11_every_further_audience_has_to_be_trusted() {
    all_give(
        "id_token_untrusted_audience",
        "aud",
        [json!(["client", "other"]), json!(["other", "client"])],
    );
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

#[test]
fn idt_12_azp_is_us_if_it_is_there() {
    all_give("id_token_authorized_party", "azp", [json!("other"), json!(["client"])]);
    all_give("accepted", "azp", [json!("client"), Value::Null, json!("")]);
    assert_eq!(verdict("azp", None), "accepted");
}

#[test]
fn idt_15_nonce_is_this_logins() {
    all_give(
        "id_token_nonce",
        "nonce",
        [json!(format!("{NONCE}1")), json!(""), Value::Null, json!([NONCE])],
    );
    assert_eq!(verdict("nonce", None), "id_token_nonce");
}

#[test]
fn idt_17_sub_is_1_to_255_ascii_characters() {
    all_give(
        "id_token_subject",
        "sub",
        [json!(""), json!("a".repeat(256)), json!("älice"), json!(7), Value::Null],
    );
    assert_eq!(verdict("sub", None), "id_token_subject");
    all_give(
        "accepted",
        "sub",
        [
            json!("a"),
            json!("a".repeat(255)),
            json!("auth0|5f7c8ec7c33c6c004bbafe82"),
        ],
    );
}

#[test]
fn a_session_id_that_no_logout_token_could_name_is_refused() {
    all_give("id_token_session_id", "sid", [json!(7), json!(["a"])]);
    all_give("accepted", "sid", [json!(""), Value::Null]);
    assert_eq!(verdict("sid", None), "accepted");
}

#[test]
fn idt_20_names_that_look_alike_are_not_the_same() {
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
    for sub in [composed, decomposed] {
        assert_eq!(verdict("sub", Some(json!(sub))), "id_token_subject", "{sub}");
    }
}
