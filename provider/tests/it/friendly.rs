//! The provider without faults.

mod authorization;
mod back_channel;
mod client_authentication;
mod client_credentials;
mod desk;
mod dpop;
mod end_session;
mod metadata;
mod pushed_authorization_request;
mod refresh;
mod resource;
mod restart;
mod revocation;
mod sign_in;
mod start;
mod token;
mod userinfo;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use provider::{Client, Clock, Provider, Settings};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::browser::{Answer, form, get, post};

pub(crate) const CALLBACK: &str = "http://localhost:3000/auth/callback";
pub(crate) const SIGNED_OUT: &str = "http://localhost:3000/signed-out";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";
pub(crate) const NOW: u64 = 1_800_000_000;

/// A provider at a fixed time. The client's id and secret have characters that Basic authentication must encode first.
pub(crate) async fn friendly() -> Provider {
    started(|_| {}).await
}

/// The same provider with changed settings.
pub(crate) async fn started(change: impl FnOnce(&mut Settings)) -> Provider {
    let mut settings = Settings::new(Client {
        secret: "s:e+c%r e&t ü".to_owned(),
        ..Client::new("the client", CALLBACK, SIGNED_OUT)
    });
    settings.clock = Clock::new(|| UNIX_EPOCH + Duration::from_secs(NOW));
    change(&mut settings);
    Provider::start(settings).await.expect("a provider")
}

/// A clock, and the value that sets it, in seconds since 1970.
pub(crate) fn clock() -> (Arc<AtomicU64>, Clock) {
    let seconds = Arc::new(AtomicU64::new(NOW));
    let read = Arc::clone(&seconds);
    let clock = Clock::new(move || UNIX_EPOCH + Duration::from_secs(read.load(Ordering::Relaxed)));
    (seconds, clock)
}

/// One refresh, with the client's credentials.
pub(crate) async fn refresh(provider: &Provider, refresh_token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    post(provider, "/token", &[("authorization", &basic())], &form).await
}

/// A member of a token response.
pub(crate) fn member<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().expect("a token")
}

/// A call of the resource API with this access token.
pub(crate) async fn call(provider: &Provider, path: &str, access_token: &str) -> Answer {
    let bearer = format!("Bearer {access_token}");
    get(provider, path, &[("authorization", &bearer)]).await
}

/// The parameters of a good authorization request.
pub(crate) fn request() -> Vec<(&'static str, String)> {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    [
        ("client_id", "the client"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid profile email offline_access unheard-of"),
        ("state", "the state"),
        ("nonce", "the nonce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

pub(crate) fn query(parameters: &[(&'static str, String)]) -> String {
    let pairs: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form(&pairs)
}

pub(crate) fn authorization_url(provider: &Provider) -> String {
    format!("{}/authorize?{}", provider.issuer(), query(&request()))
}

/// The value of a parameter of an address.
pub(crate) fn parameter(url: &url::Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub(crate) async fn code(provider: &Provider) -> String {
    let callback = provider.authorize(&authorization_url(provider), "alice").await;
    parameter(&callback, "code").expect("a code")
}

/// The `Authorization` header of [`friendly`]'s client: its id and its secret, form-encoded and joined by a colon
/// (RFC 6749 §2.3.1).
pub(crate) fn basic() -> String {
    let credentials = STANDARD.encode("the+client:s%3Ae%2Bc%25r+e%26t+%C3%BC");
    format!("Basic {credentials}")
}

/// Redeems a code with a valid request, in which these parameters are changed or left out (`None`).
pub(crate) async fn redeem(provider: &Provider, code: &str, changes: &[(&'static str, Option<&str>)]) -> Answer {
    let mut parameters = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        parameters.retain(|(key, _)| key != name);
        parameters.extend(value.map(|value| (*name, value)));
    }
    post(provider, "/token", &[("authorization", &basic())], &parameters).await
}

/// A successful token response for alice.
pub(crate) async fn tokens(provider: &Provider) -> Value {
    let answer = redeem(provider, &code(provider).await, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The header and the payload of a JWS, without verification.
pub(crate) fn decoded(token: &str) -> (Value, Value) {
    let part = |index| {
        let part = token.split('.').nth(index).expect("three parts");
        let json = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&json).expect("JSON")
    };
    (part(0), part(1))
}
