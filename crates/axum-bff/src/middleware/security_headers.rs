//! Headers that every response has (requirements HDR-01 to HDR-10).

use crate::bff::Bff;
use crate::config::PublicUrl;
use crate::request::media_type;
use crate::response::{FinalResponse, OwnPolicy};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The policy of an answer that is no page: it loads nothing, runs nothing and is framed nowhere.
const NO_PAGE: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // No cache may keep an answer that depends on a session (HDR-05).
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// As many headers are added here: the map grows once.
const COUNT: usize = 10;
/// As many headers has an answer that is no more than its body: `Content-Type`, `Content-Length`, and those of here.
pub(crate) const USUAL: usize = COUNT + 2;

/// A year, as ASVS 3.4.1 wants it.
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// Headers of dynamic responses.
pub(super) fn add(response: &mut Response, bff: &Bff, is_auth: bool) {
    let own = response.extensions_mut().remove::<OwnPolicy>();
    // The page of a problem is the application's, on an auth route too.
    let may_be_page = !is_auth || response.extensions().get::<FinalResponse>().is_some();
    let headers = response.headers_mut();
    headers.reserve(COUNT);
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if own.is_none() {
        // For browsers that know no frame-ancestors.
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    // An application's page that brings no policy, such as one that is no more than a file.
    if may_be_page && own.is_none() && !headers.contains_key(header::CONTENT_SECURITY_POLICY) && is_html(headers) {
        let policy = bff.page_policy(None).unwrap_or(NO_PAGE);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // A page's own forms need a Referer on the way back to it. A browser without Fetch Metadata names the origin of
    // a form only if the policy lets it: the error page of an auth route has forms too. Other answers of auth routes need
    // no referrer.
    let is_page = headers.contains_key(header::CONTENT_SECURITY_POLICY);
    let referrer = if is_auth && !is_page {
        "no-referrer"
    } else {
        "same-origin"
    };
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    if let Some(OwnPolicy(policy)) = own {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NO_PAGE);
    strict_transport(headers, &bff.public_url);
}

fn is_html(headers: &HeaderMap) -> bool {
    media_type(headers).eq_ignore_ascii_case("text/html")
}

/// The policy of a page among the static files: it has the site's style, and runs no script.
const STATIC_PAGE: &str = "default-src 'none'; font-src 'self'; img-src 'self'; style-src 'self'; base-uri 'none'; \
                           form-action 'none'; frame-ancestors 'none'";

/// Headers of static files: cached for ever if the name holds the content's hash.
pub(crate) async fn static_headers(State(state): State<Bff>, request: Request, next: Next) -> Response {
    let is_hashed = crate::static_files::is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let cache = match (response.status().is_success() || response.status() == 304, is_hashed) {
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "no-cache",
        (false, _) => "no-store",
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if is_page { STATIC_PAGE } else { "default-src 'none'" };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    strict_transport(headers, &state.public_url);
    response
}

impl Bff {
    /// The policy of a page whose scripts have this nonce: our own files run, inline scripts with the nonce, and the sources
    /// of `BFF_PAGE_SOURCES`. A page without inline scripts has no nonce; [`Bff::layer`] gives that policy to each HTML
    /// answer that brings none.
    ///
    /// An application's own form may lead to `/auth/login` and so to the provider, because Chrome and Safari hold the
    /// redirects after a form to `form-action` (HDR-03). The answers to our own forms need `'self'` alone.
    ///
    /// `None` if the nonce cannot stand in a header.
    #[must_use]
    pub fn page_policy(&self, nonce: Option<&str>) -> Option<HeaderValue> {
        let provider = self.relying_party.provider_origins();
        self.http.page_policy.with(nonce, &provider)
    }
}

fn strict_transport(headers: &mut HeaderMap, public_url: &PublicUrl) {
    if public_url.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
}
