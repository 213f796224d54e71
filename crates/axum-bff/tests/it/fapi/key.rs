//! A client with a key: `private_key_jwt`, and tokens that are bound by DPoP.

use super::jws;
use super::setup::{Fapi, with_key};
use crate::api::call;
use crate::browser::Browser;
use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use provider::{Call, Endpoint};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::time::Duration;

async fn orders(browser: &mut Browser) {
    let answer = call(browser, Method::GET, "/api/orders/orders?page=2").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

/// AUTHZ-13, TOK-04, TOK-13, PRX-11, fapi2-security-profile-final-client-refresh-token-test,
/// fapi2-security-profile-final-client-test-happy-path,
/// fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce
///
/// `fapi2-security-profile-final-client-test-happy-path`, without nonces
/// `fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce`, and
/// `fapi2-security-profile-final-client-refresh-token-test` (two refreshes with rotation).
#[tokio::test]
async fn a_client_with_a_key_meets_the_profile_from_login_to_sign_out() {
    for nonces in [true, false] {
        let fapi = with_key(nonces).await;
        let (mut browser, callback) = fapi.signed_in().await;
        let issuer = fapi.front.url.clone();
        let iss = url::Url::parse(&callback).expect("an address");
        assert!(iss.query_pairs().any(|(name, value)| name == "iss" && value == issuer));
        let page = browser.open("/profile").await;
        assert!(page.text().contains("Alice"), "{}", page.text());
        for _ in 0..3 {
            orders(&mut browser).await;
            fapi.world.advance(Duration::from_mins(61));
        }
        assert_eq!(fapi.world.provider.refreshes(), 2, "the second and the third call");
        assert_eq!(fapi.world.provider.reuse_alarms(), 0);
        assert_eq!(browser.session().await["status"], "active");
        fapi.signed_out(browser).await;

        fapi.the_request_was_pushed();
        every_assertion_is_for_this_provider_and_new(&fapi);
        every_token_comes_with_its_proof(&fapi, nonces);
    }
}

/// §5.3.3.1: no request has a client secret. The audience of an assertion is the issuer, as one string.
fn every_assertion_is_for_this_provider_and_new(fapi: &Fapi) {
    let endpoints = [
        Endpoint::PushedAuthorizationRequest,
        Endpoint::Token,
        Endpoint::Revocation,
    ];
    let mut seen = BTreeSet::new();
    for endpoint in endpoints {
        for call in fapi.calls_to(endpoint) {
            assert!(call.parameter("client_secret").is_none() && call.header("authorization").is_none());
            let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            assert_eq!(call.parameter("client_assertion_type"), Some(kind));
            let [header, claims] = jws(call.parameter("client_assertion").expect("an assertion"));
            assert_eq!(header["alg"], "ES256", "§5.4.1");
            assert_eq!(claims["aud"], *fapi.front.url, "{endpoint:?}");
            assert_eq!((&claims["iss"], &claims["sub"]), (&claims["sub"], &"bff".into()));
            assert!(
                seen.insert(claims["jti"].to_string()),
                "{endpoint:?}: the jti came before"
            );
        }
    }
    assert!(seen.len() >= 5, "a push, a code, two refreshes, a revocation: {seen:?}");
}

/// RFC 9449: each proof is made with the session's key, for this request and this token. It has a nonce where the
/// server demands one.
fn every_token_comes_with_its_proof(fapi: &Fapi, nonces: bool) {
    let pushed = &fapi.calls_to(Endpoint::PushedAuthorizationRequest)[0];
    let token = fapi.calls_to(Endpoint::Token);
    let used = [Endpoint::Userinfo, Endpoint::Resource].map(|endpoint| fapi.calls_to(endpoint));
    // Token endpoint and API share an origin here, and each demands nonces of its own. The client keeps one nonce for
    // an origin, so each call to one of them first has the other's nonce and is repeated.
    let expected = if nonces { [6, 1, 6] } else { [3, 1, 3] };
    assert_eq!(
        [token.len(), used[0].len(), used[1].len()],
        expected,
        "nonces: {nonces}"
    );
    let mut thumbprints = BTreeSet::new();
    for call in token.iter().chain(used.iter().flatten()) {
        let (header, claims) = call.dpop_proof().expect("a proof");
        assert_eq!((&header["typ"], &header["alg"]), (&"dpop+jwt".into(), &"ES256".into()));
        assert_eq!(claims["htm"], *call.method);
        assert_eq!(
            claims["htu"],
            format!("{}{}", fapi.front.url, call.path),
            "htu has no query"
        );
        assert_eq!(claims["ath"].as_str(), ath(call).as_deref(), "{}", call.path);
        let jwk = &header["jwk"];
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
        thumbprints.insert(URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)));
    }
    let named = pushed.parameter("dpop_jkt").map(str::to_owned);
    assert_eq!(
        thumbprints.into_iter().collect::<Vec<_>>(),
        Vec::from_iter(named),
        "one key"
    );
    for calls in [&token, &used[1]] {
        let last = calls.last().and_then(Call::dpop_proof).expect("a proof").1;
        assert_eq!(last.get("nonce").is_some(), nonces);
    }
}

/// The digest of the access token of a call. §5.3.3.1: the token is in the header and nowhere else.
fn ath(call: &Call) -> Option<String> {
    assert!(call.parameter("access_token").is_none(), "{}", call.path);
    let token = call.header("authorization")?.strip_prefix("DPoP ").expect("the scheme");
    Some(URL_SAFE_NO_PAD.encode(Sha256::digest(token)))
}
