//! An application behind `axum-bff`, without Leptos. Its routes are guarded, and its failures are pages.

mod bounds;
mod guards;
mod own_program;
mod pages;
mod sessions;
mod settings;

use axum::extract::Extension;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_bff::access::{Rule, Table};
use axum_bff::problem::Problem;
use axum_bff::{ApplicationError, Bff, Builder, Session};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const TABLE: Table = Table::new(&[
    ("/signed-out", Rule::Public),
    ("/who", Rule::Public),
    ("/fresh", Rule::Fresh(60)),
    ("/_fn/erase", Rule::Fresh(300)),
    ("/report", Rule::Role("staff")),
    ("/orders/{id}", Rule::Any(&[Rule::Role("clerk"), Rule::Role("staff")])),
    ("/files/{*rest}", Rule::Not(&Rule::Role("guest"))),
]);

#[derive(Deserialize)]
struct Profile {
    name: String,
}

pub(crate) async fn problem(Extension(problem): Extension<Problem>) -> String {
    problem.code
}

async fn me(session: Session<Profile>) -> Json<Value> {
    Json(json!({"name": session.claims().name, "subject": session.subject(), "roles": session.roles()}))
}

async fn who(session: Option<Session>) -> String {
    session.map_or_else(|| "nobody".to_owned(), |session| session.subject().to_owned())
}

async fn danger(session: Session) -> Result<&'static str, axum_bff::error::Error> {
    session.require(Rule::Fresh(60))?;
    Ok("done")
}

/// A handler that says in JSON what is wrong with a form.
async fn signed_up(Json(form): Json<Value>) -> (StatusCode, Json<Value>) {
    match form["name"].as_str() {
        Some(name) => (StatusCode::CREATED, Json(json!({ "name": name }))),
        None => (StatusCode::CONFLICT, Json(json!({"field": "name"}))),
    }
}

pub(crate) fn routes() -> Router {
    let report = get(|| async { "the report" }).post(|| async { "changed" });
    Router::new()
        .route("/", get(|| async { "home" }))
        .route("/fresh", get(|| async { "fresh" }))
        .route("/signed-out", get(|| async { "out" }))
        .route("/_fn/erase", report.clone())
        .route("/report", report.clone())
        .route("/mine", report.clone())
        .route("/orders/{id}", report.clone())
        .route("/files/{folder}/{name}", report)
        .route("/me", get(me))
        .route("/who", get(who))
        .route("/danger", get(danger))
        .route("/members", post(signed_up))
}

pub(crate) async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    let hook = post(async |body: String| format!("heard {body}"));
    let for_machines = Router::new().route("/hooks/payments", hook);
    let builder = builder.access(TABLE).problem_page(problem).for_machines(for_machines);
    Ok((builder.build().await?, routes()))
}
