//! The application of these tests: plain axum, with the paths and the rules of the demonstration and without its pages.
//!
//! Each page shows the session's state as JSON. A problem page shows the problem too, with its code and its reference.

mod functions;

use axum::extract::{Extension, RawQuery};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_bff::access::{Rule, Table};
use axum_bff::error::Error;
use axum_bff::problem::Problem;
use axum_bff::{ApplicationError, Bff, Builder, Session};
use bff_contract::session::SessionState;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) const TABLE: Table = Table::new(&[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/sign-in-failed", Rule::Public),
    ("/admin", Rule::Role("admin")),
    ("/orders", Rule::Claim("email_verified", "true")),
    ("/notes/erase", Rule::Fresh(300)),
    ("/_fn/erase_notes", Rule::Fresh(300)),
]);

const PAGES: [&str; 9] = [
    "/",
    "/profile",
    "/sessions",
    "/notes",
    "/orders",
    "/admin",
    "/notes/erase",
    "/signed-in",
    "/signed-out",
];

/// The application behind its backend-for-frontend.
pub(crate) async fn build(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    let bff = builder.access(TABLE).problem_page(problem).build().await?;
    Ok((bff, routes()))
}

/// The pages, and the server functions that they call.
pub(crate) fn routes() -> Router {
    let functions = Router::new()
        .route("/_fn/reread_claims", post(functions::reread_claims))
        .route("/_fn/list_sessions", post(functions::list_sessions))
        .route("/_fn/end_session", post(functions::end_session))
        .route("/_fn/end_other_sessions", post(functions::end_other_sessions))
        .route(
            "/_fn/add_note",
            post(async |note: String| Json(json!({ "note": note }))),
        )
        .route("/_fn/erase_notes", post(async || Json(json!({"erased": true}))));
    let functions = functions.route("/vault", get(vault));
    PAGES
        .into_iter()
        .fold(functions, |router, path| router.route(path, get(page)))
}

/// A handler that asks for more than its path: no rule of the table is about `/vault`.
/// With `?ask` the provider has to ask the person.
async fn vault(session: Session, RawQuery(query): RawQuery) -> Result<&'static str, Error> {
    let is_asked = query.as_deref() == Some("ask");
    session.require(if is_asked { Rule::Prompted(60) } else { Rule::Fresh(60) })?;
    Ok("the vault is open")
}

async fn page(Extension(session): Extension<Arc<SessionState>>) -> Html<String> {
    document(&[json!(*session)])
}

async fn problem(Extension(problem): Extension<Problem>, session: Extension<Arc<SessionState>>) -> Html<String> {
    document(&[json!(problem), json!(**session)])
}

fn document(paragraphs: &[Value]) -> Html<String> {
    let escaped = |json: &Value| json.to_string().replace('&', "&amp;").replace('<', "&lt;");
    let text = paragraphs.iter().map(escaped).collect::<Vec<_>>().join("</p><p>");
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><title>A page</title><p>{text}</p></html>"
    ))
}
