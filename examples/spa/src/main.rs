//! A static page of plain JavaScript behind `axum-bff`.

use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::access::Table;
use axum_bff::{ApplicationError, Bff, Builder, Session, access};
use serde::{Deserialize, Serialize};

/// A path that is not listed needs a session.
const TABLE: Table = access! {
    "/" | "/page.js" | "/signed-out" => Public,
};

/// The claims that this application uses.
#[derive(Deserialize)]
struct Profile {
    name: Option<String>,
    email: Option<String>,
}

#[derive(Serialize)]
struct Me {
    subject: String,
    name: Option<String>,
    email: Option<String>,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    axum_bff::run(application).await
}

async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    let bff = builder.access(TABLE).works_below_a_path().build().await?;
    let page = get(async || Html(include_str!("../page/index.html")));
    let script = get(async || ([(CONTENT_TYPE, "text/javascript")], include_str!("../page/page.js")));
    let router = Router::new()
        .route("/", page.clone())
        .route("/signed-out", page)
        .route("/page.js", script)
        .route("/me", get(me));
    Ok((bff, router))
}

async fn me(session: Session<Profile>) -> Json<Me> {
    let Profile { name, email } = session.claims();
    Json(Me {
        subject: session.subject().to_owned(),
        name: name.clone(),
        email: email.clone(),
    })
}

#[cfg(test)]
mod tests;
