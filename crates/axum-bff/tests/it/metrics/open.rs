//! Gauges: what is open, what waits, and what expires.

use super::{Measured, Scrape, assert_is, world};
use crate::api::Api;
use crate::events::Events;
use crate::redis::certificates::authority;
use crate::relay_sockets::{connect, echo};
use crate::reload::Files;
use crate::tls_front::issued;
use crate::world::{REFRESHING, World};
use axum_bff::Bff;
use axum_bff::config::Config;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use tokio::net::TcpStream;

async fn until(world: &World, measured: &Measured, name: &str, expected: f64) {
    world
        .until(name, async || {
            let value = measured.scrape().await.sum(name, &[]);
            (value - expected).abs() < f64::EPSILON
        })
        .await;
}

#[tokio::test]
async fn an_open_event_stream_and_an_open_connection_count_until_they_are_over() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    let mut alice = measured.browser();
    alice.sign_in(&world.provider, "alice", "/profile").await;
    let stream = Events::open(&alice, measured.router.clone()).await;
    until(&world, &measured, "bff_open_event_streams", 1.0).await;
    drop(stream);
    until(&world, &measured, "bff_open_event_streams", 0.0).await;
    let connection = TcpStream::connect(measured.address).await.expect("connects");
    until(&world, &measured, "bff_open_connections", 1.0).await;
    drop(connection);
    until(&world, &measured, "bff_open_connections", 0.0).await;
    let limit = measured.scrape().await.sum("bff_connections_limit", &[]);
    assert!(limit >= 1.0, "{limit}");
}

#[tokio::test]
async fn an_open_socket_counts_under_its_api_until_it_is_over() {
    let api = echo().await;
    let world = crate::api::world(&api.url, &[("BFF_SCOPES", REFRESHING)]).await;
    let measured = Measured::start(&world).await;
    let mut alice = measured.browser();
    alice.sign_in(&world.provider, "alice", "/profile").await;
    let socket = connect(measured.address, &alice, &[]).await;
    until(&world, &measured, "bff_open_sockets", 1.0).await;
    let of_api = measured.scrape().await.sum("bff_open_sockets", &[r#"api="orders""#]);
    assert_is(of_api, 1.0, "the socket is one of the API");
    drop(socket);
    until(&world, &measured, "bff_open_sockets", 0.0).await;
}

#[tokio::test]
async fn the_age_of_the_key_set_and_the_clock_of_the_provider_are_told() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    measured.browser().sign_in(&world.provider, "alice", "/profile").await;
    world.advance(std::time::Duration::from_mins(10));
    let scrape = measured.scrape().await;
    let age = scrape.sum("bff_provider_key_set_age_seconds", &[]);
    assert!((600.0..700.0).contains(&age), "{age}");
    let ahead = scrape.sum("bff_provider_clock_ahead_seconds", &[]);
    assert!(ahead.abs() < 60.0, "{ahead}");
    assert!(
        scrape
            .series()
            .any(|(series, _)| series == "bff_provider_clock_ahead_seconds")
    );
    assert_is(
        scrape.sum("bff_pending_revocations", &[]),
        0.0,
        "nothing waits to be revoked",
    );
}

#[tokio::test]
async fn the_time_left_of_a_client_certificate_is_told_under_its_target() {
    let (chain, key) = issued(&authority("clients"), "client", ExtendedKeyUsagePurpose::ClientAuth);
    let settings = [
        ("BFF_METRICS_LISTEN", "0"),
        ("BFF_CLIENT_CERTIFICATE", &*chain),
        ("BFF_CLIENT_CERTIFICATE_KEY", &*key.serialize_pem()),
    ];
    let config = Config::in_memory(&settings).expect("settings");
    let bff = Bff::builder().settings(config).build().await.expect("settings");
    let text = bff.metrics().expect("the metrics are on");
    let line = text
        .lines()
        .find(|line| line.starts_with("bff_client_certificate_remaining_seconds{target=\"provider\"} "));
    let (_, value) = line.and_then(|line| line.rsplit_once(' ')).expect("the certificate");
    let seconds: f64 = value.parse().expect("a number");
    assert!(seconds > 3600.0, "{seconds}");
}

/// The seconds that a certificate for APIs has left.
fn left_for_the_api(bff: &Bff) -> f64 {
    let text = bff.metrics().expect("the metrics are on");
    let begin = "bff_client_certificate_remaining_seconds{target=\"api/orders\"} ";
    let value = text.lines().find_map(|line| line.strip_prefix(begin));
    value.expect("the certificate").parse().expect("a number")
}

#[tokio::test]
async fn after_a_reload_the_time_left_is_that_of_the_new_certificate() {
    let (clients, files) = (authority("clients"), Files::new());
    let put = |year: i32| {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["client".to_owned()]).expect("a name");
        params.not_after = date_time_ymd(year, 1, 1);
        let chain = params.signed_by(&key, &clients).expect("signed").pem();
        [
            files.write("tls.crt", &chain),
            files.write("tls.key", &key.serialize_pem()),
        ]
    };
    let [chain, key] = put(2100);
    let ca = files.write("ca.pem", &authority("servers").pem());
    let config = Config::in_memory(&[
        ("BFF_METRICS_LISTEN", "0"),
        // Nothing listens there, so the new certificate is taken without the provider.
        ("BFF_ISSUER", "http://127.0.0.1:1"),
        ("BFF_HTTP_LOOPBACK", "on"),
        ("BFF_CLIENT_CERTIFICATE_FILE", chain.as_str()),
        ("BFF_CLIENT_CERTIFICATE_KEY_FILE", key.as_str()),
        ("BFF_API_ORDERS", "https://localhost:1"),
        ("BFF_API_ORDERS_CERTIFICATE", "on"),
        ("BFF_API_ORDERS_CA_FILE", ca.as_str()),
    ]);
    let builder = Bff::builder().settings(config.expect("settings"));
    let bff = builder.build().await.expect("settings");
    let before = left_for_the_api(&bff);
    put(3000);
    bff.reload().await.expect("a pair");
    let after = left_for_the_api(&bff);
    assert!(after > 2.0 * before, "{before} {after}");
}

#[tokio::test]
async fn a_reading_of_the_settings_counts_once() {
    let config = Config::in_memory(&[("BFF_METRICS_LISTEN", "0")]).expect("settings");
    let bff = Bff::builder().settings(config).build().await.expect("settings");
    let counted = |bff: &Bff| {
        let scrape = Scrape(bff.metrics().expect("the metrics are on"));
        scrape.sum("bff_reloads_total", &[])
    };
    assert_is(counted(&bff), 0.0, "nobody has told it to read them again");
    let _ = bff.reload().await;
    assert_is(counted(&bff), 1.0, "they were read again, whatever came of it");
}
