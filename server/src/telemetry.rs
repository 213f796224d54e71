//! Structured logs on standard error.

mod json_line;

use crate::config::{LogFormat, Telemetry};
use json_line::JsonLine;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::JsonFields;

/// Starts logging. A second call in the same process changes nothing.
pub fn start(settings: &Telemetry) {
    // The filter was checked when the settings were read.
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_default();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Json => builder.fmt_fields(JsonFields::new()).event_format(JsonLine).try_init(),
        LogFormat::Text => builder.try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
