//! A client with a certificate: mutual TLS, and tokens that are bound to that certificate (RFC 8705).

use super::{Fapi, ca, free};
use crate::api::call;
use crate::browser::Browser;
use crate::redis::certificates::authority;
use crate::tls_front::{Front, fingerprint, issued};
use axum::http::{Method, StatusCode};
use provider::{Authentication, Endpoint, Fault, SigningAlgorithm};
use rcgen::ExtendedKeyUsagePurpose;
use serde_json::json;
use std::time::Duration;

/// A provider whose endpoints for clients, and whose API, are where nobody comes without a certificate.
pub(super) struct Mutual {
    pub(super) fapi: Fapi,
    /// Where a certificate is asked for.
    guarded: Front,
    /// What the client's certificate is called.
    certificate: String,
}

pub(super) async fn start() -> Mutual {
    let (servers, clients, listen) = (authority("servers"), authority("clients"), free());
    let behind = format!("http://{listen}");
    let front = Front::start(&behind, &servers, None).await;
    let guarded = Front::start(&behind, &servers, Some(&clients)).await;
    let (chain, key) = issued(&clients, "client", ExtendedKeyUsagePurpose::ClientAuth);
    let (key, api) = (key.serialize_pem(), format!("{}/resource", guarded.url));
    let settings = [
        ("BFF_CLIENT_CERTIFICATE", &*chain),
        ("BFF_CLIENT_CERTIFICATE_KEY", &*key),
        ("BFF_API_ORDERS", &*api),
        ("BFF_API_ORDERS_CERTIFICATE", "on"),
    ];
    let signed = (&settings[..], SigningAlgorithm::EcdsaP256Sha256);
    let fapi = Fapi::start(front, (&servers, listen), signed, |it| {
        it.client.authentication = Authentication::TlsClientAuth;
        it.certificate_bound_access_tokens = true;
    })
    .await;
    let alias = |path: &str| format!("{}{path}", guarded.url);
    let aliases = json!({
        "token_endpoint": alias("/token"), "userinfo_endpoint": alias("/userinfo"),
        "revocation_endpoint": alias("/revoke"), "pushed_authorization_request_endpoint": alias("/par"),
    });
    fapi.world
        .inject(Fault::MetadataMember("mtls_endpoint_aliases", aliases));
    Mutual {
        fapi,
        guarded,
        certificate: fingerprint(&chain),
    }
}

#[tokio::test]
async fn tok_02_tok_03_authz_13_a_client_with_a_certificate_meets_the_profile_from_login_to_sign_out() {
    let mutual = start().await;
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
            assert!(call.dpop_proof().is_none(), "bound already");
        }
    }
    for endpoint in [Endpoint::Metadata, Endpoint::Jwks] {
        let calls = fapi.calls_to(endpoint);
        assert!(calls.iter().all(|call| call.header("x-client-certificate").is_none()));
    }
}

#[tokio::test]
async fn prx_11_code_of_the_application_shows_the_certificate_that_the_token_is_bound_to() {
    let mutual = start().await;
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

/// What makes the tokens worth nothing to a thief: the same calls without the certificate.
#[tokio::test]
async fn an_api_that_is_not_shown_the_certificate_takes_no_token_that_is_bound_to_it() {
    let Mutual { fapi, guarded, .. } = start().await;
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
