//! Sign-ins: what the provider does that takes more than a line, and how a sign-in ends.

use super::End;
use crate::world::World;
use axum::http::StatusCode;
use bff_clock::Clock;
use provider::{Endpoint, Fault, SignatureFault};
use serde_json::{Value, json};
use std::time::Duration;

/// A point of the curve P-256 (RFC 7517 appendix A.1).
const P256: [&str; 2] = [
    "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
];

pub(super) async fn ends(settings: &[(&str, &str)], faults: fn(&World) -> Vec<Fault>, end: End) {
    let world = World::start_with(settings).await;
    let faults = faults(&world);
    match end {
        End::SignedIn => succeeds_in(&world, faults).await,
        End::UserinfoRefused => fails_in(&world, faults, [1, 1]).await,
        End::NoUserinfo => fails_in(&world, faults, [1, 0]).await,
        End::NoTokenRequest => fails_in(&world, faults, [0, 0]).await,
        End::NoAuthorizationRequest => does_not_begin_in(&world, faults).await,
    }
}

async fn succeeds_in(world: &World, faults: impl IntoIterator<Item = Fault>) {
    for fault in faults {
        world.inject(fault);
    }
    let before = world.provider.calls_to(Endpoint::Userinfo).len();
    let mut browser = world.browser();
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{}", landing.text());
    assert_eq!(browser.session().await["status"], "active");
    let calls = world.provider.calls_to(Endpoint::Userinfo).len();
    assert_eq!(calls, before + 1, "userinfo is read");
}

/// With so many calls of the token endpoint and of userinfo.
async fn fails_in(world: &World, faults: Vec<Fault>, expected: [usize; 2]) {
    for fault in faults {
        world.inject(fault);
    }
    let mut browser = world.browser();
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    let address = landing.location().unwrap_or_default();
    assert!(address.starts_with("/sign-in-failed?problem="), "{address}");
    assert_eq!(browser.session().await["status"], "anonymous");
    let calls = [Endpoint::Token, Endpoint::Userinfo].map(|endpoint| world.provider.calls_to(endpoint).len());
    assert_eq!(calls, expected, "calls of the token endpoint and of userinfo");
}

async fn does_not_begin_in(world: &World, faults: Vec<Fault>) {
    for fault in faults {
        world.inject(fault);
    }
    let answer = world.browser().open("/auth/login").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.location(), None);
    assert!(world.provider.calls_to(Endpoint::Authorization).is_empty());
}

/// Three keys of each kind, without `kid` and `alg`.
pub(super) fn twelve_keys_without_names(world: &World) -> Vec<Fault> {
    let [x, y] = P256;
    let rsa = world.provider.foreign_key();
    let mut faults = vec![Fault::IdTokenWithoutHeader("kid")];
    for _ in 0..3 {
        let others = [
            rsa.clone(),
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}),
            // The generator of secp256k1 (SEC 2 §2.4.1).
            json!({"kty": "EC", "crv": "secp256k1", "x": "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
                "y": "SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"}),
            // RFC 8037 appendix A.2.
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
        ];
        faults.extend(others.map(Fault::JwksExtraKey));
    }
    faults.extend(["kid", "alg", "use"].map(Fault::JwksKeyWithoutMember));
    faults
}

pub(super) fn forged_es256(_: &World) -> Vec<Fault> {
    let [x, y] = P256;
    vec![
        Fault::MetadataMember("id_token_signing_alg_values_supported", json!(["RS256", "ES256"])),
        Fault::JwksExtraKey(json!({"kty": "EC", "crv": "P-256", "kid": "es256", "use": "sig", "x": x, "y": y})),
        Fault::IdTokenHeader("alg", json!("ES256")),
        Fault::IdTokenHeader("kid", json!("es256")),
        Fault::IdTokenSignature(SignatureFault::Bytes(vec![1; 64])),
    ]
}

pub(super) fn metadata_of_another_issuer(world: &World) -> Vec<Fault> {
    let other = format!("{}INVALID", world.provider.issuer());
    vec![Fault::MetadataMember("issuer", json!(other))]
}

pub(super) fn five_minutes_past(world: &World) -> Vec<Fault> {
    let past = world.clock.now().unix_timestamp() - 301;
    vec![Fault::IdTokenClaim("exp", json!(past))]
}

pub(super) async fn claims_of_userinfo() {
    let world = World::start_with(&[("BFF_SCOPES", "openid profile email")]).await;
    let claims = ["name", "email", "email_verified"];
    succeeds_in(&world, claims.map(Fault::IdTokenWithoutClaim)).await;
    let session = world.signed_in("alice").await.session().await;
    for claim in claims {
        let value = &session["claims"][claim];
        assert_ne!(*value, Value::Null, "{claim} comes from userinfo: {session}");
    }
}

/// A world in which somebody has signed in.
async fn used() -> World {
    let world = World::start().await;
    succeeds_in(&world, []).await;
    world
}

pub(super) async fn client_secret_basic() {
    let call = used().await.provider.calls_to(Endpoint::Token).remove(0);
    let credentials = call.header("authorization");
    assert!(credentials.is_some_and(|value| value.starts_with("Basic ")));
    assert_eq!(
        (call.parameter("client_secret"), call.parameter("client_id")),
        (None, None)
    );
}

pub(super) async fn bearer_header() {
    let call = used().await.provider.calls_to(Endpoint::Userinfo).remove(0);
    let credentials = call.header("authorization");
    assert!(credentials.is_some_and(|value| value.starts_with("Bearer ")));
    assert_eq!(call.parameter("access_token"), None);
}

pub(super) async fn one_reading_of_metadata() {
    assert_eq!(used().await.provider.calls_to(Endpoint::Metadata).len(), 1);
}

/// The address of the keys is another one in each run.
pub(super) async fn another_address_of_the_keys() {
    let world = World::start().await;
    let address = format!("{}{}?run=7", world.provider.issuer(), Endpoint::Jwks.path());
    succeeds_in(&world, [Fault::MetadataMember("jwks_uri", json!(address))]).await;
    let calls = world.provider.calls_to(Endpoint::Jwks);
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("run"), Some("7"));
}

pub(super) async fn keys_rotate_between_logins() {
    let world = used().await;
    world.provider.rotate_keys();
    world.advance(Duration::from_mins(1));
    succeeds_in(&world, []).await;
    assert_eq!(world.provider.calls_to(Endpoint::Jwks).len(), 2);
}

/// The keys change between the authorization request and the token request.
pub(super) async fn keys_rotate_during_a_login() {
    let world = used().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "bob", "/profile").await;
    world.provider.rotate_keys();
    assert_eq!(browser.open(&callback).await.location(), Some("/profile"));
    assert_eq!(browser.session().await["status"], "active");
}
