//! Sessions, and the Redis that keeps them.

use super::DefaultValue::{Described, Required, Value};
use super::setting::{Setting, secret, setting};

pub(super) const SESSION: &[Setting] = &[
    secret(
        "BFF_REDIS_URL",
        Required,
        "redis:, rediss:, redis-sentinel:, redis-cluster: or redis+unix: address; memory: keeps sessions in this process",
    ),
    secret(
        "BFF_SESSION_KEY",
        Required,
        "key ring, 32 bytes in base64 each: the first seals, all open (openssl rand -base64 32)",
    ),
    setting(
        "BFF_SESSION_IDLE",
        Value("30m"),
        "a session ends after this long without a request",
    ),
    setting(
        "BFF_SESSION_ABSOLUTE",
        Value("8h"),
        "a session ends this long after the sign-in, whatever happens",
    ),
    setting(
        "BFF_SESSIONS_EACH",
        Value("100"),
        "how many sessions one person may have; one more ends the oldest",
    ),
    setting(
        "BFF_SESSION_LOCAL_COPY",
        Value("off"),
        "on: sessions are copied into this process's memory until Redis says that they changed",
    ),
    setting("BFF_REDIS_TIMEOUT", Value("2s"), "how long Redis may take to answer"),
    setting(
        "BFF_REDIS_CA_FILE",
        Described("the system's certificates"),
        "PEM file with the authorities that Redis's certificate is checked against",
    ),
    setting(
        "BFF_REDIS_PLAINTEXT",
        Value("off"),
        "on: Redis on another machine may be reached without TLS",
    ),
];
