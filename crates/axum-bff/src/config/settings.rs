//! The list of settings. `bff --help` prints it, and a test looks for each name in `.env.example` and `docs/settings.md`.

mod apis;
mod audit;
mod help;
mod metrics;
mod provider;
mod server;
mod session;
mod setting;

pub use help::{help, help_with};
pub use setting::{DefaultValue, Setting};

use DefaultValue::{Described, Value};
use setting::{secret, setting};

/// The settings of the log.
const LOG: &[Setting] = &[
    setting(
        "BFF_LOG",
        Value("info"),
        "The log's level: error, warn, info, debug or trace. Also directives for parts of the program, such as \
         server=debug.",
    ),
    setting(
        "BFF_LOG_FORMAT",
        Value("json"),
        "The form of log lines: json, or text for people.",
    ),
];

/// The settings of traces.
const TRACES: &[Setting] = &[
    setting(
        "BFF_OTLP_ENDPOINT",
        Described("no export"),
        "The address of a collector of OpenTelemetry that takes OTLP over HTTP, such as http://localhost:4318. Spans go to \
         /v1/traces below it. It needs a program with the feature otlp.",
    ),
    secret(
        "BFF_OTLP_HEADERS",
        Described("none"),
        "Headers for the collector: authorization=Basic abc,x-tenant=7.",
    ),
    setting(
        "BFF_OTLP_SAMPLE",
        Value("1"),
        "The part of the traces that begin here and are exported, from 0 to 1. A trusted proxy decides about its own.",
    ),
];

const SECTIONS: [&[Setting]; 8] = [
    server::SERVER,
    provider::PROVIDER,
    session::SESSION,
    apis::APIS,
    LOG,
    metrics::METRICS,
    TRACES,
    audit::AUDIT,
];

/// Every setting, by section.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.into_iter().flatten()
}

/// The setting of this name. A variable `BFF_API_ORDERS_TOKEN` is the setting
/// `BFF_API_<NAME>_TOKEN`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Setting> {
    let pattern = match (name.starts_with(API), api_key(name)) {
        (false, _) => name.to_owned(),
        (true, Some((_, ""))) => "BFF_API_<NAME>".to_owned(),
        (true, Some((_, key))) => format!("BFF_API_<NAME>_{key}"),
        (true, None) => return None,
    };
    all().find(|setting| setting.name == pattern)
}

const API: &str = "BFF_API_";

/// The `<NAME>` and the key of a variable that is about an API: `ORDERS` and `TOKEN` of
/// `BFF_API_ORDERS_TOKEN`, `ORDERS` and nothing of `BFF_API_ORDERS`. Names are upper case, with
/// digits and single underscores; none ends like a key.
#[must_use]
pub fn api_key(variable: &str) -> Option<(&str, &'static str)> {
    let rest = variable.strip_prefix(API)?;
    let mut keys = all().filter_map(|setting| setting.name.strip_prefix("BFF_API_<NAME>_"));
    let split = keys.find_map(|key| Some((rest.strip_suffix(key)?.strip_suffix('_')?, key)));
    let (name, key) = split.unwrap_or((rest, ""));
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    name.split('_').all(is_word).then_some((name, key))
}
