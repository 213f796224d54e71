//! TOK-13, PRX-11: access tokens that are bound to a key of the session (RFC 9449).

pub(crate) mod api;

use crate::api::call;
use crate::browser::Browser;
use crate::leaks::Log;
use crate::loopback::free_address;
use crate::world::{REFRESHING, World};
use axum::http::{Method, StatusCode};
use oidc_relying_party::DpopKey;
use provider::{Answer, Call, Dpop, Endpoint, Fault, PushedAuthorizationRequests};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::time::Duration;

/// A world whose sessions have refresh tokens. The API `orders` is the provider's own resource, which takes bound
/// tokens.
pub(crate) async fn world(dpop: Dpop, nonces: bool, further: &[(&str, &str)]) -> World {
    // The API is the provider itself, whose address has to be known before it starts.
    let listen = free_address();
    let resource = format!("http://{listen}/resource");
    let usual = [
        ("BFF_SCOPES", REFRESHING),
        ("BFF_SESSION_IDLE", "2h"),
        ("BFF_API_ORDERS", resource.as_str()),
        ("BFF_API_ORDERS_DPOP", "on"),
    ];
    World::start_at(&[&usual[..], further].concat(), |settings| {
        settings.listen = listen;
        settings.dpop = dpop;
        settings.dpop_nonces = nonces;
        settings.pushed_authorization_requests = PushedAuthorizationRequests::Offered;
    })
    .await
}

fn claims(call: &Call) -> Value {
    call.dpop_proof().expect("a proof").1
}

fn jwk(call: &Call) -> Value {
    call.dpop_proof().expect("a proof").0["jwk"].clone()
}

async fn orders(browser: &mut Browser) -> StatusCode {
    call(browser, Method::GET, "/api/orders/orders?page=2").await.status
}

/// TOK-13, PRX-11, fapi2-security-profile-final-client-test-happy-path,
/// fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce
///
/// `fapi2-security-profile-final-client-test-happy-path` and, without nonces,
/// `fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce`.
#[tokio::test]
async fn the_provider_and_its_api_take_every_proof() {
    for nonces in [false, true] {
        let world = world(Dpop::Required, nonces, &[("BFF_DPOP", "required")]).await;
        let mut alice = world.signed_in("alice").await;
        for _ in 0..3 {
            assert_eq!(orders(&mut alice).await, StatusCode::OK, "nonces: {nonces}");
        }
        let provider = &world.provider;
        let pushed = provider.calls_to(Endpoint::PushedAuthorizationRequest);
        assert_eq!(pushed[0].parameter("dpop_jkt").map(str::len), Some(43), "§10");
        let calls = [Endpoint::Token, Endpoint::Userinfo, Endpoint::Resource].map(|it| provider.calls_to(it));
        // The first call is repeated with a nonce. Later calls use the nonce of the last good answer.
        let expected = if nonces { [2, 1, 4] } else { [1, 1, 3] };
        assert_eq!(
            [calls[0].len(), calls[1].len(), calls[2].len()],
            expected,
            "nonces: {nonces}"
        );
        let all: Vec<&Call> = calls.iter().flatten().collect();
        assert!(
            all.iter().all(|call| jwk(call) == jwk(all[0])),
            "one key for the session"
        );
        let last = all.last().expect("a call");
        assert_eq!(
            claims(last)["htu"],
            format!("{}/resource/orders", provider.issuer()),
            "htu has no query"
        );
        assert!(
            last.header("authorization")
                .is_some_and(|value| value.starts_with("DPoP "))
        );
        assert_eq!(claims(last).get("nonce").is_some(), nonces);
    }
}

/// TOK-13, PRX-07, fapi2-security-profile-final-client-refresh-token-test
///
/// `fapi2-security-profile-final-client-refresh-token-test`.
#[tokio::test]
async fn a_refresh_proves_the_same_key_on_any_replica() {
    let world = world(Dpop::Required, true, &[]).await;
    let alice = world.signed_in("alice").await;
    let bob = world.signed_in("bob").await;
    world.advance(Duration::from_mins(61));
    world.provider.forget_calls();
    let mut keys = Vec::new();
    for browser in [alice, bob] {
        let mut elsewhere = browser.at(world.replica().await);
        assert_eq!(orders(&mut elsewhere).await, StatusCode::OK);
        let (token, resource) = (
            world.provider.calls_to(Endpoint::Token),
            world.provider.calls_to(Endpoint::Resource),
        );
        let (token, resource) = (token.last().expect("a refresh"), resource.last().expect("a call"));
        assert_eq!(token.parameter("grant_type"), Some("refresh_token"));
        assert_eq!(jwk(token), jwk(resource), "refresh and API call prove the same key");
        keys.push(jwk(token));
    }
    assert_ne!(keys[0], keys[1], "a key for each session");
    assert_eq!(
        world.provider.reuse_alarms(),
        0,
        "the repeated request with a nonce spends no refresh token"
    );
}

/// TOK-13
#[tokio::test]
async fn an_endless_wish_for_nonces_ends_the_login() {
    let world = world(Dpop::Offered, false, &[]).await;
    let mut alice = world.signed_in("alice").await;
    let again = Answer::new(400, "application/json", r#"{"error":"use_dpop_nonce"}"#).with_header("dpop-nonce", "n");
    world.inject(Fault::Answer(Endpoint::Token, again));
    world.provider.forget_calls();
    let answer = alice.sign_in(&world.provider, "bob", "/profile").await;
    assert!(
        answer
            .location()
            .is_some_and(|address| address.starts_with("/sign-in-failed?"))
    );
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 2);
    assert!(world.provider.calls_to(Endpoint::Userinfo).is_empty());
    assert!(alice.session().await.to_string().contains("Alice"));
}

/// TOK-13
#[tokio::test]
async fn a_bearer_answer_is_refused_where_binding_is_required() {
    for (setting, location) in [("required", "/sign-in-failed?"), ("auto", "/profile")] {
        let world = world(Dpop::Offered, false, &[("BFF_DPOP", setting)]).await;
        world.inject(Fault::TokenMember("token_type", "Bearer".into()));
        // The token is bound all the same, and the provider's userinfo endpoint would refuse it as a bearer token.
        world.inject(Fault::MetadataWithoutMember("userinfo_endpoint"));
        let answer = world.browser().sign_in(&world.provider, "alice", "/profile").await;
        assert!(
            answer.location().unwrap_or_default().starts_with(location),
            "{setting}: {answer:?}"
        );
    }
}

/// SES-13
///
/// The key of a login leaves the process only sealed: in `state` and in the token record.
#[tokio::test(flavor = "current_thread")]
async fn the_private_key_leaves_the_process_nowhere() {
    let (log, _guard) = Log::catch();
    let world = world(Dpop::Required, true, &[]).await;
    let mut alice = world.browser();
    let callback = alice.callback_address(&world.provider, "alice", "/profile").await;
    let mut said = vec![callback.clone()];
    let answer = alice.open(&callback).await;
    said.push(format!("{:?} {}", answer.headers, answer.text()));
    for path in [
        "/",
        "/profile",
        "/auth/session",
        "/api/orders/orders",
        "/api/orders/whoami",
    ] {
        let answer = call(&mut alice, Method::GET, path).await;
        said.push(format!("{:?} {}", answer.headers, answer.text()));
    }
    said.push(format!(
        "{:?}",
        world
            .provider
            .calls()
            .iter()
            .map(|it| (&it.query, &it.form, &it.headers))
            .collect::<Vec<_>>()
    ));
    said.push(log.text());
    // Every P-256 key in PKCS #8 begins with these bytes.
    let begins = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
    let canary = DpopKey::generate();
    assert!(
        canary.secret().expose_secret().starts_with(begins),
        "a private key begins with these bytes"
    );
    for text in &said {
        assert!(!text.contains(begins), "a private key");
        assert!(!text.contains("\"d\":"), "a private JWK");
    }
    assert!(log.text().contains("signed_in"), "the log was caught");
}
