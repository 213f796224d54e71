//! What a page says when it cannot be what was asked for.
//!
//! The server answers with the status and hands the page a [`Problem`]; the words for each code
//! are here, so that every error reads the same whether it was rendered or fetched.

use crate::json;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod words;

pub use words::{CODES, NextStep, Words, words};

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
    pub(crate) fn unreadable() -> Self {
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

impl json::Read for Option<Problem> {
    fn read(json: Value) -> Option<Self> {
        Some((!json.is_null()).then(|| Problem::from(json)))
    }
}

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;

    /// The error's own text stays behind: it may quote what the server answered.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (status, code) = match error {
            ServerFnErrorErr::Request(_) => (0, "unreachable"),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => (400, "bad_request"),
            _ => (500, "internal"),
        };
        Self {
            status,
            code: code.to_owned(),
            reference: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};

    #[test]
    fn a_problem_is_read_from_problem_json_with_other_members() {
        let body = br#"{"type":"about:blank","status":401,"code":"login_required","login":"/auth/login"}"#;
        let problem = Problem::de(body.to_vec().into());
        assert_eq!((problem.status, problem.code.as_str()), (401, "login_required"));
        assert_eq!(problem.reference, "");
    }

    #[test]
    fn an_answer_that_is_no_problem_json_is_an_internal_problem_without_its_text() {
        let problem = Problem::de(b"<h1>canary</h1>".to_vec().into());
        assert_eq!((problem.status, problem.code.as_str()), (500, "internal"));
        assert!(!format!("{problem:?}").contains("canary"));
    }

    #[test]
    fn no_answer_at_all_has_status_zero() {
        let problem = Problem::from_server_fn_error(ServerFnErrorErr::Request("canary".to_owned()));
        assert_eq!((problem.status, problem.code.as_str()), (0, "unreachable"));
        assert!(!format!("{problem:?}").contains("canary"));
    }
}
