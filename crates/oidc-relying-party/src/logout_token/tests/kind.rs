//! A logout token is distinguished from tokens of other kinds (Back-Channel Logout §2.4, RFC 8725 §3.11).

use super::*;

/// LO-15
#[tokio::test]
async fn events_is_an_object_that_holds_the_event_as_an_object() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let code = "logout_token_events";
    assert_eq!(verdict_of(&relying_party, &without(&provider, "events")).await, code);
    for events in [
        json!({}),
        json!({ "foobar": {} }),
        json!({ "http://schemas.openid.net/event/backchannel-logout/": {} }),
        json!({ EVENT: null }),
        json!({ EVENT: true }),
        json!({ EVENT: [] }),
        json!({ EVENT: "" }),
        json!(EVENT),
        json!([EVENT]),
        json!([{ EVENT: {} }]),
        Value::Null,
    ] {
        let claims = with(&provider, "events", events.clone());
        assert_eq!(verdict_of(&relying_party, &claims).await, code, "{events}");
    }
    let more = json!({ EVENT: { "reason": "x" }, "https://schemas.example/other": {} });
    assert_eq!(
        verdict_of(&relying_party, &with(&provider, "events", more)).await,
        "accepted"
    );
}

/// LO-18
#[tokio::test]
async fn typ_is_logout_jwt_or_absent_and_nothing_else() {
    let provider = Provider::start().await;
    let lax = provider.relying_party();
    let strict = provider.relying_party_with(|it| it.logout_token_typ_required = true);
    let code = "logout_token_typ";
    for (typ, of_lax, of_strict) in [
        (json!("logout+jwt"), "accepted", "accepted"),
        (json!("Logout+JWT"), "accepted", "accepted"),
        (json!("application/logout+jwt"), "accepted", "accepted"),
        (json!("JWT"), code, code),
        (json!("at+jwt"), code, code),
        (json!("secevent+jwt"), code, code),
        (json!(""), code, code),
        (json!(7), "token_malformed", "token_malformed"),
        (Value::Null, "token_malformed", "token_malformed"),
    ] {
        let header = json!({ "alg": "RS256", "kid": "1", "typ": typ });
        let token = jws(&*RSA, &header, &good(&provider));
        assert_eq!(verdict(&lax, &token).await, of_lax, "{typ}");
        assert_eq!(verdict(&strict, &token).await, of_strict, "{typ}");
    }
    let untyped = jws(&*RSA, &rs256(), &good(&provider));
    assert_eq!(verdict(&lax, &untyped).await, "accepted");
    assert_eq!(verdict(&strict, &untyped).await, code);
}

/// LO-21
#[tokio::test]
async fn an_id_token_is_no_logout_token_and_a_logout_token_no_id_token() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let id_token = crate::tests::provider::claims(provider.issuer());
    assert_eq!(verdict_of(&relying_party, &id_token).await, "logout_token_events");
    // An ID Token with the `events` of a logout token is refused too, because it has a nonce.
    let mut dressed_up = id_token.clone();
    dressed_up["events"] = json!({ EVENT: {} });
    assert_eq!(verdict_of(&relying_party, &dressed_up).await, "logout_token_nonce");

    let typed = json!({ "alg": "RS256", "kid": "1", "typ": "logout+jwt" });
    let mut claims = good(&provider);
    claims["nonce"] = json!(NONCE);
    for (token, code) in [
        (jws(&*RSA, &typed, &claims), "id_token_typ"),
        (jws(&*RSA, &typed, &id_token), "id_token_typ"),
        (jws(&*RSA, &rs256(), &claims), "id_token_events"),
    ] {
        provider.issue(&token);
        let error = relying_party.redeem(grant()).await.expect_err(CODE);
        assert_eq!(error.code(), code);
    }
}
