//! `/sign-in-failed`: the page to which a failed callback leads, at an address without code and state.
//!
//! The problem travels sealed in the address, so that nobody can forge the page's
//! text. The page has the status of the failure.

use crate::bff::Bff;
use crate::paths::SIGN_IN_FAILED;
use crate::request::RequestId;
use crate::response::add_retry_after;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_contract::problem::{Code, Problem};
use bff_session::key_ring::{KeyRing, Purpose};

const PARAMETER: &str = "problem";

/// The address at which the page speaks of this problem.
pub(crate) fn address(keys: &KeyRing, problem: &Problem) -> String {
    let content = serde_json::to_vec(problem).expect("a struct with string keys");
    let sealed = URL_SAFE_NO_PAD.encode(keys.seal(Purpose::Problem, b"", &content));
    format!("{SIGN_IN_FAILED}?{PARAMETER}={sealed}")
}

/// The page.
pub(crate) async fn page(State(state): State<Bff>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let problem = read(&state.keys, parts.uri.query().unwrap_or_default()).unwrap_or_else(|| {
        let id = parts.extensions.get::<RequestId>();
        Problem {
            status: StatusCode::BAD_REQUEST.as_u16(),
            code: Code::SignInFailed.to_string(),
            reference: id.map(ToString::to_string).unwrap_or_default(),
            trace_id: id.and_then(|id| id.trace().known_id()),
            ..Problem::default()
        }
    });
    let session = parts.extensions.get().cloned().unwrap_or_default();
    let mut page = state.problem_page(parts, problem, session).await;
    let status = page.status();
    add_retry_after(&mut page, status);
    page
}

fn read(keys: &KeyRing, query: &str) -> Option<Problem> {
    let mut values = url::form_urlencoded::parse(query.as_bytes());
    let (_, value) = values.find(|(name, _)| name == PARAMETER)?;
    let sealed = URL_SAFE_NO_PAD.decode(value.as_ref()).ok()?;
    let opened = keys.open(Purpose::Problem, b"", &sealed).ok()?;
    serde_json::from_slice(&opened.plaintext).ok()
}
