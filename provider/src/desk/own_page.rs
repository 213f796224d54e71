//! The desk takes forms of its own page only: another site could sign people out otherwise, or give them roles.

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::calls::Call;

pub(super) async fn only(request: Request, next: Next) -> Response {
    if request.extensions().get::<Call>().is_some_and(is_own) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

/// A browser without Fetch Metadata sends `Origin` with every form.
fn is_own(call: &Call) -> bool {
    if let Some(site) = call.header("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = call.header("origin").and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, host)| call.header("host") == Some(host))
}
