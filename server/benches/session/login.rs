//! The two steps of a login that reach this server, and what of them is signatures.

use super::bff::{self, NAVIGATE};
use super::connection::Connection;
use super::load::Request;
use super::measure::{Asked, Scenario};
use super::report::micros;
use super::scenarios::with;
use super::servers::{LOGIN, Servers};
use crate::Options;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use provider::{Endpoint, LogoutTokenParts};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Of so many requests one is a callback: the provider signs for each, in this process, which takes a hundred times as long
/// as to begin a login.
const CALLBACKS: usize = 100;

/// What a login would ask the provider for if it had not what it needs. A pushed request is not among them.
const READ: [Endpoint; 4] = [Endpoint::Metadata, Endpoint::Jwks, Endpoint::Token, Endpoint::Userinfo];

pub(crate) async fn login(options: &Options, servers: &Servers) {
    start(options, servers).await;
    callback(options, servers).await;
    signatures(servers).await;
}

/// The start. The provider hears nothing of it.
pub(crate) async fn start(options: &Options, servers: &Servers) {
    let provider = &servers.application.provider;
    provider.forget_calls();
    let request = Request::new(LOGIN, &NAVIGATE, None);
    let asked = [
        Asked::new(&servers.plain, request.clone(), 303),
        Asked::new(&servers.ours, request, 303),
    ];
    let scenario = Scenario {
        title: "start of a login".to_owned(),
        asked: with(servers.beside.as_ref(), asked),
        references: &["plain"],
    };
    scenario.measure(options, &servers.redis).await;
    for endpoint in READ {
        assert_eq!(
            provider.calls_to(endpoint).len(),
            0,
            "{endpoint:?}, at the start of a login"
        );
    }
}

/// The callback: each is of a login of its own, begun and signed in to beforehand. It costs one token request and one of
/// userinfo, and nothing else.
async fn callback(options: &Options, servers: &Servers) {
    let options = Options {
        requests: (options.requests / CALLBACKS).max(options.connections),
        ..options.clone()
    };
    let count = options.requests / 5 + options.rounds * options.requests;
    let mut requests = Vec::with_capacity(count);
    for _ in 0..count {
        let (path, login) = servers.application.callback(&servers.ours).await;
        requests.push(bff::request(&path, &NAVIGATE, &login).into_bytes());
    }
    let provider = &servers.application.provider;
    provider.forget_calls();
    let request = Request::Each(Arc::new(requests));
    let scenario = Scenario {
        title: "callback, with a token and a userinfo request".to_owned(),
        asked: vec![
            Asked::new(&servers.plain, request.clone(), 303),
            Asked::new(&servers.ours, request, 303),
        ],
        references: &["plain"],
    };
    let cpu = servers.ours.cpu();
    scenario.measure(&options, &servers.redis).await;
    let cpu = servers.ours.cpu().saturating_sub(cpu) / u32::try_from(count).expect("fewer callbacks than that");
    let calls: Vec<usize> = READ.iter().map(|endpoint| provider.calls_to(*endpoint).len()).collect();
    assert_eq!(calls, [0, 0, count, count], "metadata, keys, tokens, userinfo");
    println!("\nThe callback takes {:.0} µs of the server's processor.", micros(cpu));
}

/// How long it takes to verify one signature of the provider, with the library that does so at a callback.
async fn signatures(servers: &Servers) {
    const TIMES: u32 = 2_000;
    let provider = &servers.application.provider;
    let token = provider.logout_token(LogoutTokenParts::of_subject("somebody"));
    let (signed, signature) = token.rsplit_once('.').expect("a JWS");
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let key = published_key(provider.issuer()).await;
    let begun = Instant::now();
    for _ in 0..TIMES {
        key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .expect("a good signature");
    }
    let each: Duration = begun.elapsed() / TIMES;
    println!(
        "One RS256 signature takes {:.0} µs to verify; a callback verifies one, a start none.",
        micros(each)
    );
}

async fn published_key(issuer: &str) -> RsaPublicKeyComponents<Vec<u8>> {
    let address = issuer.strip_prefix("http://").expect("an address");
    let request = format!("GET {} HTTP/1.1\r\nhost: {address}\r\n\r\n", Endpoint::Jwks.path());
    let mut connection = Connection::open(address.parse().expect("an address")).await;
    let answer = connection.send(request.as_bytes()).await.expect("an answer");
    let document: Value = serde_json::from_slice(answer.body).expect("JSON");
    let number = |name: &str| {
        let text = document["keys"][0][name].as_str().expect("a number");
        BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url")
    };
    RsaPublicKeyComponents {
        n: number("n"),
        e: number("e"),
    }
}
