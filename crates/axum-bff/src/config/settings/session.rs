//! Sessions, and the Redis that keeps them.

use super::DefaultValue::{Described, Required, Value};
use super::setting::{Setting, secret, setting};

pub(super) const SESSION: &[Setting] = &[
    secret(
        "BFF_REDIS_URL",
        Required,
        "The address of Redis: redis:, rediss:, redis-sentinel:, rediss-sentinel:, redis-cluster:, rediss-cluster: \
         or redis+unix:. memory: keeps the sessions in this process, for one replica.",
    ),
    secret(
        "BFF_SESSION_KEY",
        Required,
        "A key ring: keys of 32 bytes in base64 (openssl rand -base64 32). The first key seals sessions, every key \
         opens them.",
    ),
    setting(
        "BFF_SESSION_IDLE",
        Value("30m"),
        "A session ends after this time without a request. It may not be longer than BFF_SESSION_ABSOLUTE.",
    ),
    setting(
        "BFF_SESSION_ABSOLUTE",
        Value("8h"),
        "A session ends this long after the sign-in, even if it is in use.",
    ),
    setting(
        "BFF_SESSIONS_EACH",
        Value("100"),
        "How many sessions one person may have, from 1 to 10000. One more sign-in ends the person's oldest session.",
    ),
    setting(
        "BFF_REDIS_TIMEOUT",
        Value("2s"),
        "How long Redis may take to answer a command.",
    ),
    setting(
        "BFF_REDIS_CA_FILE",
        Described("the system's certificates"),
        "A PEM file with the certificate authorities for Redis's certificate. They replace the system's.",
    ),
    setting(
        "BFF_REDIS_CERTIFICATE_FILE",
        Described("none"),
        "A PEM file with the certificate that the server shows to Redis and to sentinels, and its chain after it \
         (tls-auth-clients yes). Only with TLS.",
    ),
    setting(
        "BFF_REDIS_KEY_FILE",
        Described("none; required with a certificate"),
        "A PEM file with the private key of that certificate.",
    ),
    setting(
        "BFF_REDIS_PLAINTEXT",
        Value("off"),
        "on: Redis on another machine may be reached without TLS. Only for a network that encrypts by itself.",
    ),
];
