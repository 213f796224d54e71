use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::relying_party::{
    Registration,
    tests::provider::{NONCE, claims, now, registration},
};

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
    check(claims.as_object().expect("an object"), &expected).map_or_else(|error| error.code(), |_| "accepted")
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
        "trusted, and still not us"
    );
}

#[test]
fn idt_12_azp_is_us_if_it_is_there() {
    all_give(
        "id_token_authorized_party",
        "azp",
        [json!("other"), json!(["client"]), Value::Null, json!("")],
    );
    all_give("accepted", "azp", [json!("client")]);
    assert_eq!(verdict("azp", None), "accepted");
}

#[test]
fn idt_13_exp_is_there_and_in_the_future() {
    // The leeway is 60 seconds.
    all_give("accepted", "exp", [at(1), at(0), at(-59), json!(1e300)]);
    all_give(
        "id_token_expired",
        "exp",
        [at(-60), at(-61), at(-86_400), json!(0), json!(-1)],
    );
    all_give(
        "id_token_expired",
        "exp",
        [json!(at(300).to_string()), Value::Null, json!([at(300)]), json!(true)],
    );
    assert_eq!(verdict("exp", None), "id_token_expired");
}

#[test]
fn idt_13_without_leeway_exp_equal_to_now_has_expired() {
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

#[test]
fn idt_14_iat_is_there_and_recent_and_nbf_is_honoured() {
    all_give("accepted", "iat", [at(0), at(60), at(-659), json!(1_800_000_000.5)]);
    all_give(
        "id_token_issued_at",
        "iat",
        [at(61), at(3600), at(-661), at(-7 * 86_400), json!(0)],
    );
    all_give(
        "id_token_issued_at",
        "iat",
        [json!(at(0).to_string()), Value::Null, json!(-1)],
    );
    assert_eq!(verdict("iat", None), "id_token_issued_at");
    all_give("accepted", "nbf", [at(0), at(60), at(-86_400)]);
    all_give(
        "id_token_not_before",
        "nbf",
        [at(61), at(3600), json!("0"), Value::Null],
    );
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
fn idt_16_acr_is_one_of_those_that_were_asked_for() {
    let wanted = AuthenticationWanted {
        acr_values: vec!["mfa".to_owned(), "phr".to_owned()],
        ..AuthenticationWanted::default()
    };
    for (acr, expected) in [
        (json!("phr"), "accepted"),
        (json!("mfa"), "accepted"),
        (json!("mfa phr"), "id_token_acr"),
        (json!("Mfa"), "id_token_acr"),
        (json!(""), "id_token_acr"),
        (json!(["mfa"]), "id_token_acr"),
        (Value::Null, "id_token_acr"),
    ] {
        let mut claims = claims(ISSUER);
        claims["acr"] = acr.clone();
        assert_eq!(
            verdict_wanted(&wanted, &registration(ISSUER), &claims),
            expected,
            "{acr}"
        );
    }
    assert_eq!(
        verdict_wanted(&wanted, &registration(ISSUER), &claims(ISSUER)),
        "id_token_acr",
        "missing"
    );
}

#[test]
fn idt_16_auth_time_is_there_and_within_max_age_where_that_was_asked_for() {
    let verdict = |max_age: Option<u64>, auth_time: Option<Value>| {
        let mut claims = claims(ISSUER);
        match auth_time {
            Some(value) => claims["auth_time"] = value,
            None => drop(claims.as_object_mut().expect("an object").remove("auth_time")),
        }
        verdict_within(max_age, &registration(ISSUER), &claims)
    };
    let (missing, old) = ("id_token_auth_time", "id_token_authentication_too_old");
    let float = json!((now() - OffsetDateTime::UNIX_EPOCH).as_seconds_f64() - 1.5);
    // The leeway is 60 seconds.
    for (auth_time, expected) in [
        (Some(at(0)), "accepted"),
        (Some(float), "accepted"),
        (Some(at(-360)), "accepted"),
        (Some(at(-361)), old),
        (Some(json!(0)), old),
        (Some(at(60)), "accepted"),
        (Some(at(61)), missing),
        (Some(json!(1e300)), missing),
        (Some(json!(at(0).to_string())), missing),
        (Some(json!([at(0)])), missing),
        (Some(json!(-1)), missing),
        (Some(Value::Null), missing),
        (None, missing),
    ] {
        assert_eq!(verdict(Some(300), auth_time.clone()), expected, "{auth_time:?}");
        assert_eq!(
            verdict(None, auth_time.clone()),
            "accepted",
            "not asked for: {auth_time:?}"
        );
    }
    assert_eq!(verdict(Some(0), Some(at(-60))), "accepted");
    assert_eq!(verdict(Some(0), Some(at(-61))), old);
    assert_eq!(verdict(Some(u64::MAX), Some(json!(0))), "accepted");
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
    all_give("id_token_session_id", "sid", [json!(""), json!(7), Value::Null]);
    assert_eq!(verdict("sid", None), "accepted");
}

#[test]
fn idt_20_names_that_look_alike_are_not_the_same() {
    // The same word, composed and decomposed (NFC, NFD); the second has a letter more.
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
