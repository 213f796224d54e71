use serde_json::json;

use super::*;
use crate::relying_party::{
    RelyingParty,
    tests::{
        answerer::Reply,
        provider::{ACCESS_TOKEN, CLIENT_SECRET, NONCE, Provider, REFRESH_TOKEN, claims, now, token_response},
        signing_key::{OTHER_RSA, RSA, jwk, jws, rs256},
    },
};

const SENT: &str = "canary-sent-refresh-token";
const AUTH_TIME: i64 = 1_799_990_000;

/// The ID Token of the login, long expired.
fn before(issuer: &str) -> Value {
    let mut before = claims(issuer);
    let past = now().unix_timestamp() - 86_400;
    before["iat"] = json!(past);
    before["exp"] = json!(past + 300);
    before["auth_time"] = json!(AUTH_TIME);
    before
}

/// The ID Token of a refresh that is right in everything.
fn after(issuer: &str) -> Value {
    let mut after = claims(issuer);
    after["auth_time"] = json!(AUTH_TIME);
    after.as_object_mut().expect("an object").remove("nonce");
    after
}

async fn refreshed_from(relying_party: &RelyingParty, before: &Value) -> Result<RefreshedTokens, RefreshError> {
    let request = RefreshRequest {
        refresh_token: &SENT.into(),
        id_token: &jws(&*RSA, &rs256(), before).into(),
        scope: "openid email",
        dpop_key: None,
    };
    relying_party.refresh(request).await
}

async fn refreshed(provider: &Provider, relying_party: &RelyingParty) -> Result<RefreshedTokens, RefreshError> {
    refreshed_from(relying_party, &before(provider.issuer())).await
}

fn issue(provider: &Provider, claims: &Value) {
    provider.issue(&jws(&*RSA, &rs256(), claims));
}

#[tokio::test]
async fn rt_01_the_request_is_authenticated_as_that_of_a_code_and_asks_for_no_scope() {
    use crate::relying_party::ClientAuthentication::{ClientSecretBasic, ClientSecretPost};
    let provider = Provider::start().await;
    issue(&provider, &after(provider.issuer()));
    let own = [("grant_type", "refresh_token"), ("refresh_token", SENT)];
    let post = [("client_id", "client"), ("client_secret", CLIENT_SECRET)];
    for (method, credentials) in [(ClientSecretBasic, &[][..]), (ClientSecretPost, &post[..])] {
        let relying_party = provider.relying_party_with(|it| it.client_authentication = Some(method));
        refreshed(&provider, &relying_party).await.expect("tokens");
        let call = provider.calls("/token").pop().expect("a token request");
        let form: Vec<_> = own
            .iter()
            .chain(credentials)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(call.form(), form);
        let header = call.headers.contains_key("authorization");
        assert_eq!(header, method == ClientSecretBasic);
    }
}

#[tokio::test]
async fn rt_02_what_is_not_returned_stays_as_it_was() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    issue(&provider, &after(provider.issuer()));
    let rotated = refreshed(&provider, &relying_party).await.expect("tokens");
    assert_eq!(rotated.access_token.expose_secret(), ACCESS_TOKEN);
    let refresh_token = rotated.refresh_token.expect("a refresh token");
    assert_eq!(refresh_token.expose_secret(), REFRESH_TOKEN);
    assert_eq!(rotated.expires_at, Some(now() + time::Duration::seconds(300)));
    let id_token = rotated.id_token.expect("an ID Token");
    assert_eq!(Value::Object(id_token.claims), after(provider.issuer()));
    assert_eq!(id_token.sid.as_deref(), Some("session-1"));

    let least = json!({ "access_token": "a", "token_type": "bearer" });
    provider.set("/token", Reply::json(&least));
    let kept = refreshed(&provider, &relying_party).await.expect("tokens");
    assert!(kept.refresh_token.is_none() && kept.id_token.is_none());
    assert_eq!((kept.scope.as_str(), kept.expires_at), ("openid email", None));

    let narrowed = json!({ "access_token": "a", "token_type": "bearer", "scope": "openid" });
    provider.set("/token", Reply::json(&narrowed));
    let narrowed = refreshed(&provider, &relying_party).await.expect("tokens");
    assert_eq!(narrowed.scope, "openid");
}

#[tokio::test]
async fn rt_04_a_refreshed_id_token_is_about_the_same_login() {
    let provider = Provider::start().await;
    let trusting = provider.relying_party_with(|it| it.trusted_audiences = vec!["friend".to_owned()]);
    let issuer = provider.issuer();
    for (claim, value, code) in [
        ("iss", json!("https://other.example"), "id_token_issuer"),
        ("sub", json!("bob"), "refresh_subject"),
        ("sub", json!("alice "), "refresh_subject"),
        ("aud", json!("another client"), "id_token_audience"),
        ("aud", json!(["client", "stranger"]), "id_token_untrusted_audience"),
        ("aud", json!(["client", "friend"]), "refresh_audience"),
        ("azp", json!("friend"), "id_token_authorized_party"),
        ("auth_time", json!(AUTH_TIME + 1), "refresh_auth_time"),
        ("auth_time", json!(now().unix_timestamp()), "refresh_auth_time"),
        ("auth_time", json!("yesterday"), "refresh_auth_time"),
        ("auth_time", Value::Null, "refresh_auth_time"),
        ("nonce", json!("another login's"), "id_token_nonce"),
        ("nonce", json!(""), "id_token_nonce"),
        ("nonce", Value::Null, "id_token_nonce"),
        ("exp", json!(now().unix_timestamp() - 61), "id_token_expired"),
        ("iat", json!(now().unix_timestamp() + 61), "id_token_issued_at"),
        ("iat", json!(now().unix_timestamp() - 86_400), "id_token_issued_at"),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), "id_token_access_token_hash"),
        ("events", json!({}), "id_token_events"),
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

#[tokio::test]
async fn a_refreshed_id_token_says_what_is_so_and_what_is_no_longer_so() {
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
    // Neither the nonce and the hash of a token, which are not kept, nor what told of the login.
    assert_eq!(id_token.withdrawn, ["roles"]);
}

#[tokio::test]
async fn rt_04_what_may_differ_does_no_harm() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let issuer = provider.issuer();
    for (claim, value) in [
        ("nonce", json!(NONCE)),
        ("aud", json!(["client"])),
        ("azp", json!("client")),
        ("auth_time", json!(1_799_990_000.0)),
        ("name", json!("Alice Married")),
        ("acr", json!("2")),
    ] {
        let mut good = after(issuer);
        good[claim] = value;
        issue(&provider, &good);
        refreshed(&provider, &relying_party).await.expect(claim);
    }
    // Without `auth_time` on one of both sides there is nothing to compare.
    let mut without = before(issuer);
    without.as_object_mut().expect("an object").remove("auth_time");
    issue(&provider, &after(issuer));
    refreshed_from(&relying_party, &without).await.expect("tokens");
    issue(&provider, &claims(issuer));
    refreshed(&provider, &relying_party).await.expect("tokens");
    // A nonce out of nowhere is none that was sent.
    without.as_object_mut().expect("an object").remove("nonce");
    let error = refreshed_from(&relying_party, &without).await.expect_err("a nonce");
    assert_eq!(error.code(), "id_token_nonce");
}

#[tokio::test]
async fn rt_04_a_refreshed_id_token_is_verified_like_a_first_one() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let after = after(provider.issuer());
    let unsigned = jws(&*RSA, &json!({ "alg": "none" }), &after);
    let (signing_input, _) = unsigned.rsplit_once('.').expect("a JWS");
    let good = jws(&*RSA, &rs256(), &after);
    for (id_token, code) in [
        (format!("{signing_input}."), "id_token_algorithm"),
        (
            jws(&*RSA, &json!({ "alg": "RS384", "kid": "1" }), &after),
            "id_token_algorithm",
        ),
        (jws(&*OTHER_RSA, &rs256(), &after), "id_token_signature"),
        (
            jws(&*OTHER_RSA, &json!({ "alg": "RS256", "kid": "2" }), &after),
            "id_token_unknown_key",
        ),
        (
            jws(
                &*RSA,
                &json!({ "alg": "RS256", "kid": "1", "typ": "logout+jwt" }),
                &after,
            ),
            "id_token_typ",
        ),
        (format!("{good}.{good}"), "token_malformed"),
    ] {
        provider.issue(&id_token);
        let error = refreshed(&provider, &relying_party).await.expect_err(code);
        assert_eq!((error.code(), error.verdict()), (code, RefreshVerdict::Rejected));
    }
}

#[tokio::test]
async fn rt_05_rt_06_only_invalid_grant_says_that_the_refresh_token_is_gone() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party_with(|it| it.http_timeout = std::time::Duration::from_millis(300));
    let id_token = jws(&*RSA, &rs256(), &after(provider.issuer()));
    let mut malformed = token_response(&id_token);
    malformed["access_token"] = Value::Null;
    let cases = [
        (
            Reply::error(400, "invalid_grant"),
            "invalid_grant",
            RefreshVerdict::Refused,
        ),
        (
            Reply::error(401, "invalid_grant"),
            "invalid_grant",
            RefreshVerdict::Refused,
        ),
        (
            Reply::error(503, "invalid_grant"),
            "token_response_status",
            RefreshVerdict::Later,
        ),
        (
            Reply::error(429, "slow_down"),
            "token_response_status",
            RefreshVerdict::Later,
        ),
        (
            Reply::error(400, "slow_down"),
            "token_request_busy",
            RefreshVerdict::Later,
        ),
        (
            Reply::error(401, "invalid_client"),
            "invalid_client",
            RefreshVerdict::Later,
        ),
        (
            Reply::error(400, "invalid_scope"),
            "token_request_refused",
            RefreshVerdict::Later,
        ),
        (
            Reply::new(502, "text/html", "<html>"),
            "token_response_status",
            RefreshVerdict::Later,
        ),
        (
            Reply::new(400, "text/html", "<html>"),
            "token_response_status",
            RefreshVerdict::Later,
        ),
        (
            Reply::new(200, "text/html", "<html>"),
            "token_response_media_type",
            RefreshVerdict::Later,
        ),
        (Reply::json(&malformed), "token_response_member", RefreshVerdict::Later),
        (
            Reply::redirect("/elsewhere"),
            "token_response_status",
            RefreshVerdict::Later,
        ),
        (Reply::never(), "provider_timeout", RefreshVerdict::Later),
    ];
    let count = cases.len();
    for (reply, code, verdict) in cases {
        provider.set("/token", reply);
        let error = refreshed(&provider, &relying_party).await.expect_err(code);
        assert_eq!((error.code(), error.verdict()), (code, verdict));
    }
    assert_eq!(provider.calls("/token").len(), count, "each is sent once");
    assert_eq!(provider.calls("/elsewhere").len(), 0);
}

#[tokio::test]
async fn rt_06_a_refresh_token_is_not_spent_while_its_answer_could_not_be_verified() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    issue(&provider, &after(provider.issuer()));
    provider.set("/jwks", Reply::new(503, "text/html", "maintenance"));
    let error = refreshed(&provider, &relying_party).await.expect_err("no keys");
    assert_eq!((error.code(), error.verdict()), ("jwks_status", RefreshVerdict::Later));
    assert_eq!(provider.calls("/token").len(), 0);
    provider.publish(&json!([jwk(&*RSA, json!({ "kid": "1" }))]));
    provider.clock.advance(std::time::Duration::from_secs(1));
    refreshed(&provider, &relying_party).await.expect("tokens");
}

#[tokio::test]
async fn rt_06_keys_that_cannot_be_read_again_condemn_nobody() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    issue(&provider, &after(provider.issuer()));
    refreshed(&provider, &relying_party).await.expect("tokens");
    let header = json!({ "alg": "RS256", "kid": "2" });
    provider.issue(&jws(&*OTHER_RSA, &header, &after(provider.issuer())));
    provider.set("/jwks", Reply::new(503, "text/html", "maintenance"));
    for _ in 0..3 {
        let error = refreshed(&provider, &relying_party).await.expect_err("no keys");
        assert_eq!((error.code(), error.verdict()), ("jwks_status", RefreshVerdict::Later));
    }
    assert_eq!(provider.calls("/jwks").len(), 2, "the first reading and one more");
}

#[tokio::test]
async fn rt_01_a_refresh_token_is_sent_to_its_own_issuer_only() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let error = refreshed_from(&relying_party, &before("https://other.example"))
        .await
        .expect_err("another issuer's");
    assert_eq!(
        (error.code(), error.verdict()),
        ("refresh_other_issuer", RefreshVerdict::Rejected)
    );
    let request = RefreshRequest {
        refresh_token: &SENT.into(),
        id_token: &"no token".into(),
        scope: "openid",
        dpop_key: None,
    };
    let error = relying_party.refresh(request).await.expect_err("no ID Token");
    assert_eq!(
        (error.code(), error.verdict()),
        ("refresh_previous_id_token", RefreshVerdict::Rejected)
    );
    assert_eq!(provider.calls("/token").len(), 0);
}

#[tokio::test]
async fn ses_13_no_token_stands_in_what_is_logged_of_a_refresh() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let id_token = jws(&*RSA, &rs256(), &after(provider.issuer()));
    provider.issue(&id_token);
    let request = RefreshRequest {
        refresh_token: &SENT.into(),
        id_token: &id_token.as_str().into(),
        scope: "openid",
        dpop_key: None,
    };
    let mut shown = vec![format!("{request:?}")];
    let refreshed = refreshed(&provider, &relying_party).await.expect("tokens");
    shown.push(format!("{refreshed:?}"));
    let echo = json!({ "error": format!("{SENT} {id_token}"), "error_description": SENT });
    for reply in [
        Reply::new(400, "application/json", echo.to_string()),
        Reply::new(
            200,
            "application/json",
            format!("{{\"access_token\":\"{ACCESS_TOKEN}\","),
        ),
        Reply::json(&token_response(&format!("{id_token}A"))),
    ] {
        provider.set("/token", reply);
        let error = self::refreshed(&provider, &relying_party)
            .await
            .expect_err("a bad answer");
        shown.push(format!("{error} {error:?}"));
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            shown.push(format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
    for secret in [SENT, ACCESS_TOKEN, REFRESH_TOKEN, CLIENT_SECRET, &id_token] {
        assert!(!shown.iter().any(|text| text.contains(secret)), "{secret} in {shown:?}");
    }
}
