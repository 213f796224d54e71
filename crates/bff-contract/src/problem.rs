//! The body of an answer that refuses or fails.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(feature = "server-fn")]
mod server_fn;

/// The code of a refusal with 401 that ends no session: the person has to authenticate again, and then it goes on.
pub const STEP_UP_REQUIRED: &str = "step_up_required";

/// Something went wrong, said without its cause: the server's log has that under `reference`.
///
/// Also read from an `application/problem+json` answer (RFC 9457) to a server function: other
/// members are ignored, absent ones empty; a status that is absent counts as 500.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value")]
pub struct Problem {
    /// The HTTP status that the response has. 0: there was no response.
    pub status: u16,
    /// A stable code, such as `login_expired` or `provider_unavailable`. Unknown codes are
    /// spoken of by their status.
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
            code: "upstream_malformed".to_owned(),
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
