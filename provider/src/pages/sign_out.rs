//! The pages around a logout that the relying party did not fully specify.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::Url;

use super::{client_origins, escape, page, page_of};
use crate::{end_session::request::EndSessionRequest, state::ProviderState};

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

/// How many seconds the frames get before the browser goes on. Nobody watches them load: there is no JavaScript here.
const FRAMES_TIME: u8 = 2;

/// The end, with the client's addresses in `frames`. Where the relying party gave an address to return to, the browser goes
/// there after a moment.
pub(crate) fn signed_out(set_cookie: HeaderMap, frames: &[Url], return_address: Option<&Url>) -> Response {
    let body = match return_address {
        Some(address) => format!(
            include_str!("signed_out_everywhere.html"),
            address = escape(address.as_str())
        ),
        None => include_str!("signed_out.html").to_owned(),
    };
    let body = body + &frames.iter().map(frame).collect::<String>();
    // They are all the one client's.
    let origin = frames.first().map(|frame| frame.origin().ascii_serialization());
    let directives = format!(
        "form-action 'none'; frame-src {}",
        origin.as_deref().unwrap_or("'none'")
    );
    let mut page = page_of(StatusCode::OK, "You are signed out", &body, &directives);
    if let Some(address) = return_address {
        let refresh = HeaderValue::try_from(format!("{FRAMES_TIME};url={address}"));
        page.headers_mut()
            .insert(header::REFRESH, refresh.expect("a URL is visible ASCII"));
    }
    (set_cookie, page).into_response()
}

fn frame(address: &Url) -> String {
    let address = escape(address.as_str());
    format!("<iframe hidden title=\"Signing out of the application\" src=\"{address}\"></iframe>\n")
}

/// The person decided to stay.
pub(crate) fn still_signed_in() -> Response {
    let body = include_str!("still_signed_in.html");
    page(StatusCode::OK, "You are still signed in", body, "")
}

fn hidden(name: &str, value: &str) -> String {
    format!(r#"<input type="hidden" name="{name}" value="{}">"#, escape(value))
}
