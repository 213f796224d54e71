//! The server: its address, its cookies, its connections.

use super::DefaultValue::{Described, Required, Value};
use super::setting::{Setting, setting};

pub(super) const SERVER: &[Setting] = &[
    setting(
        "BFF_PUBLIC_URL",
        Required,
        "The address of the application in a browser: an https origin, such as https://app.example.com, with a \
         path where it is below one: https://example.com/shop.",
    ),
    setting(
        "BFF_LISTEN",
        Value("127.0.0.1:3000"),
        "The IP address and port that the server listens on, or a Unix socket: unix:/run/bff/bff.sock.",
    ),
    setting(
        "BFF_LISTEN_MODE",
        Value("0660"),
        "The permissions of a Unix socket, as chmod takes them. Everybody who may write to it can open a connection.",
    ),
    setting(
        "BFF_TLS_CERTIFICATE_FILE",
        Described("none: TLS ends at a proxy in front"),
        "A PEM file with the certificate of the server and its chain after it: the server speaks TLS (1.2 and 1.3) by \
         itself, and no HTTP without TLS.",
    ),
    setting(
        "BFF_TLS_KEY_FILE",
        Described("none; required with a certificate"),
        "A PEM file with the private key of that certificate.",
    ),
    setting(
        "BFF_HTTP_LOOPBACK",
        Value("off"),
        "on: http is accepted on loopback (localhost, 127.0.0.0/8, ::1) for the public URL, the issuer and APIs. \
         For development.",
    ),
    setting(
        "BFF_COOKIE_NAME",
        Described("session; below a path the path is added: session-shop"),
        "The name of the session cookie after __Host-Http-: at most 40 letters, digits, - and _. Applications on \
         one host, such as localhost, need different names.",
    ),
    setting(
        "BFF_TRUSTED_PROXIES",
        Described("none; on a Unix socket that others may not open: unix"),
        "IP addresses or networks of the proxies in front, such as 10.0.0.0/8; unix is the other end of a Unix socket. \
         The server believes X-Forwarded-For, Forwarded and traceparent only from them.",
    ),
    setting(
        "BFF_SITE",
        Described("the folder site beside the executable"),
        "The folder with the front end's files.",
    ),
    setting(
        "BFF_PAGE_SOURCES",
        Described("none"),
        "Further https: and wss: origins that pages may load from, by directive of the Content-Security-Policy: \
         img-src https://cdn.example.com; connect-src wss://live.example.com.",
    ),
    setting(
        "BFF_SHUTDOWN_GRACE",
        Value("10s"),
        "When the server stops, it waits this long for requests under way, then twice as long for all other work \
         together, and then as long again for the audit and for traces each: five times this at most.",
    ),
    setting(
        "BFF_ANSWER_TIMEOUT",
        Value("45s"),
        "How long it may take until the answer to a request begins; then it is 503. Set it shorter than the time-out of \
         the proxy in front. An application can set another bound for a route of its own, and an API has its own.",
    ),
    setting(
        "BFF_CONNECTIONS",
        Value("16384"),
        "How many connections may be open at once, at least 1. At this number a new connection closes the one that \
         has waited longest for a request.",
    ),
    setting(
        "BFF_HEAD_TIMEOUT",
        Value("10s"),
        "How long the head of a request may take, counted from its first byte.",
    ),
    setting(
        "BFF_KEEP_ALIVE",
        Value("75s"),
        "How long a connection may stay open without a request. Set it longer than the proxy in front keeps idle \
         connections.",
    ),
    setting(
        "BFF_WRITE_TIMEOUT",
        Value("30s"),
        "How long a client may stop reading an answer before the connection is closed.",
    ),
];
