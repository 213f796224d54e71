//! The APIs that pages and code call.

use super::DefaultValue::{Described, Value};
use super::setting::{Setting, setting};

pub(super) const APIS: &[Setting] = &[
    setting(
        "BFF_API_<NAME>",
        Described("no API"),
        "base URL of an API that pages reach under /api/<name>/ (in TOML: [api.<name>], with url and the ends below as keys)",
    ),
    setting(
        "BFF_API_<NAME>_TOKEN",
        Value("person"),
        "what that API is called with: the person's access token, the client's own, or none",
    ),
    setting(
        "BFF_API_<NAME>_SCOPE",
        Described("the provider's default"),
        "scope of the client's own token",
    ),
    setting(
        "BFF_API_<NAME>_DPOP",
        Value("off"),
        "on: that API takes access tokens that are bound to a key (RFC 9449)",
    ),
    setting(
        "BFF_API_<NAME>_CERTIFICATE",
        Value("off"),
        "on: calls show that API the certificate of BFF_CLIENT_CERTIFICATE, for tokens that are bound to it (RFC 8705)",
    ),
    setting(
        "BFF_API_<NAME>_METHODS",
        Value("GET HEAD POST PUT PATCH DELETE"),
        "methods that are relayed to that API",
    ),
    setting(
        "BFF_API_<NAME>_HEADERS",
        Described("none"),
        "further headers that are relayed, in both directions",
    ),
    setting(
        "BFF_API_<NAME>_TIMEOUT",
        Value("30s"),
        "how long its answer may take to begin, and then to go on",
    ),
    setting(
        "BFF_API_<NAME>_BODY_LIMIT",
        Value("1MiB"),
        "how large the body of a request may be, and that of an answer that code reads whole",
    ),
    setting(
        "BFF_API_<NAME>_REQUESTS",
        Value("256"),
        "how many requests may be under way to that API",
    ),
    setting(
        "BFF_API_<NAME>_REQUESTS_EACH",
        Value("32"),
        "how many of these may be one person's",
    ),
    setting(
        "BFF_API_<NAME>_STREAMS",
        Value("1024"),
        "how many event streams and WebSockets may be open to that API",
    ),
    setting(
        "BFF_API_<NAME>_STREAMS_EACH",
        Value("32"),
        "how many of these may be one person's",
    ),
    setting(
        "BFF_API_<NAME>_CA_FILE",
        Described("the system's certificates"),
        "PEM file with the authorities that its certificate is checked against",
    ),
    setting(
        "BFF_API_<NAME>_HTTP",
        Value("off"),
        "on: its base URL may be http, although it is another machine",
    ),
];
