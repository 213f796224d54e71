//! A Redis that is away, evicts keys, or refuses commands.

use super::Clinic;
use crate::loopback::free_address;
use crate::redis::certificates::Certificates;
use crate::redis::node::Node;
use crate::redis::tls::{PASSWORD, TlsRedis};

#[tokio::test]
async fn a_redis_that_is_away_evicts_or_refuses_is_named() {
    let clinic = Clinic::open().await;
    let away = format!("redis://127.0.0.1:{}", free_address().port());
    clinic
        .is_wrong(&[("BFF_REDIS_URL", &away)], "Redis", "cannot be used", "BFF_REDIS_URL")
        .await;

    let full = Node::start(&["--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru"]);
    let url = format!("redis://127.0.0.1:{}", full.port);
    let mend = "maxmemory-policy noeviction";
    clinic
        .is_a_warning(&[("BFF_REDIS_URL", &url)], "Redis, eviction", "volatile-lru", mend)
        .await;

    let user = ["--user", "bff", "on", ">pw", "~*", "&session-ended", "+@all", "-hset"];
    let narrow = Node::start(&user);
    let url = format!("redis://bff:pw@127.0.0.1:{}", narrow.port);
    let refused = "hset {bff-doctor-looks-here0}:tokens a b, publish session-changed x, subscribe session-changed";
    clinic
        .is_wrong(&[("BFF_REDIS_URL", &url)], "Redis, rights", refused, "bff.acl")
        .await;
    let url = format!("redis://bff:wrong@127.0.0.1:{}", narrow.port);
    clinic
        .is_wrong(&[("BFF_REDIS_URL", &url)], "Redis", "WRONGPASS", "password")
        .await;
    let memory = [("BFF_REDIS_URL", "memory:")];
    clinic
        .is_a_warning(&memory, "Redis", "end with it", "BFF_REDIS_URL")
        .await;
}

/// SEC-07
#[tokio::test]
async fn a_redis_that_asks_for_a_certificate_is_in_order_with_one_and_named_without() {
    let clinic = Clinic::open().await;
    let redis = TlsRedis::start_with(Certificates::asking_clients());
    let url = format!("rediss://bff:{PASSWORD}@localhost:{}", redis.node.port);
    let authority = redis.certificates.authority();
    let authority = authority.to_str().expect("UTF-8");
    let asked = [("BFF_REDIS_URL", url.as_str()), ("BFF_REDIS_CA_FILE", authority)];
    clinic
        .is_wrong(&asked, "Redis", "cannot be used", "BFF_REDIS_CERTIFICATE_FILE")
        .await;
    let [certificate, key] = redis.certificates.client_certificate();
    let shown = [
        ("BFF_REDIS_CERTIFICATE_FILE", certificate.as_str()),
        ("BFF_REDIS_KEY_FILE", key.as_str()),
    ];
    let (status, printed) = clinic.examine(&[asked, shown].concat()).await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.contains("Redis, TLS             on"), "{printed}");
}

/// SEC-07
#[tokio::test]
async fn a_redis_with_tls_and_a_user_of_few_rights_is_in_order() {
    let clinic = Clinic::open().await;
    let redis = TlsRedis::start();
    let url = format!("rediss://bff:{PASSWORD}@localhost:{}", redis.node.port);
    let authority = redis.certificates.authority();
    let authority = authority.to_str().expect("UTF-8");
    let settings = [("BFF_REDIS_URL", url.as_str()), ("BFF_REDIS_CA_FILE", authority)];
    let (status, printed) = clinic.examine(&settings).await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.contains("the user may run every command"), "{printed}");
    assert!(printed.contains("Redis, TLS             on"), "{printed}");
}
