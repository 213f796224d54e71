//! `doctor` as a function, for a program that does not call `run`. The tests of the program `bff` look at each check.

use crate::application;
use crate::world::World;
use axum_bff::config::{Config, Source, WrongSettings};
use axum_bff::doctor::Report;

fn read(settings: Vec<(String, String)>) -> Result<Config, WrongSettings> {
    Config::read(Source::collect(settings, None)).map_err(WrongSettings)
}

async fn examined(settings: Vec<(String, String)>) -> Report {
    match read(settings) {
        Ok(config) => axum_bff::doctor(config, application::build)
            .await
            .expect("the application is built"),
        Err(wrong) => Report::from(wrong),
    }
}

#[tokio::test]
async fn a_program_without_run_learns_from_doctor_whether_sign_in_can_work() {
    let world = World::start().await;
    let report = examined(world.settings()).await;
    assert!(report.sign_in_can_work(), "{report}");

    let mut settings = world.settings();
    settings.retain(|(name, _)| name != "BFF_CLIENT_SECRET");
    settings.push((
        "BFF_CLIENT_SECRET".to_owned(),
        "not the secret of this client".to_owned(),
    ));
    let report = examined(settings).await;
    assert!(!report.sign_in_can_work(), "{report}");
    assert!(report.to_string().contains("BFF_CLIENT_SECRET"), "{report}");

    for (listen, expected) in [
        ("9464", "at 127.0.0.1:9464, which no other machine reaches"),
        (
            "0.0.0.0:9464",
            "every machine that reaches this address reads the metrics",
        ),
    ] {
        let mut settings = world.settings();
        settings.push(("BFF_METRICS_LISTEN".to_owned(), listen.to_owned()));
        let report = examined(settings).await;
        assert!(report.sign_in_can_work(), "{report}");
        assert!(report.to_string().contains(expected), "{report}");
    }

    let mut settings = world.settings();
    settings.retain(|(name, _)| name != "BFF_ISSUER");
    let report = examined(settings).await;
    assert!(!report.sign_in_can_work(), "{report}");
    assert!(report.to_string().contains("BFF_ISSUER"), "{report}");
}

#[tokio::test]
async fn doctor_names_the_target_of_the_audit_and_a_file_that_cannot_be_written() {
    let world = World::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.json");
    for (target, expected, can_start) in [
        ("off".to_owned(), "BFF_AUDIT=off", true),
        (
            "https://collector.example.com/".to_owned(),
            "collector.example.com",
            true,
        ),
        (format!("file:{}", file.display()), "audit.json", true),
        (
            format!("file:{}/missing/audit.json", folder.path().display()),
            "is not writable",
            false,
        ),
    ] {
        let mut settings = world.settings();
        settings.push(("BFF_AUDIT".to_owned(), target));
        let report = examined(settings).await;
        assert!(report.to_string().contains(expected), "{report}");
        assert_eq!(report.sign_in_can_work(), can_start, "{report}");
    }
    assert!(!file.exists(), "doctor makes no file");
}
