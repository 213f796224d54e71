//! A client with a certificate: mutual TLS, and tokens that are bound to that certificate (RFC 8705).

use super::setup::{Mutual, ca, with_certificate};
use crate::api::call;
use crate::browser::Browser;
use axum::http::{Method, StatusCode};
use provider::Endpoint;
use std::time::Duration;

/// AUTHZ-13, TOK-02, TOK-03
#[tokio::test]
async fn a_client_with_a_certificate_meets_the_profile_from_login_to_sign_out() {
    let mutual = with_certificate().await;
    let fapi = &mutual.fapi;
    let (mut browser, _) = fapi.signed_in().await;
    assert!(browser.open("/profile").await.text().contains("Alice"));
    for _ in 0..2 {
        let answer = call(&mut browser, Method::GET, "/api/orders/orders").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        fapi.world.advance(Duration::from_mins(61));
    }
    assert_eq!(fapi.world.provider.refreshes(), 1);
    fapi.signed_out(browser).await;

    fapi.the_request_was_pushed();
    for endpoint in [
        Endpoint::PushedAuthorizationRequest,
        Endpoint::Token,
        Endpoint::Revocation,
        Endpoint::Userinfo,
        Endpoint::Resource,
    ] {
        let calls = fapi.calls_to(endpoint);
        assert!(!calls.is_empty(), "{endpoint:?}");
        for call in calls {
            assert_eq!(
                call.header("x-client-certificate"),
                Some(&*mutual.certificate),
                "{endpoint:?}"
            );
            let of_the_client = call.form.iter().filter(|(name, _)| name.starts_with("client_"));
            let named: Vec<_> = of_the_client.map(|(name, value)| (&**name, &**value)).collect();
            let uses_token = matches!(endpoint, Endpoint::Userinfo | Endpoint::Resource);
            let expected = if uses_token { vec![] } else { vec![("client_id", "bff")] };
            assert_eq!(named, expected, "{endpoint:?}");
            let authorization = call.header("authorization");
            assert_eq!(authorization.is_some_and(|it| it.starts_with("Bearer ")), uses_token);
            assert!(call.dpop_proof().is_none(), "the certificate binds the token already");
        }
    }
    for endpoint in [Endpoint::Metadata, Endpoint::Jwks] {
        let calls = fapi.calls_to(endpoint);
        assert!(calls.iter().all(|call| call.header("x-client-certificate").is_none()));
    }
}

/// PRX-11
#[tokio::test]
async fn code_of_the_application_shows_the_certificate_that_the_token_is_bound_to() {
    let mutual = with_certificate().await;
    let (browser, _) = mutual.fapi.signed_in().await;
    let calling = mutual
        .fapi
        .world
        .replica_routing(crate::api_in_code::routes, |_| ())
        .await;
    let answer = browser.at(calling).fetch("/code/orders").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let calls = mutual.fapi.calls_to(Endpoint::Resource);
    let shown: Vec<_> = calls.iter().map(|call| call.header("x-client-certificate")).collect();
    assert_eq!(shown, [Some(&*mutual.certificate)]);
}

/// The tokens are worth nothing to a thief: the same calls fail without the certificate.
#[tokio::test]
async fn an_api_that_is_not_shown_the_certificate_takes_no_token_that_is_bound_to_it() {
    let Mutual { fapi, guarded, .. } = with_certificate().await;
    let (browser, _) = fapi.signed_in().await;
    let file = ca(fapi.folder.path());
    for (origin, code, status) in [
        (&fapi.front.url, "upstream_unauthorized", StatusCode::BAD_GATEWAY),
        (&guarded.url, "upstream_unreachable", StatusCode::BAD_GATEWAY),
    ] {
        let api = format!("{origin}/resource");
        let settings = [
            ("BFF_PROFILE", ""),
            ("BFF_ID_TOKEN_ALGORITHMS", "ES256"),
            ("BFF_API_ORDERS", &*api),
            ("BFF_API_ORDERS_CERTIFICATE", "off"),
            ("BFF_API_ORDERS_CA_FILE", &*file),
        ];
        let mut elsewhere: Browser = browser.at(fapi.world.replica_set(&settings).await);
        let answer = call(&mut elsewhere, Method::GET, "/api/orders/orders").await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (status, Some(code)),
            "{origin}"
        );
    }
    let mut shown = browser.at(fapi.world.replica().await);
    let answer = call(&mut shown, Method::GET, "/api/orders/orders").await;
    assert_eq!(answer.status, StatusCode::OK, "the token is as good as before");
}
