//! The settings of Redis: TLS for the connection.

use super::*;

/// SEC-07
#[test]
fn redis_on_another_machine_is_reached_with_tls_unless_said_otherwise() {
    let away = [
        "redis://:canary@redis.example.com",
        "redis://10.0.0.7:6379",
        "redis://0.0.0.0:6379",
        "redis-cluster://127.0.0.1:7000?node=redis.example.com:7001",
        "redis-sentinel://localhost:26379?sentinelServiceName=main&node=10.0.0.7:26379",
        "redis://localhost.example.com",
        "redis://[2001:db8::1]:6379",
    ];
    for address in away {
        let errors = with(&[("BFF_REDIS_URL", address)]).expect_err(address);
        let said = errors[0].to_string();
        assert!(said.contains("BFF_REDIS_URL") && said.contains("rediss:"), "{said}");
        assert!(!said.contains("canary"));
        with(&[("BFF_REDIS_URL", address), ("BFF_REDIS_PLAINTEXT", "on")]).expect(address);
        with(&[("BFF_REDIS_URL", &address.replacen("redis", "rediss", 1))]).expect(address);
    }
    let here = [
        "redis://127.0.0.1:6379",
        "redis://localhost",
        "redis://[::1]:6379",
        "redis+unix:///run/redis.sock",
        "redis-cluster://127.0.0.1:7000?node=127.0.0.2:7001",
        "memory:",
    ];
    for address in here {
        with(&[("BFF_REDIS_URL", address)]).expect(address);
    }
    for wrong in [
        "https://redis.example.com",
        "rediss+unix:///run/redis.sock",
        "redisss://x",
        "rediss",
    ] {
        let errors = with(&[("BFF_REDIS_URL", wrong)]).expect_err(wrong);
        assert!(errors[0].to_string().contains("no address of a Redis"), "{errors:?}");
    }
}

/// A file with this content.
fn file(folder: &tempfile::TempDir, name: &str, content: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

/// SEC-07
#[test]
fn a_certificate_for_redis_has_to_fit_its_key_and_needs_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params = rcgen::CertificateParams::new(["bff".to_owned()]).expect("a name");
    let issue = |params: &rcgen::CertificateParams| params.self_signed(&key).expect("signed").pem();
    let certificate = file(&folder, "tls.pem", &issue(&params));
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let expired = file(&folder, "expired.pem", &issue(&params));
    let right = file(&folder, "tls.key", &key.serialize_pem());
    let other = file(&folder, "other.key", &client_key());
    let [certificate, expired, right, other] = [&certificate, &expired, &right, &other].map(String::as_str);
    let (shown, with_key) = ("BFF_REDIS_CERTIFICATE_FILE", "BFF_REDIS_KEY_FILE");
    let named = |warnings: &[SettingWarning]| warnings.iter().any(|warning| warning.name == shown);
    let config = with(&[(shown, certificate), (with_key, right)]).expect("a pair");
    assert!(!named(&config.warnings));
    let config = with(&[(shown, expired), (with_key, right)]).expect("a pair");
    assert!(named(&config.warnings), "{:?}", config.warnings);

    let plain = ("BFF_REDIS_URL", "redis://127.0.0.1:6379");
    for (changes, fault) in [
        (&[(shown, certificate)][..], shown),
        (&[(with_key, right)], with_key),
        (&[(shown, certificate), (with_key, other)], shown),
        (&[(shown, right), (with_key, right)], shown),
        (&[(shown, "/nowhere"), (with_key, right)], shown),
        (&[(shown, certificate), (with_key, "/nowhere")], with_key),
        (&[(shown, certificate), (with_key, right), plain], shown),
    ] {
        assert_eq!(wrong(changes), [fault], "{changes:?}");
    }
}

#[test]
fn a_file_of_authorities_has_to_hold_some() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    let path = file.to_str().expect("UTF-8");
    assert_eq!(
        wrong(&[("BFF_REDIS_CA_FILE", path)]),
        ["BFF_REDIS_CA_FILE"],
        "the file is missing"
    );
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for content in ["", "canary", broken] {
        std::fs::write(&file, content).expect("written");
        assert_eq!(
            wrong(&[("BFF_REDIS_CA_FILE", path)]),
            ["BFF_REDIS_CA_FILE"],
            "{content}"
        );
    }
}
