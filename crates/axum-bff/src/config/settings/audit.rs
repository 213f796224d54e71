//! The audit.

use super::DefaultValue::{Described, Value};
use super::setting::{Setting, secret, setting};

pub(super) const AUDIT: &[Setting] = &[
    setting(
        "BFF_AUDIT",
        Value("off"),
        "Where the records of the audit go: off, stdout, file:/path, or the https address of a collector, which gets \
         batches of them (application/x-ndjson). On loopback the address may be http.",
    ),
    setting(
        "BFF_AUDIT_SUBJECT",
        Value("plain"),
        "How a record names a person. plain: by issuer and subject; pseudonym: by a digest of both with the first key \
         of BFF_SESSION_KEY.",
    ),
    secret(
        "BFF_AUDIT_TOKEN",
        Described("none"),
        "The token that the collector of BFF_AUDIT gets with each batch (Authorization: Bearer).",
    ),
];
