//! Settings that fit each other are used together, or wait together.

use super::Files;
use crate::api::call;
use crate::redis::certificates::authority;
use crate::relay_tls::{TlsApi, params};
use crate::tls_front::issued;
use crate::world::World;
use axum::Router;
use axum::http::{Method, StatusCode};
use axum_bff::Bff;
use axum_bff::config::{Config, Source};
use rcgen::{ExtendedKeyUsagePurpose, KeyPair, PKCS_ECDSA_P256_SHA256};
use std::path::Path;
use std::sync::Arc;

/// A replica of this world. The settings `in_file` are in the TOML file and not in the environment.
async fn replica(world: &World, in_file: &[&str], file: &str) -> (Bff, Router) {
    let mut settings = world.settings();
    settings.retain(|(name, _)| !in_file.contains(&name.as_str()));
    let config = Config::read(Source::collect(settings, Some(Path::new(file)))).expect("settings");
    let builder = Bff::builder().settings(config).clock(Arc::new(world.clock.clone()));
    let (bff, application) = crate::application::build(builder).await.expect("it is built");
    let router = bff.router(application);
    (bff, router)
}

/// TOK-03
#[tokio::test]
async fn a_new_secret_waits_for_the_restart_that_another_client_id_needs() {
    let (world, files) = (World::start().await, Files::new());
    let toml = |id: &str, secret: &str| format!("client_id = \"{id}\"\nclient_secret = \"{secret}\"\n");
    let path = files.write("bff.toml", &toml(&world.client.id, &world.client.secret));
    let (bff, router) = replica(&world, &["BFF_CLIENT_ID", "BFF_CLIENT_SECRET"], &path).await;
    files.write("bff.toml", &toml("another-client", "the secret of another client"));
    let reloaded = bff.reload().await.expect("good settings");
    assert_eq!(reloaded.need_restart, ["BFF_CLIENT_ID", "BFF_CLIENT_SECRET"]);
    assert!(reloaded.settings.is_empty(), "{reloaded:?}");
    let mut browser = world.browser().at(router);
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
}

/// TOK-03
#[tokio::test]
async fn a_new_secret_waits_for_the_restart_that_a_first_client_key_needs() {
    let (world, files) = (World::start().await, Files::new());
    let path = files.write("bff.toml", &format!("client_secret = \"{}\"\n", world.client.secret));
    let (bff, router) = replica(&world, &["BFF_CLIENT_SECRET"], &path).await;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    let key = key.serialize_pem();
    files.write(
        "bff.toml",
        &format!("client_secret = \"another\"\nclient_key = \"\"\"{key}\"\"\"\n"),
    );
    let reloaded = bff.reload().await.expect("good settings");
    assert_eq!(reloaded.need_restart, ["BFF_CLIENT_KEY", "BFF_CLIENT_SECRET"]);
    let mut browser = world.browser().at(router);
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
}

/// A certificate of the client that changes takes nothing else along that needs a restart.
#[tokio::test]
async fn an_api_keeps_its_authorities_while_their_removal_waits_for_a_restart() {
    let tls = TlsApi::start(|key, ours| params("localhost").signed_by(key, ours).expect("signed")).await;
    let (clients, files) = (authority("clients"), Files::new());
    let put = || {
        let (chain, key) = issued(&clients, "client", ExtendedKeyUsagePurpose::ClientAuth);
        [
            files.write("tls.crt", &chain),
            files.write("tls.key", &key.serialize_pem()),
        ]
    };
    let [chain, key] = put();
    let authorities = tls.authority().display().to_string();
    let settings = [
        ("BFF_CLIENT_AUTHENTICATION", "client_secret_basic"),
        ("BFF_CLIENT_CERTIFICATE_FILE", chain.as_str()),
        ("BFF_CLIENT_CERTIFICATE_KEY_FILE", key.as_str()),
        ("BFF_API_ORDERS_CERTIFICATE", "on"),
        ("BFF_API_ORDERS_CA_FILE", authorities.as_str()),
    ];
    let world = crate::api::world(&tls.url(), &settings).await;
    let path = files.write("bff.toml", &format!("[api.orders]\nca_file = \"{authorities}\"\n"));
    let (bff, router) = replica(&world, &["BFF_API_ORDERS_CA_FILE"], &path).await;
    put();
    files.write("bff.toml", "");
    let reloaded = bff.reload().await.expect("a pair");
    assert_eq!(
        reloaded.settings,
        ["BFF_CLIENT_CERTIFICATE", "BFF_CLIENT_CERTIFICATE_KEY"]
    );
    assert_eq!(reloaded.need_restart, ["BFF_API_ORDERS_CA_FILE"]);
    let mut alice = world.browser().at(router);
    alice.sign_in(&world.provider, "alice", "/profile").await;
    let answer = call(&mut alice, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::OK);
}
