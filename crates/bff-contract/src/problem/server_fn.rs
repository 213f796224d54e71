//! A problem as the error of a server function.

use super::Problem;
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;

    /// The error's own text stays behind: it may quote the server's answer.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (status, code) = match error {
            // The code that the front end gives it; the words of a browser are none.
            ServerFnErrorErr::Request(code) if code == "offline" => (0, "offline"),
            ServerFnErrorErr::Request(_) => (0, "unreachable"),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => (400, "bad_request"),
            _ => (500, "internal"),
        };
        Self {
            status,
            code: code.to_owned(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FromServerFnError, Problem, ServerFnErrorErr};

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
