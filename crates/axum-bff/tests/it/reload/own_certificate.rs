//! The certificate with which the server speaks TLS by itself changes.

use super::{Files, replica};
use crate::leaks::Log;
use crate::world::World;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

const HOST: &str = "app.example.com";

/// Writes a certificate for this host until this year, and its key. Returns the paths.
fn put(files: &Files, host: &str, until: i32) -> [String; 2] {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new([host.to_owned()]).expect("a host");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let certificate = params.self_signed(&key).expect("signed");
    [
        files.write("own.pem", &certificate.pem()),
        files.write("own.key", &key.serialize_pem()),
    ]
}

async fn world(certificate: &str, key: &str) -> World {
    World::start_with(&[("BFF_TLS_CERTIFICATE_FILE", certificate), ("BFF_TLS_KEY_FILE", key)]).await
}

/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn a_certificate_that_browsers_refuse_does_not_replace_one_that_they_take() {
    let files = Files::new();
    let [certificate, key] = put(&files, HOST, 3000);
    let world = world(&certificate, &key).await;
    let (bff, _router) = replica(&world).await;
    let (log, _guard) = Log::catch();
    for (host, until) in [(HOST, 2021), ("other.example.com", 3000)] {
        put(&files, host, until);
        for _ in 0..2 {
            let refused = bff.reload_changed().await.expect_err("a fault");
            assert!(refused.to_string().contains("BFF_TLS_CERTIFICATE_FILE"), "{refused}");
        }
    }
    let said = log.text();
    let lines = said.lines().filter(|line| line.contains("settings_not_reloaded"));
    assert_eq!(lines.count(), 2, "once for each fault: {said}");
    put(&files, HOST, 3001);
    let reloaded = bff.reload_changed().await.expect("a good certificate");
    assert_eq!(reloaded.settings, ["BFF_TLS_CERTIFICATE_FILE", "BFF_TLS_KEY_FILE"]);
}

/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn a_risk_of_a_setting_that_was_read_again_is_logged() {
    let files = Files::new();
    let [certificate, key] = put(&files, HOST, 2021);
    let world = world(&certificate, &key).await;
    let (bff, _router) = replica(&world).await;
    let (log, _guard) = Log::catch();
    put(&files, HOST, 2022);
    let reloaded = bff.reload_changed().await.expect("the one in use has expired too");
    assert_eq!(reloaded.settings.len(), 2, "{reloaded:?}");
    let said = log.text();
    assert!(said.contains("setting_risky") && said.contains("2022-01-01"), "{said}");
}
