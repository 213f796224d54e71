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
