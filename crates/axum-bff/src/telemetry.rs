//! Structured logs on standard error, and traces for a collector.

mod json_line;
mod lines;
#[cfg(feature = "otlp")]
pub(crate) mod otlp;

use crate::config::{LogFormat, Telemetry};
use json_line::{JsonLine, SpanFields};
use lines::Lines;
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// At its end the process waits this long for the reader of its log.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The log and the traces of this process.
#[derive(Clone, Debug)]
pub struct Log {
    lines: Lines,
    /// None: traces are not exported.
    #[cfg(feature = "otlp")]
    traces: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// Starts logging, in the form of the settings. Code that logs neither waits for standard error nor fails with it:
/// lines that cannot be written in time are lost and counted, and the log reports the number later. A second call in
/// the same process changes nothing.
///
/// With the feature `otlp` and an endpoint (`BFF_OTLP_ENDPOINT`), spans are exported too. That needs a runtime of tokio.
///
/// A panic becomes a line too: the standard library would write to standard error itself, and wait for it.
///
/// # Panics
///
/// The system has no thread for the log.
pub fn start(settings: &Telemetry) -> Log {
    let lines = Lines::default();
    #[cfg(feature = "otlp")]
    let (traces, failure) = match settings.otlp.as_ref().map(otlp::start).transpose() {
        Ok(traces) => (traces, None),
        Err(error) => (None, Some(error)),
    };
    #[cfg(feature = "otlp")]
    let is_started = match &traces {
        Some(traces) => otlp::subscribe(settings, &lines, traces),
        None => subscribe(settings, &lines),
    };
    #[cfg(not(feature = "otlp"))]
    let is_started = subscribe(settings, &lines);
    let log = Log {
        lines,
        #[cfg(feature = "otlp")]
        traces,
    };
    if !is_started {
        tracing::debug!("logging was started before");
        return log;
    }
    let say_lost = |count| {
        tracing::error!(
            code = "log_lines_lost",
            count,
            "log lines were lost: nobody took them, or a write failed"
        );
    };
    // Without a thread nothing would be written at all, and a server without its log is none.
    log.lines
        .write_to(standard_error(), say_lost)
        .expect("a thread for the log");
    std::panic::set_hook(Box::new(log_panic));
    #[cfg(feature = "otlp")]
    if let Some(error) = failure {
        let cause = crate::error::chain(&error);
        tracing::error!(code = "traces_off", cause, "traces are not exported");
    }
    log
}

/// Takes the lines of this process. False: somebody takes them already.
fn subscribe(settings: &Telemetry, lines: &Lines) -> bool {
    // The filter was checked when the settings were read.
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_default();
    let writer = lines.clone();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A line that cannot be formatted would be told to standard error, which may panic.
        .log_internal_errors(false)
        .with_writer(move || writer.clone());
    let started = match settings.format {
        LogFormat::Json => builder.fmt_fields(SpanFields).event_format(JsonLine).try_init(),
        LogFormat::Text => builder.try_init(),
    };
    started.is_ok()
}

impl Log {
    /// Writes a line that is no event, such as the reason of a failure.
    pub fn say(&self, line: &str) {
        let _ = writeln!(self.lines.clone(), "{line}");
    }

    /// Waits, for a second at most, until everything has been written.
    pub fn flush(&self) {
        self.lines.flush(LAST_LINES);
    }

    /// Sends the spans that wait for the collector, for at most `longest`, and none after that. Nothing to do where traces are
    /// not exported.
    #[cfg(feature = "otlp")]
    pub async fn end_traces(&self, longest: Duration) {
        if let Some(traces) = self.traces.clone() {
            otlp::end(traces, longest).await;
        }
    }
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let (place, message) = (panic.location(), panic.payload_as_str().unwrap_or("no text"));
    let place = place.map(ToString::to_string).unwrap_or_default();
    tracing::error!(code = "panicked", place, "a task panicked: {message}");
}

/// Standard error without the lock of the standard library, which a write to a full pipe would hold.
#[cfg(unix)]
fn standard_error() -> Box<dyn Write + Send> {
    use std::os::fd::AsFd;
    match io::stderr().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        // It is closed: the standard library's own standard error takes the lines then.
        Err(_) => Box::new(io::stderr()),
    }
}

#[cfg(not(unix))]
fn standard_error() -> Box<dyn Write + Send> {
    Box::new(io::stderr())
}
