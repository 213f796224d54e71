//! The ID Token of a refresh is verified like the first one, and has to be about the same login (Core §12.2).

use super::*;
use crate::Fault;

/// RT-04
#[tokio::test]
async fn a_refreshed_id_token_is_about_the_same_login() {
    let provider = Provider::start().await;
    let trusting = provider.relying_party_with(|it| it.trusted_audiences = vec!["friend".to_owned()]);
    let issuer = provider.issuer();
    for (claim, value, code) in [
        ("iss", json!("https://other.example"), "id_token_issuer"),
        ("sub", json!("bob"), "refresh_subject"),
        ("sub", json!("alice "), "refresh_subject"),
        ("aud", json!(["client", "friend"]), "refresh_audience"),
        ("auth_time", json!(AUTH_TIME - 1), "refresh_auth_time"),
        ("azp", json!("client"), "refresh_authorized_party"),
        ("auth_time", json!("yesterday"), "refresh_auth_time"),
        ("nonce", json!("another login's"), "id_token_nonce"),
    ] {
        let mut wrong = after(issuer);
        wrong[claim] = value.clone();
        issue(&provider, &wrong);
        let error = refreshed(&provider, &trusting).await.expect_err(code);
        assert_eq!(error.code(), code, "{claim}: {value}");
        assert_eq!(
            (error.verdict(), error.fault()),
            (RefreshVerdict::Rejected, Fault::Provider),
            "{code}"
        );
    }
}

/// RT-04
#[tokio::test]
async fn claims_that_may_differ_do_no_harm() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let issuer = provider.issuer();
    for (claim, value) in [
        ("nonce", json!(NONCE)),
        ("aud", json!(["client"])),
        ("auth_time", json!(1_799_990_000.0)),
        ("auth_time", json!(AUTH_TIME + 1)),
        ("auth_time", json!(now().unix_timestamp())),
        ("name", json!("Alice Married")),
        ("acr", json!("2")),
        ("auth_time", Value::Null),
        ("nonce", Value::Null),
        ("nonce", json!("")),
        ("azp", json!("")),
        ("at_hash", Value::Null),
        ("events", Value::Null),
    ] {
        let mut good = after(issuer);
        good[claim] = value;
        issue(&provider, &good);
        refreshed(&provider, &relying_party).await.expect(claim);
    }
    // If one of the two ID Tokens has no `auth_time`, there is nothing to compare.
    let mut without = before(issuer);
    without.as_object_mut().expect("an object").remove("auth_time");
    issue(&provider, &after(issuer));
    refreshed_from(&relying_party, &without).await.expect("tokens");
    issue(&provider, &claims(issuer));
    refreshed(&provider, &relying_party).await.expect("tokens");
    // The first ID Token has no nonce, so the nonce of the second cannot be the one that was sent.
    without.as_object_mut().expect("an object").remove("nonce");
    let error = refreshed_from(&relying_party, &without).await.expect_err("a nonce");
    assert_eq!(error.code(), "id_token_nonce");
}

/// RT-04
#[tokio::test]
async fn a_refreshed_id_token_is_verified_like_a_first_one() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let after = after(provider.issuer());
    let unsigned = jws(&*RSA, &json!({ "alg": "none" }), &after);
    let (signing_input, _) = unsigned.rsplit_once('.').expect("a JWS");
    for (id_token, code) in [
        (format!("{signing_input}."), "id_token_algorithm"),
        (jws(&*OTHER_RSA, &rs256(), &after), "id_token_signature"),
    ] {
        provider.issue(&id_token);
        let error = refreshed(&provider, &relying_party).await.expect_err(code);
        assert_eq!((error.code(), error.verdict()), (code, RefreshVerdict::Rejected));
    }
}

#[tokio::test]
async fn a_refreshed_id_token_sets_claims_and_withdraws_others() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let mut earlier = before(provider.issuer());
    for (claim, value) in [
        ("roles", json!(["admin"])),
        ("at_hash", json!("x")),
        ("acr", json!("2")),
    ] {
        earlier[claim] = value;
    }
    let mut later = after(provider.issuer());
    later["sid"] = json!("session-2");
    later["name"] = json!("Alice Married");
    later.as_object_mut().expect("an object").remove("auth_time");
    issue(&provider, &later);
    let refreshed = refreshed_from(&relying_party, &earlier).await.expect("tokens");
    let id_token = refreshed.id_token.expect("an ID Token");
    assert_eq!(id_token.sid.as_deref(), Some("session-2"));
    assert_eq!(id_token.claims["name"], "Alice Married");
    // `nonce`, `at_hash`, `acr` and `auth_time` do not count as withdrawn: they are about one login or one token.
    assert_eq!(id_token.withdrawn, ["roles"]);
}

/// RT-04
#[tokio::test]
async fn a_later_auth_time_of_the_same_person_keeps_the_session_and_the_older_value() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let issuer = provider.issuer();
    let (mut previous, mut original) = (before(issuer), None);
    // The person signs in again for another application, and that newer sign-in ends before this session does.
    let said = [AUTH_TIME + 600, AUTH_TIME + 900, AUTH_TIME];
    for (said, kept) in said.into_iter().zip([Some(AUTH_TIME), Some(AUTH_TIME), None]) {
        let mut claims = after(issuer);
        claims["auth_time"] = json!(said);
        issue(&provider, &claims);
        let request = RefreshRequest {
            refresh_token: &SENT.into(),
            id_token: &jws(&*RSA, &rs256(), &previous).into(),
            scope: "openid",
            dpop_key: None,
            authenticated_at: original,
        };
        let refreshed = relying_party.refresh(request).await.expect("tokens");
        let id_token = refreshed.id_token.expect("an ID Token");
        assert_eq!(
            id_token.claims["auth_time"], AUTH_TIME,
            "the authentication does not become more recent"
        );
        assert_eq!(id_token.authenticated_at, kept);
        (previous, original) = (claims, id_token.authenticated_at);
    }
}

/// RT-04
#[tokio::test]
async fn an_authorized_party_that_was_there_may_stay_or_go() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let mut with = before(provider.issuer());
    with["azp"] = json!("client");
    for azp in [Some("client"), None] {
        let mut good = after(provider.issuer());
        if let Some(azp) = azp {
            good["azp"] = json!(azp);
        }
        issue(&provider, &good);
        refreshed_from(&relying_party, &with).await.expect("tokens");
    }
}
