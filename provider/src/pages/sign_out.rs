//! The pages around a logout that the relying party did not fully specify.

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use super::{client_origins, escape, page};
use crate::{end_session::EndSessionRequest, state::ProviderState};

/// Asks whether the person wants to sign out.
pub(crate) fn confirm_sign_out(provider: &ProviderState, request: &EndSessionRequest<'_>) -> Response {
    let fields = [
        ("client_id", request.client_id),
        ("post_logout_redirect_uri", request.post_logout_redirect_uri),
        ("state", request.state),
    ];
    let fields: String = fields
        .into_iter()
        .filter_map(|(name, value)| Some(hidden(name, value?)))
        .collect();
    let body = format!(include_str!("confirm_sign_out.html"), fields = fields);
    page(StatusCode::OK, "Sign out?", &body, &client_origins(provider))
}

/// The end, where the relying party gave no address to return to.
pub(crate) fn signed_out(set_cookie: HeaderMap) -> Response {
    let body = include_str!("signed_out.html");
    let page = page(StatusCode::OK, "You are signed out", body, "");
    (set_cookie, page).into_response()
}

/// The person decided to stay.
pub(crate) fn still_signed_in() -> Response {
    let body = include_str!("still_signed_in.html");
    page(StatusCode::OK, "You are still signed in", body, "")
}

fn hidden(name: &str, value: &str) -> String {
    format!(r#"<input type="hidden" name="{name}" value="{}">"#, escape(value))
}
