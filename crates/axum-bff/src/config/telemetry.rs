//! Logs: their level and form.

use super::Source;
use tracing_subscriber::EnvFilter;

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// Settings of the logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telemetry {
    /// `BFF_LOG`, checked to be a filter.
    pub filter: String,
    /// `BFF_LOG_FORMAT`.
    pub format: LogFormat,
}

impl Telemetry {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let filter = source.parsed("BFF_LOG", |text| {
            EnvFilter::try_new(text).map_err(|error| format!("is no log filter: {error}"))?;
            Ok(text.to_owned())
        });
        let formats = [("json", LogFormat::Json), ("text", LogFormat::Text)];
        let format = source.choice("BFF_LOG_FORMAT", &formats);
        Some(Self {
            filter: filter?,
            format: format?,
        })
    }
}
