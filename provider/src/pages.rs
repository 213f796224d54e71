//! The pages that a person sees. They work without JavaScript, and there is none.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use html_escape::encode_quoted_attribute as escape;
use url::Url;

mod desk;
mod sign_in;
mod sign_out;

pub(crate) use self::{
    desk::{Notice, desk},
    sign_in::sign_in,
    sign_out::{confirm_sign_out, signed_out, still_signed_in},
};
use crate::state::{ProviderState, Shared};

/// Where the style sheet is.
pub(crate) const STYLE_PATH: &str = "/style.css";
/// Where the icon is.
pub(crate) const ICON_PATH: &str = "/icon.svg";

/// The style sheet, one part after another.
const STYLE: &str = concat!(
    include_str!("pages/style/page.css"),
    "\n",
    include_str!("pages/style/controls.css"),
    "\n",
    include_str!("pages/style/people.css"),
    "\n",
    include_str!("pages/style/desk.css")
);

/// `GET /style.css`.
pub(crate) async fn style() -> Response {
    let css = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (css, STYLE).into_response()
}

/// `GET /icon.svg`.
pub(crate) async fn icon() -> Response {
    let svg = [(header::CONTENT_TYPE, "image/svg+xml")];
    (svg, include_str!("pages/icon.svg")).into_response()
}

/// `GET /`: a description, for a person who opens the issuer in a browser.
pub(crate) async fn home(State(provider): State<Shared>) -> Response {
    let body = format!(include_str!("pages/home.html"), issuer = escape(&provider.issuer));
    page(StatusCode::OK, "Development provider", &body, "")
}

/// A request that gets no redirect, because it is not known where to.
pub(crate) fn bad_request(reason: &str) -> Response {
    let body = format!(include_str!("pages/bad_request.html"), reason = escape(reason));
    page(StatusCode::BAD_REQUEST, "This request is not right", &body, "")
}

/// A redirect that the browser follows with GET, after a request with any method (RFC 9700 §4.12).
pub(crate) fn see_other(location: &Url, headers: HeaderMap) -> Response {
    let location = HeaderValue::try_from(location.as_str()).expect("a URL is visible ASCII");
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// A whole page. Browsers apply `form-action` to the redirects after a form as well, so the origins that a form ends at
/// are named in `form_targets`.
fn page(status: StatusCode, title: &str, body: &str, form_targets: &str) -> Response {
    page_of(status, title, body, &format!("form-action 'self'{form_targets}"))
}

/// A page with further directives in its Content-Security-Policy.
fn page_of(status: StatusCode, title: &str, body: &str, directives: &str) -> Response {
    let html = format!(include_str!("pages/page.html"), title = escape(title), body = body);
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; {directives}; frame-ancestors 'none'; \
         base-uri 'none'"
    );
    let policy = HeaderValue::try_from(policy).expect("origins are visible ASCII");
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    // Not `no-referrer`: with it the page's own forms would be posted with `Origin: null`.
    let same_origin = HeaderValue::from_static("same-origin");
    headers.insert(header::REFERRER_POLICY, same_origin);
    response
}

/// The origins of the client's registered URIs, each after a space.
fn client_origins(provider: &ProviderState) -> String {
    let client = &provider.settings.client;
    let uris = client.redirect_uris.iter();
    let addresses = uris
        .chain(&client.post_logout_redirect_uris)
        .filter_map(|uri| Url::parse(uri).ok());
    let mut origins: Vec<String> = addresses.map(|url| url.origin().ascii_serialization()).collect();
    origins.sort();
    origins.dedup();
    origins.iter().fold(String::new(), |all, origin| all + " " + origin)
}
