use serde_json::json;

use super::*;
use crate::{
    RelyingParty,
    tests::{
        answerer::Reply,
        provider::{CLIENT_ID, CODE, NONCE, Provider, grant, now},
        signing_key::{OTHER_RSA, RSA, jws, jws_of_text, rs256},
    },
};

mod kind;
mod signature;

/// The claims of a valid logout token.
fn good(provider: &Provider) -> Value {
    let now = now().unix_timestamp();
    json!({
        "iss": provider.issuer(), "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "token-1",
        "events": { EVENT: {} }, "sub": "alice", "sid": "session-1",
    })
}

fn with(provider: &Provider, claim: &str, value: Value) -> Value {
    let mut claims = good(provider);
    claims[claim] = value;
    claims
}

fn without(provider: &Provider, claim: &str) -> Value {
    let mut claims = good(provider);
    claims.as_object_mut().expect("an object").remove(claim);
    claims
}

async fn verdict(relying_party: &RelyingParty, logout_token: &str) -> &'static str {
    match relying_party.verify_logout_token(logout_token).await {
        Ok(_) => "accepted",
        Err(error) => {
            assert_eq!(error.fault(), Fault::Person, "{}", error.code());
            error.code()
        }
    }
}

async fn verdict_of(relying_party: &RelyingParty, claims: &Value) -> &'static str {
    verdict(relying_party, &jws(&*RSA, &rs256(), claims)).await
}

fn seconds(from_now: i64) -> Value {
    json!(now().unix_timestamp() + from_now)
}

/// LO-17
#[tokio::test]
async fn a_logout_token_says_whose_sessions_end() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let (sid, subject) = ("session-1".to_owned(), "alice".to_owned());
    for (claims, selector) in [
        (without(&provider, "sub"), SessionSelector::Sid(sid.clone())),
        (without(&provider, "sid"), SessionSelector::Subject(subject.clone())),
        (good(&provider), SessionSelector::SidOfSubject { sid, subject }),
    ] {
        let token = jws(&*RSA, &rs256(), &claims);
        let token = relying_party.verify_logout_token(&token).await.expect("a logout token");
        assert_eq!(token.selector, selector);
        assert_eq!((token.jti.as_str(), token.issued_at), ("token-1", now()));
        // `exp` is 120 seconds away, and the leeway is 60 seconds.
        assert_eq!(token.expires_at, now() + Duration::seconds(180));
    }
}

/// LO-14
#[tokio::test]
async fn iss_aud_iat_exp_and_jti_are_required() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let long = "j".repeat(257);
    for (claim, code, values) in [
        (
            "iss",
            "logout_token_issuer",
            vec![json!("https://other.example"), json!(""), json!([provider.issuer()])],
        ),
        (
            "aud",
            "logout_token_audience",
            vec![json!("another client"), json!([]), json!({}), json!([7])],
        ),
        (
            "exp",
            "logout_token_expired",
            vec![seconds(-60), seconds(-86_400), json!("soon"), Value::Null],
        ),
        (
            "iat",
            "logout_token_issued_at",
            vec![
                seconds(61),
                seconds(86_400),
                seconds(-86_400),
                json!("now"),
                json!(-1),
                Value::Null,
            ],
        ),
        (
            "jti",
            "logout_token_jti",
            vec![json!(""), json!(7), json!(long), Value::Null],
        ),
    ] {
        assert_eq!(
            verdict_of(&relying_party, &without(&provider, claim)).await,
            code,
            "no {claim}"
        );
        for value in values {
            let claims = with(&provider, claim, value.clone());
            assert_eq!(verdict_of(&relying_party, &claims).await, code, "{claim}: {value}");
        }
    }
    let strangers = with(&provider, "aud", json!(["client", "stranger"]));
    assert_eq!(
        verdict_of(&relying_party, &strangers).await,
        "logout_token_untrusted_audience"
    );
    let early = with(&provider, "nbf", seconds(61));
    assert_eq!(verdict_of(&relying_party, &early).await, "logout_token_not_before");
    for (claim, value) in [
        ("exp", seconds(-59)),
        ("iat", seconds(60)),
        ("aud", json!(["client"])),
        ("jti", json!(&long[1..])),
    ] {
        let claims = with(&provider, claim, value);
        assert_eq!(verdict_of(&relying_party, &claims).await, "accepted", "{claim}");
    }
}

/// LO-19
#[tokio::test]
async fn a_jti_need_not_be_remembered_longer_than_its_token_is_accepted() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let token = jws(&*RSA, &rs256(), &with(&provider, "exp", json!(9_000_000_000_u64)));
    let verified = relying_party.verify_logout_token(&token).await.expect("a logout token");
    let last = verified.expires_at - now();
    assert_eq!(last, Duration::minutes(11), "ten minutes and the leeway");
    provider.clock.advance(last.unsigned_abs());
    assert_eq!(verdict(&relying_party, &token).await, "accepted");
    provider.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(verdict(&relying_party, &token).await, "logout_token_issued_at");
}

/// LO-14, LO-18
#[tokio::test]
async fn tokens_of_the_older_form_are_taken_by_a_setting_and_bounded_by_iat() {
    let provider = Provider::start().await;
    let strict = provider.relying_party();
    let lenient = provider.relying_party_with(|it| it.lenient_logout_tokens = crate::Switch::On);
    let older = json!({ "alg": "RS256", "kid": "1", "typ": "JWT" });
    let without_exp = without(&provider, "exp");
    for (header, claims, code) in [
        (&older, good(&provider), "logout_token_typ"),
        (&rs256(), without_exp.clone(), "logout_token_expired"),
        (&rs256(), with(&provider, "exp", Value::Null), "logout_token_expired"),
    ] {
        let token = jws(&*RSA, header, &claims);
        let error = strict.verify_logout_token(&token).await.expect_err(code);
        assert_eq!(error.code(), code);
        assert!(
            error.to_string().contains("BFF_LOGOUT_TOKEN_LENIENT=on accepts"),
            "{error}"
        );
        assert_eq!(verdict(&lenient, &token).await, "accepted");
    }
    let token = jws(&*RSA, &older, &without_exp);
    let verified = lenient.verify_logout_token(&token).await.expect("a logout token");
    let last = verified.expires_at - now();
    assert_eq!(last, Duration::minutes(11), "ten minutes and the leeway");
    // The setting relaxes nothing else.
    let mut id_token = crate::tests::provider::claims(provider.issuer());
    id_token["jti"] = json!("1");
    for (claims, code) in [
        (with(&provider, "exp", seconds(-61)), "logout_token_expired"),
        (with(&provider, "exp", json!("soon")), "logout_token_expired"),
        (with(&provider, "nonce", json!(NONCE)), "logout_token_nonce"),
        (without(&provider, "jti"), "logout_token_jti"),
        (without(&provider, "iat"), "logout_token_issued_at"),
        (id_token, "logout_token_events"),
    ] {
        assert_eq!(verdict(&lenient, &jws(&*RSA, &older, &claims)).await, code);
    }
    let access_token = json!({ "alg": "RS256", "kid": "1", "typ": "at+jwt" });
    assert_eq!(
        verdict(&lenient, &jws(&*RSA, &access_token, &good(&provider))).await,
        "logout_token_typ"
    );
    let typ_required = provider.relying_party_with(|it| {
        it.lenient_logout_tokens = crate::Switch::On;
        it.logout_token_typ_required = true;
    });
    assert_eq!(verdict(&typ_required, &token).await, "logout_token_typ");
    provider.clock.advance(last.unsigned_abs());
    assert_eq!(verdict(&lenient, &token).await, "accepted");
    provider.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(verdict(&lenient, &token).await, "logout_token_issued_at");
}

/// LO-16
#[tokio::test]
async fn there_is_no_nonce_and_there_is_a_sub_or_a_sid() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    for (nonce, expected) in [
        (json!(NONCE), "logout_token_nonce"),
        (json!(7), "logout_token_nonce"),
        (json!(""), "accepted"),
        (Value::Null, "accepted"),
    ] {
        let claims = with(&provider, "nonce", nonce);
        assert_eq!(verdict_of(&relying_party, &claims).await, expected);
    }
    let mut neither = without(&provider, "sub");
    neither.as_object_mut().expect("an object").remove("sid");
    assert_eq!(verdict_of(&relying_party, &neither).await, "logout_token_no_selector");
    // A malformed `sub` or `sid` does not count as missing: the provider meant something that we do not understand.
    for value in [json!(7), json!(["alice"])] {
        let claims = with(&provider, "sub", value.clone());
        assert_eq!(verdict_of(&relying_party, &claims).await, "logout_token_subject");
        let claims = with(&provider, "sid", value);
        assert_eq!(verdict_of(&relying_party, &claims).await, "logout_token_session_id");
    }
    // An empty or null `sub` or `sid` counts as missing.
    for value in [json!(""), Value::Null] {
        for claim in ["sub", "sid"] {
            let claims = with(&provider, claim, value.clone());
            assert_eq!(
                verdict_of(&relying_party, &claims).await,
                "accepted",
                "{claim}: {value}"
            );
        }
        let mut neither = with(&provider, "sub", value.clone());
        neither["sid"] = value;
        assert_eq!(verdict_of(&relying_party, &neither).await, "logout_token_no_selector");
    }
}
