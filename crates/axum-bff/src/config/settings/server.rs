//! The server: its address, its cookies, its connections.

use super::DefaultValue::{Described, Required, Value};
use super::setting::{Setting, setting};

pub(super) const SERVER: &[Setting] = &[
    setting(
        "BFF_PUBLIC_URL",
        Required,
        "where browsers reach this server, such as https://app.example.com, or below a path: https://example.com/shop",
    ),
    setting("BFF_LISTEN", Value("127.0.0.1:3000"), "address and port to listen on"),
    setting(
        "BFF_HTTP_LOOPBACK",
        Value("off"),
        "on: http is accepted for issuer and public URL where they are loopback",
    ),
    setting(
        "BFF_COOKIE_NAME",
        Described("session; below a path that path too, as session-shop"),
        "name of the session's cookie, after __Host-Http-; applications on one host, such as localhost, need different ones",
    ),
    setting(
        "BFF_TRUSTED_PROXIES",
        Described("none"),
        "addresses or networks of proxies whose X-Forwarded-For or Forwarded is believed, such as 10.0.0.0/8",
    ),
    setting(
        "BFF_SITE",
        Described("site beside the executable"),
        "folder with the front end's files",
    ),
    setting(
        "BFF_PAGE_SOURCES",
        Described("none"),
        "origins that pages may load from, by directive: img-src https://cdn.example.com; connect-src wss://live.example.com",
    ),
    setting(
        "BFF_SHUTDOWN_GRACE",
        Value("10s"),
        "how long requests under way may take when the server ends",
    ),
    setting(
        "BFF_CONNECTIONS",
        Value("16384"),
        "how many connections may be open; where all are, one goes that waits for a request",
    ),
    setting(
        "BFF_HEAD_TIMEOUT",
        Value("10s"),
        "how long the head of a request may take, from its first byte",
    ),
    setting(
        "BFF_KEEP_ALIVE",
        Value("75s"),
        "how long a connection may wait for its next request: longer than the proxy in front keeps it",
    ),
    setting(
        "BFF_WRITE_TIMEOUT",
        Value("30s"),
        "how long a browser or proxy may read nothing of what is written to it",
    ),
];
