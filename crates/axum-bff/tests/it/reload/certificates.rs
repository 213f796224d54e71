//! Certificates and authorities change.

use super::{Files, replica};
use crate::api::{call, streamed};
use crate::redis::certificates::{Certificates, authority};
use crate::redis::tls::{PASSWORD, TlsRedis};
use crate::relay_tls::{TlsApi, params};
use crate::tls_front::{Authority, Front, fingerprint, issued};
use crate::world::World;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use provider::{Authentication, Endpoint, Fault};
use rcgen::ExtendedKeyUsagePurpose;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A world whose client has the certificate in these files, and trusts the authorities in `ca.pem`.
async fn world_with_certificate(files: &Files, clients: &Authority, servers: &Authority) -> (World, String) {
    let (chain, key) = issued(clients, "client", ExtendedKeyUsagePurpose::ClientAuth);
    let [chain_file, key_file, ca] = [
        ("tls.crt", chain.as_str()),
        ("tls.key", &*key.serialize_pem()),
        ("ca.pem", &*servers.pem()),
    ]
    .map(|(name, content)| files.write(name, content));
    let settings = [
        ("BFF_CLIENT_SECRET", ""),
        ("BFF_CLIENT_CERTIFICATE_FILE", chain_file.as_str()),
        ("BFF_CLIENT_CERTIFICATE_KEY_FILE", key_file.as_str()),
        ("BFF_PROVIDER_CA_FILE", ca.as_str()),
        ("BFF_PAR", "off"),
    ];
    let world = World::start_at(&settings, |it| {
        it.client.authentication = Authentication::TlsClientAuth;
    })
    .await;
    (world, fingerprint(&chain))
}

fn behind(world: &World, front: &Front) {
    let aliases = json!({
        "token_endpoint": format!("{}/token", front.url), "userinfo_endpoint": format!("{}/userinfo", front.url),
    });
    world.inject(Fault::MetadataMember("mtls_endpoint_aliases", aliases));
}

/// TOK-02
#[tokio::test]
async fn a_new_certificate_is_shown_once_its_key_is_there_too() {
    let (servers, clients, files) = (authority("servers"), authority("clients"), Files::new());
    let (world, old) = world_with_certificate(&files, &clients, &servers).await;
    let front = Front::start(world.provider.issuer(), &servers, Some(&clients)).await;
    behind(&world, &front);
    let (bff, router) = replica(&world).await;
    let browser = || world.browser().at(router.clone());
    let shown = || {
        let calls = world.provider.calls_to(Endpoint::Token);
        let shown = calls.last().and_then(|call| call.header("x-client-certificate"));
        shown.map(str::to_owned)
    };
    browser().sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(shown(), Some(old.clone()));

    let (chain, key) = issued(&clients, "client", ExtendedKeyUsagePurpose::ClientAuth);
    files.write("tls.crt", &chain);
    let mismatch = bff.reload_changed().await.expect_err("the key of the old certificate");
    assert!(mismatch.to_string().contains("BFF_CLIENT_CERTIFICATE"), "{mismatch}");
    browser().sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(shown(), Some(old), "the pair of before goes on");

    files.write("tls.key", &key.serialize_pem());
    let reloaded = bff.reload_changed().await.expect("a pair");
    assert_eq!(
        reloaded.settings,
        ["BFF_CLIENT_CERTIFICATE", "BFF_CLIENT_CERTIFICATE_KEY"]
    );
    let landing = browser().sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
    assert_eq!(shown(), Some(fingerprint(&chain)));
}

/// DISC-05
#[tokio::test]
async fn an_authority_that_is_added_makes_the_provider_reachable() {
    let (servers, clients, others) = (authority("servers"), authority("clients"), authority("others"));
    let files = Files::new();
    let (world, _) = world_with_certificate(&files, &clients, &others).await;
    let front = Front::start(world.provider.issuer(), &servers, Some(&clients)).await;
    behind(&world, &front);
    let (bff, router) = replica(&world).await;
    let browser = || world.browser().at(router.clone());
    let refused = browser().sign_in(&world.provider, "alice", "/profile").await;
    assert!(refused.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
    files.write("ca.pem", &format!("{}{}", others.pem(), servers.pem()));
    let reloaded = bff.reload_changed().await.expect("authorities");
    assert_eq!(reloaded.settings, ["BFF_PROVIDER_CA_FILE"]);
    let landing = browser().sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
}

#[tokio::test]
async fn an_authority_that_is_added_makes_an_api_reachable() {
    let tls = TlsApi::start(|key, ours| params("localhost").signed_by(key, ours).expect("signed")).await;
    let files = Files::new();
    let path = files.write("ca.pem", &authority("others").pem());
    let world = crate::api::world(&tls.url(), &[("BFF_API_ORDERS_CA_FILE", path.as_str())]).await;
    let (bff, router) = replica(&world).await;
    let mut alice = world.browser().at(router);
    alice.sign_in(&world.provider, "alice", "/profile").await;
    let refused = call(&mut alice, Method::GET, "/api/orders/1").await;
    assert_eq!(refused.status, StatusCode::BAD_GATEWAY);
    files.write("ca.pem", &std::fs::read_to_string(tls.authority()).expect("a file"));
    let reloaded = bff.reload_changed().await.expect("authorities");
    assert_eq!(reloaded.settings, ["BFF_API_ORDERS_CA_FILE"]);
    let answer = call(&mut alice, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_call_under_way_during_the_change_gets_its_whole_answer() {
    let (next, texts) = tokio::sync::mpsc::channel(1);
    let texts = Arc::new(Mutex::new(Some(texts)));
    let answer = move |_: &crate::api::Call| {
        let texts = texts.lock().expect("the texts").take();
        Response::new(streamed(texts.expect("one call")))
    };
    let sign = |key: &rcgen::KeyPair, ours: &Authority| params("localhost").signed_by(key, ours).expect("signed");
    let tls = TlsApi::start_answering(sign, answer).await;
    let files = Files::new();
    let ours = std::fs::read_to_string(tls.authority()).expect("a file");
    let path = files.write("ca.pem", &ours);
    let world = crate::api::world(&tls.url(), &[("BFF_API_ORDERS_CA_FILE", path.as_str())]).await;
    let (bff, router) = replica(&world).await;
    let mut alice = world.browser().at(router);
    alice.sign_in(&world.provider, "alice", "/profile").await;
    next.send("first ").await.expect("the call waits");
    let change = async {
        world
            .until("the API is called", async || !tls.api.calls().is_empty())
            .await;
        files.write("ca.pem", &format!("{ours}{}", authority("others").pem()));
        bff.reload_changed().await.expect("authorities");
        next.send("second").await.expect("the call goes on");
        drop(next);
    };
    let (answer, ()) = tokio::join!(call(&mut alice, Method::GET, "/api/orders/1"), change);
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (StatusCode::OK, "first second")
    );
}

/// SEC-07
#[tokio::test]
async fn an_authority_that_is_added_makes_redis_reachable() {
    let redis = TlsRedis::start();
    let certificates = &redis.certificates;
    let [other, right] = [certificates.other_authority(), certificates.authority()]
        .map(|path| std::fs::read_to_string(path).expect("a file"));
    let files = Files::new();
    let path = files.write("ca.pem", &other);
    let url = format!("rediss://bff:{PASSWORD}@localhost:{}", redis.node.port);
    let settings = [
        ("BFF_REDIS_URL", url.as_str()),
        ("BFF_REDIS_CA_FILE", path.as_str()),
        ("BFF_REDIS_TIMEOUT", "1s"),
    ];
    let world = World::start_with(&settings).await;
    let (bff, router) = replica(&world).await;
    let mut browser = world.browser().at(router);
    assert_eq!(browser.fetch("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    files.write("ca.pem", &format!("{other}{right}"));
    let reloaded = bff.reload_changed().await.expect("authorities");
    assert_eq!(reloaded.settings, ["BFF_REDIS_CA_FILE"]);
    world
        .until("Redis is reachable", async || {
            world.advance(Duration::from_secs(1));
            browser.fetch("/readyz").await.status == StatusCode::OK
        })
        .await;
}

/// SEC-07
#[tokio::test]
async fn a_redis_that_asks_for_a_certificate_gets_a_new_one_without_a_restart() {
    let redis = TlsRedis::start_with(Certificates::asking_clients());
    let files = Files::new();
    let put = |[certificate, key]: [String; 2]| {
        let read = |path: &str| std::fs::read_to_string(path).expect("a file");
        [
            files.write("redis.pem", &read(&certificate)),
            files.write("redis.key", &read(&key)),
        ]
    };
    let [certificate, key] = put(redis.certificates.other_client_certificate());
    let authority = redis.certificates.authority();
    let url = format!("rediss://bff:{PASSWORD}@localhost:{}", redis.node.port);
    let world = World::start_with(&[
        ("BFF_REDIS_URL", url.as_str()),
        ("BFF_REDIS_CA_FILE", authority.to_str().expect("UTF-8")),
        ("BFF_REDIS_CERTIFICATE_FILE", certificate.as_str()),
        ("BFF_REDIS_KEY_FILE", key.as_str()),
        ("BFF_REDIS_TIMEOUT", "1s"),
    ])
    .await;
    let (bff, router) = replica(&world).await;
    let is_ready = async || {
        let ready = world.browser().at(router.clone()).fetch("/readyz").await;
        ready.status == StatusCode::OK
    };
    assert!(!is_ready().await, "the authority is another one");
    put(redis.certificates.client_certificate());
    let reloaded = bff.reload_changed().await.expect("a pair");
    assert_eq!(reloaded.settings, ["BFF_REDIS_CERTIFICATE_FILE", "BFF_REDIS_KEY_FILE"]);
    world
        .until("Redis takes the new certificate", async || {
            world.advance(Duration::from_secs(1));
            is_ready().await
        })
        .await;
}
