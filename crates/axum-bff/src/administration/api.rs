//! The HTTP API: `/auth/admin/sessions`, where the application has switched it on.

use super::{AdministeredSession, AdministeredSessions, Administration, Administrator, Selected};
use crate::bff::Bff;
use crate::error::Error;
use crate::paths;
use crate::session::Session;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bff_contract::access::Rule;
use serde::{Deserialize, Serialize};

/// An administrator has authenticated at most so many seconds ago.
const FRESH: u64 = 300;

/// A page has so many sessions where the request says nothing else.
const USUAL_PAGE: usize = 50;

/// The routes, without their layers.
pub(crate) fn routes() -> Router<Bff> {
    let one = format!("{}/{{name}}", paths::ADMINISTRATION);
    Router::new()
        .route(paths::ADMINISTRATION, get(list))
        .route(paths::ADMINISTRATION_END, post(end))
        .route(&one, get(show))
}

/// The administration of a request whose person may administer.
pub(crate) struct Admitted(Administration);

impl FromRequestParts<Bff> for Admitted {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, bff: &Bff) -> Result<Self, Response> {
        let session: Session = Session::of(parts).map_err(IntoResponse::into_response)?;
        match admitted(&session, &parts.headers, bff.administration) {
            Ok(()) => Ok(Self(session.administration())),
            Err(error) => {
                let mut response = error.into_response();
                response.extensions_mut().insert(Administrator::of(&session));
                Err(response)
            }
        }
    }
}

/// What the rule asks for comes first: nobody authenticates again for a page that is refused afterwards.
fn admitted(session: &Session, headers: &HeaderMap, rule: Option<Rule>) -> Result<(), Error> {
    // A page of another site reads nothing of the answer. It may not ask either (SES-10).
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Error::CrossSite);
    }
    session.require(rule.ok_or(Error::NotFound)?)?;
    session.require(Rule::Fresh(FRESH))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    subject: Option<String>,
    sid: Option<String>,
    after: Option<String>,
    count: Option<usize>,
}

async fn list(
    Admitted(administration): Admitted,
    Query(asked): Query<Asked>,
) -> Result<Json<AdministeredSessions>, Error> {
    let selected = match (asked.subject, asked.sid) {
        (None, None) => Selected::All,
        (Some(subject), None) => Selected::Subject(subject),
        (None, Some(sid)) => Selected::Sid(sid),
        (Some(_), Some(_)) => return Err(Error::Layer(axum::http::StatusCode::BAD_REQUEST)),
    };
    let count = asked.count.unwrap_or(USUAL_PAGE);
    let page = administration.list(&selected, asked.after.as_deref(), count).await?;
    Ok(Json(page))
}

async fn show(
    Admitted(administration): Admitted,
    Path(name): Path<String>,
) -> Result<Json<AdministeredSession>, Error> {
    let shown = administration.show(&name).await?;
    shown.map(Json).ok_or(Error::NotFound)
}

/// One member, as JSON: `{"name": ..}`, `{"subject": ..}`, `{"sid": ..}` or `{"all": true}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Name(String),
    Subject(String),
    Sid(String),
    All(bool),
}

/// How many sessions ended.
#[derive(Serialize)]
struct Ended {
    ended: usize,
}

async fn end(Admitted(administration): Admitted, Json(end): Json<End>) -> Result<Json<Ended>, Error> {
    let selected = match end {
        End::Name(name) => Selected::Name(name),
        End::Subject(subject) => Selected::Subject(subject),
        End::Sid(sid) => Selected::Sid(sid),
        End::All(true) => Selected::All,
        End::All(false) => return Err(Error::Layer(axum::http::StatusCode::BAD_REQUEST)),
    };
    let is_one = matches!(selected, Selected::Name(_));
    let ended = administration.end(selected).await?;
    if ended == 0 && is_one {
        return Err(Error::NotFound);
    }
    Ok(Json(Ended { ended }))
}
