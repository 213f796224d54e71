//! The meaning of a failed refresh for the session.

use super::*;

/// RT-05, RT-06
#[tokio::test]
async fn only_invalid_grant_says_that_the_refresh_token_is_gone() {
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
    assert_eq!(provider.calls("/token").len(), count, "each request is sent once");
    assert_eq!(provider.calls("/elsewhere").len(), 0);
}

/// RT-05
#[tokio::test]
async fn a_final_refusal_is_told_from_a_passing_one_in_whatever_words() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let empty = |status| Reply::new(status, "", "");
    let page = |status| Reply::new(status, "text/html", "<html>");
    let for_good = [
        Reply::error(400, "invalid_request"),
        Reply::error(400, "invalid_scope"),
        Reply::error(400, "token_inactive"),
        Reply::error(403, "access_denied"),
        Reply::error(404, "invalid_token"),
        Reply::error(200, "invalid_request"),
        Reply::new(400, "application/json", "{\"error\":7}"),
        empty(400),
        page(400),
        empty(410),
        empty(422),
    ];
    let for_now = [
        Reply::error(400, "invalid_client"),
        Reply::error(403, "unauthorized_client"),
        Reply::error(401, "invalid_request"),
        Reply::error(400, "server_error"),
        Reply::error(400, "slow_down"),
        Reply::error(400, "invalid_dpop_proof"),
        Reply::error(408, "invalid_request"),
        Reply::error(425, "invalid_request"),
        Reply::error(429, "invalid_grant"),
        empty(401),
        page(403),
        page(404),
        empty(405),
        empty(407),
        empty(408),
        empty(429),
        empty(302),
        empty(500),
        Reply::error(500, "invalid_request"),
        Reply::error(503, "invalid_request").with_header("retry-after", "3"),
        page(200),
    ];
    for (replies, expected) in [(&for_good[..], true), (&for_now[..], false)] {
        for reply in replies {
            provider.set("/token", reply.clone());
            let error = refreshed(&provider, &relying_party).await.expect_err("no tokens");
            assert_eq!(error.is_a_refusal_for_good(), expected, "{reply:?}: {error}");
            assert_eq!(error.verdict(), RefreshVerdict::Later, "{reply:?}: {error}");
        }
    }
}

/// RT-06
#[tokio::test]
async fn a_provider_that_is_busy_says_for_how_long() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    for (status, said, expected) in [(503, "120", Some(120)), (429, "7", Some(7)), (500, "120", None)] {
        let busy = Reply::error(status, "temporarily_unavailable").with_header("retry-after", said);
        provider.set("/token", busy);
        let error = refreshed(&provider, &relying_party).await.expect_err("no tokens");
        assert_eq!(error.retry_after().map(|wait| wait.as_secs()), expected, "{error}");
        assert_eq!(error.code(), "token_response_status");
        assert_eq!(error.verdict(), RefreshVerdict::Later);
    }
}

/// RT-06
#[tokio::test]
async fn a_refresh_token_is_not_spent_while_its_answer_could_not_be_verified() {
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

/// RT-06
#[tokio::test]
async fn keys_that_cannot_be_read_again_condemn_nobody() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    issue(&provider, &after(provider.issuer()));
    refreshed(&provider, &relying_party).await.expect("tokens");
    let header = json!({ "alg": "RS256", "kid": "2" });
    provider.issue(&jws(&*OTHER_RSA, &header, &after(provider.issuer())));
    provider.set("/jwks", Reply::new(503, "text/html", "maintenance"));
    for _ in 0..3 {
        let tokens = refreshed(&provider, &relying_party).await.expect("tokens");
        assert_eq!(set_aside(&tokens), Some("jwks_status"));
    }
    assert_eq!(
        provider.calls("/jwks").len(),
        2,
        "the first reading and one more for three refreshes"
    );
}

/// The reason why the ID Token was set aside. Checks that the other tokens were kept.
fn set_aside(tokens: &RefreshedTokens) -> Option<&'static str> {
    assert_eq!(tokens.access_token.expose_secret(), ACCESS_TOKEN);
    let refresh_token = tokens.refresh_token.as_ref().expect("the new refresh token");
    assert_eq!(refresh_token.expose_secret(), REFRESH_TOKEN);
    assert_eq!(tokens.set_aside.is_some(), tokens.id_token.is_none());
    tokens.set_aside.as_ref().map(IdTokenError::code)
}

/// RT-06
#[tokio::test]
async fn an_id_token_by_an_unknown_key_is_set_aside_and_the_tokens_are_kept() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let unknown = [
        (json!({ "alg": "RS256", "kid": "2" }), "id_token_unknown_key"),
        (json!({ "alg": "RS256" }), "id_token_signature"),
    ];
    for (header, code) in unknown {
        provider.issue(&jws(&*OTHER_RSA, &header, &after(provider.issuer())));
        let tokens = provider.while_time_passes(refreshed(&provider, &relying_party)).await;
        assert_eq!(set_aside(&tokens.expect("tokens")), Some(code), "{header}");
    }
    let forged = jws(&*OTHER_RSA, &rs256(), &after(provider.issuer()));
    provider.issue(&forged);
    let outcome = provider.while_time_passes(refreshed(&provider, &relying_party)).await;
    let error = outcome.expect_err("a forgery");
    assert_eq!(
        (error.code(), error.verdict()),
        ("id_token_signature", RefreshVerdict::Rejected),
        "the key that the header names is known"
    );
}

/// RT-04
#[tokio::test]
async fn wrong_claims_condemn_an_id_token_whoever_signed_it() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let header = json!({ "alg": "RS256", "kid": "2" });
    let cases = [
        ("sub", json!("mallory"), "refresh_subject"),
        ("aud", json!(["client", "other"]), "id_token_untrusted_audience"),
        ("iss", json!("https://evil.example"), "id_token_issuer"),
        ("nonce", json!("another"), "id_token_nonce"),
        ("auth_time", json!(1), "refresh_auth_time"),
        ("exp", json!(1), "id_token_expired"),
    ];
    for (claim, value, code) in cases {
        let mut claims = after(provider.issuer());
        claims[claim] = value;
        provider.issue(&jws(&*OTHER_RSA, &header, &claims));
        let outcome = provider.while_time_passes(refreshed(&provider, &relying_party)).await;
        let error = outcome.expect_err(claim);
        assert_eq!((error.code(), error.verdict()), (code, RefreshVerdict::Rejected));
    }
}
