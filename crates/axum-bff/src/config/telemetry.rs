//! Logs: their level and form. Traces.

use super::{Otlp, Source};
use tracing_subscriber::EnvFilter;

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// Settings of logs and traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Telemetry {
    /// `BFF_LOG`, checked to be a filter.
    pub filter: String,
    /// `BFF_LOG_FORMAT`.
    pub format: LogFormat,
    /// Where traces go. None: nowhere.
    pub otlp: Option<Otlp>,
}

impl Telemetry {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let filter = source.parsed("BFF_LOG", |text| {
            EnvFilter::try_new(text).map_err(|error| format!("is no log filter: {error}"))?;
            Ok(text.to_owned())
        });
        let formats = [("json", LogFormat::Json), ("text", LogFormat::Text)];
        let format = source.choice("BFF_LOG_FORMAT", &formats);
        let otlp = Otlp::read(source);
        Some(Self {
            filter: filter?,
            format: format?,
            otlp: otlp.ok()?,
        })
    }
}
