//! Handlers that answer as the demonstration's server functions of the same names do, with their redirects for forms.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_bff::{EndOtherError, OwnSession, RereadError, Session};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use url::form_urlencoded;

/// The session with the provider's present claims, or the word of a refusal.
pub(crate) async fn reread_claims(session: Session, headers: HeaderMap) -> Response {
    let (word, outcome) = match session.reread_claims().await {
        Ok(state) => ("done", json!(state)),
        Err(error) => {
            let word = match error {
                RereadError::SessionEnded => "session_ended",
                RereadError::SignInAgain => "sign_in_again",
                RereadError::NotOffered => "not_offered",
                RereadError::Unavailable => "unavailable",
            };
            (word, json!({ "refusal": word }))
        }
    };
    if is_for_a_page(&headers) {
        // Leptos answers such a form with a redirect too.
        let address = format!("/profile?reread={word}");
        return (StatusCode::FOUND, [(header::LOCATION, address)]).into_response();
    }
    Json(outcome).into_response()
}

fn is_for_a_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|types| types.to_str().ok());
    accept.is_some_and(|types| types.contains("text/html"))
}

/// A page of the person's sessions: the one that the form names, or the first.
pub(crate) async fn list_sessions(session: Session, form: String) -> Json<Value> {
    let page = field(&form, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    Json(match session.sessions_of_person(page).await {
        Ok(page) => json!({
            "sessions": page.sessions.iter().map(summary).collect::<Vec<_>>(),
            "others": page.others,
            "page": page.page,
            "pages": page.pages,
        }),
        Err(_) => json!({"refusal": "unavailable"}),
    })
}

fn summary(session: &OwnSession) -> Value {
    json!({
        "name": session.name,
        "current": session.is_this,
        "signed_in_at": session.signed_in_at.format(&Rfc3339).expect("a year of four digits"),
        "last_seen_ago": session.last_seen_ago,
        "user_agent": session.user_agent,
        "address": session.address,
    })
}

/// Ends the session that the form names.
pub(crate) async fn end_session(session: Session, form: String) -> Json<Value> {
    let ended = session.end_other(&field(&form, "name").unwrap_or_default()).await;
    Json(match ended {
        Ok(()) => json!({"ended": true}),
        Err(EndOtherError::This) => json!({"refusal": "this_session"}),
        Err(EndOtherError::NotFound) => json!({"refusal": "not_found"}),
        Err(EndOtherError::Store(_)) => json!({"refusal": "unavailable"}),
    })
}

pub(crate) async fn end_other_sessions(session: Session) -> Json<Value> {
    Json(match session.end_others().await {
        Ok(()) => json!({"ended": true}),
        Err(_) => json!({"refusal": "unavailable"}),
    })
}

fn field(form: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(form.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
