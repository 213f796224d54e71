//! What a refresh that fails means for the session.

use super::*;

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
