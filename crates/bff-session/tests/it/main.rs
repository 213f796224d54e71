//! Integration tests: the stores, against a real Redis. Tests name the requirement that they hold.

#[path = "../../../axum-bff/tests/loopback/loopback.rs"]
mod loopback;
#[path = "../../../axum-bff/tests/redis/redis.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod redis;
mod store_contract;
