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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value")]
pub struct Problem {
    /// The HTTP status that the response has. 0: there was no response.
    pub status: u16,
    /// A [`Code`], or that of an API. An unknown code is spoken of by its status.
    pub code: String,
    /// The correlation id: the request id under which an operator finds the cause.
    pub reference: String,
}

impl Problem {
    /// An answer came, and it is not what it has to be.
    #[must_use]
    pub fn unreadable() -> Self {
        Self {
            status: 502,
            code: Code::UpstreamMalformed.to_string(),
            reference: String::new(),
        }
    }
}

impl From<Value> for Problem {
    fn from(json: Value) -> Self {
        let text = |member: &str| json.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        let status = json.get("status").and_then(Value::as_u64);
        Self {
            status: status.and_then(|status| u16::try_from(status).ok()).unwrap_or(500),
            code: text("code"),
            reference: text("reference"),
        }
    }
}
