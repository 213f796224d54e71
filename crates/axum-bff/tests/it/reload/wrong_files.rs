//! A file that is wrong changes nothing, and the log says so once.

use super::{Files, replica};
use crate::leaks::Log;
use crate::world::World;
use bff_session::key_ring::KeyRing;
use std::time::Duration;

/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn a_wrong_file_keeps_all_values_and_is_named_once_without_its_content() {
    let files = Files::new();
    let (keys, secret) = (KeyRing::new_key(), "a secret");
    let key_file = files.write("keys", &keys);
    let secret_file = files.write("secret", secret);
    let settings = [
        ("BFF_SESSION_KEY", ""),
        ("BFF_SESSION_KEY_FILE", key_file.as_str()),
        ("BFF_CLIENT_SECRET", ""),
        ("BFF_CLIENT_SECRET_FILE", secret_file.as_str()),
    ];
    let world = World::start_with(&settings).await;
    files.write("secret", &world.client.secret);
    let (bff, router) = replica(&world).await;
    let mut alice = world.browser().at(router.clone());
    alice.sign_in(&world.provider, "alice", "/profile").await;

    let (log, _guard) = Log::catch();
    files.write("keys", "canary-in-the-file");
    files.write("secret", "another");
    for _ in 0..3 {
        bff.reload_changed().await.expect_err("no keys");
    }
    let said = log.text();
    let lines = said.lines().filter(|line| line.contains("settings_not_reloaded"));
    assert_eq!(lines.count(), 1, "{said}");
    assert!(
        said.contains("BFF_SESSION_KEY") && !said.contains("canary-in-the-file"),
        "{said}"
    );
    assert_eq!(
        alice.session().await["status"],
        "active",
        "the keys of before are in use"
    );
    let mut bob = world.browser().at(router);
    let landing = bob.sign_in(&world.provider, "bob", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "so is the secret of before");

    files.write("keys", &keys);
    let reloaded = bff.reload_changed().await.expect("the keys are right again");
    assert_eq!(reloaded.settings, ["BFF_CLIENT_SECRET"]);
    assert!(log.text().contains("settings_reloaded"));
}

/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn a_setting_that_needs_a_restart_is_named_and_stays_as_it_was() {
    let files = Files::new();
    let path = files.write("redis", "memory:");
    let world = World::start_with(&[("BFF_REDIS_URL", ""), ("BFF_REDIS_URL_FILE", path.as_str())]).await;
    let (bff, router) = replica(&world).await;
    let mut alice = world.browser().at(router);
    alice.sign_in(&world.provider, "alice", "/profile").await;
    let (log, _guard) = Log::catch();
    files.write("redis", "redis://:canary-password@127.0.0.1:1");
    for _ in 0..3 {
        let reloaded = bff.reload().await.expect("a good address");
        assert_eq!(reloaded.need_restart, ["BFF_REDIS_URL"]);
        assert!(reloaded.settings.is_empty(), "{reloaded:?}");
    }
    bff.reload_changed().await.expect("nothing has changed since");
    let said = log.text();
    let lines = said.lines().filter(|line| line.contains("settings_need_restart"));
    assert_eq!(lines.count(), 3, "each time that somebody asks: {said}");
    assert!(!said.contains("canary-password"), "{said}");
    assert_eq!(alice.session().await["status"], "active");
}

#[tokio::test]
async fn a_pipe_in_the_place_of_a_file_makes_no_reload_wait() {
    let files = Files::new();
    let path = files.write("secret", "a secret");
    let world = World::start_with(&[("BFF_CLIENT_SECRET", ""), ("BFF_CLIENT_SECRET_FILE", path.as_str())]).await;
    let (bff, _router) = replica(&world).await;
    std::fs::remove_file(&path).expect("removed");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo runs").success());
    let reading = tokio::time::timeout(Duration::from_secs(10), bff.reload());
    let refused = reading.await.expect("it does not wait").expect_err("a pipe");
    assert!(refused.to_string().contains("BFF_CLIENT_SECRET_FILE"), "{refused}");
    std::fs::remove_file(&path).expect("removed");
    files.write("secret", "another");
    let reloaded = bff.reload_changed().await.expect("a file");
    assert_eq!(reloaded.settings, ["BFF_CLIENT_SECRET"]);
}
