//! SIGHUP makes the program read its settings again.

use crate::bff_process::Running;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

fn key() -> String {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256);
    key.expect("a key").serialize_pem()
}

/// Waits until this text is in the log.
fn until_said(log: &Path, text: &str) -> String {
    let begun = Instant::now();
    loop {
        let said = std::fs::read_to_string(log).expect("the log");
        if said.contains(text) {
            return said;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{text} is not in: {said}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn sighup_takes_a_new_key_and_refuses_a_wrong_one_and_the_server_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, log) = (folder.path().join("key.pem"), folder.path().join("log"));
    std::fs::write(&file, key()).expect("written");
    let settings = [
        // Nobody listens there, so the reading of the metadata fails at once.
        ("BFF_ISSUER", "https://127.0.0.1:1"),
        ("BFF_PROVIDER_TIMEOUT", "2s"),
        ("BFF_CLIENT_KEY_FILE", file.to_str().expect("UTF-8")),
    ];
    let mut bff = Running::start_logging(&settings, File::create(&log).expect("a file").into());
    let published = || {
        let answer = bff.get("/auth/jwks");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        body.to_owned()
    };
    let before = published();
    bff.signal("-HUP");
    until_said(&log, "settings_unchanged");

    std::fs::write(&file, key()).expect("written");
    bff.signal("-HUP");
    let said = until_said(&log, "settings_reloaded");
    assert!(said.contains("BFF_CLIENT_KEY"), "{said}");
    let after = published();
    assert_ne!(after, before);

    std::fs::write(&file, "canary-no-key").expect("written");
    bff.signal("-HUP");
    let said = until_said(&log, "settings_not_reloaded");
    assert!(!said.contains("canary-no-key"), "{said}");
    assert_eq!(published(), after, "the key of before is in use");
    assert!(bff.get("/livez").starts_with("HTTP/1.1 200"));
    bff.ends_at_sigterm();
}
