//! The body of an answer that refuses or fails.

use serde::{Deserialize, Serialize};
use serde_json::Value;

mod code;
#[cfg(feature = "server-fn")]
mod server_fn;

pub use code::Code;

/// Something went wrong, said without its cause: the server's log has that under `reference`.
///
/// Also read from an `application/problem+json` answer (RFC 9457) to a server function: other
/// members are ignored, absent ones empty; a status that is absent counts as 500.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value")]
pub struct Problem {
    /// The HTTP status that the response has. 0: there was no response.
    pub status: u16,
    /// A [`Code`], or that of an API. An unknown code is spoken of by its status.
    pub code: String,
    /// The correlation id: the request id under which an operator finds the cause.
    pub reference: String,
    /// The id of the trace that the request belongs to (W3C Trace Context §3.2.2.3): 32 lower-case hexadecimal digits. None
    /// where nobody but the server's own log knows the trace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<Box<str>>,
    /// The application's own heading for it, in place of the words for the code (RFC 9457 §3.1.3). Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The application's own words about the problem (RFC 9457 §3.1.4). Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// An answer came, and it is not of the expected form.
    #[must_use]
    pub fn unreadable() -> Self {
        Self {
            status: 502,
            code: Code::UpstreamMalformed.to_string(),
            ..Self::default()
        }
    }
}

impl From<Value> for Problem {
    fn from(json: Value) -> Self {
        let text = |member: &str| json.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        let status = json.get("status").and_then(Value::as_u64);
        // A document with a type is for programs: its title names the type or the status, and is nothing to show.
        let words = |member: &str| {
            let is_ours = json.get("type").is_none();
            Some(text(member)).filter(|words| is_ours && !words.is_empty())
        };
        Self {
            status: status.and_then(|status| u16::try_from(status).ok()).unwrap_or(500),
            code: text("code"),
            reference: text("reference"),
            trace_id: Some(text("trace_id")).filter(|id| !id.is_empty()).map(Into::into),
            title: words("title"),
            detail: words("detail"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use serde_json::json;

    #[test]
    fn words_are_read_where_a_problem_has_its_own_and_not_of_a_document_with_a_type() {
        let problem = Problem {
            status: 403,
            code: "account_closed".to_owned(),
            reference: "1".to_owned(),
            trace_id: Some("2".into()),
            title: Some("Your account is closed".to_owned()),
            detail: Some("Ask the office.".to_owned()),
        };
        let json = serde_json::to_value(&problem).expect("writes");
        assert_eq!(Problem::from(json.clone()), problem);
        let mut document = json;
        document["type"] = json!("about:blank");
        let read = Problem::from(document);
        assert_eq!((read.title, read.detail), (None, None));
    }
}
