//! The APIs that pages and code call.

use super::DefaultValue::{Described, Value};
use super::setting::{Setting, setting};

pub(super) const APIS: &[Setting] = &[
    setting(
        "BFF_API_<NAME>",
        Described("no API"),
        "The base URL of an API. Pages reach it under /api/<name>/. In TOML it is url in a table [api.<name>], \
         whose other keys are the endings below.",
    ),
    setting(
        "BFF_API_<NAME>_TOKEN",
        Value("person"),
        "The access token that calls to this API carry. person: the person's; client: the client's own; none: no \
         token.",
    ),
    setting(
        "BFF_API_<NAME>_SCOPE",
        Described("the provider's default"),
        "The scope of the client's own token. Only with _TOKEN=client.",
    ),
    setting(
        "BFF_API_<NAME>_DPOP",
        Value("off"),
        "on: this API supports access tokens that are bound to a key (DPoP, RFC 9449).",
    ),
    setting(
        "BFF_API_<NAME>_CERTIFICATE",
        Value("off"),
        "on: calls to this API show the certificate of BFF_CLIENT_CERTIFICATE, for access tokens that are bound to \
         it (RFC 8705).",
    ),
    setting(
        "BFF_API_<NAME>_METHODS",
        Value("GET HEAD POST PUT PATCH DELETE"),
        "The methods that calls to this API may have. OPTIONS is possible too, other methods are not.",
    ),
    setting(
        "BFF_API_<NAME>_HEADERS",
        Described("none"),
        "Names of further headers to relay, of requests and of answers.",
    ),
    setting(
        "BFF_API_<NAME>_TIMEOUT",
        Value("30s"),
        "How long this API may take until its answer begins, and how long the answer may then pause. An event \
         stream may pause longer.",
    ),
    setting(
        "BFF_API_<NAME>_BODY_LIMIT",
        Value("1MiB"),
        "The largest body of a request to this API. Also the largest answer that code reads as a whole.",
    ),
    setting(
        "BFF_API_<NAME>_REQUESTS",
        Value("256"),
        "How many requests to this API may be under way at once, from 1 to 100000.",
    ),
    setting(
        "BFF_API_<NAME>_REQUESTS_EACH",
        Value("32"),
        "How many of these requests one person may have under way at once.",
    ),
    setting(
        "BFF_API_<NAME>_STREAMS",
        Value("1024"),
        "How many event streams and WebSockets to this API may be open at once, from 1 to 100000.",
    ),
    setting(
        "BFF_API_<NAME>_STREAMS_EACH",
        Value("32"),
        "How many of these streams one person may have open at once.",
    ),
    setting(
        "BFF_API_<NAME>_CA_FILE",
        Described("the system's certificates"),
        "A PEM file with the certificate authorities for this API's certificate. They replace the system's.",
    ),
    setting(
        "BFF_API_<NAME>_HTTP",
        Value("off"),
        "on: the base URL of this API may be http on another machine. Only for a network that encrypts by itself.",
    ),
];
