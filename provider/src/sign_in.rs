//! The form of the sign-in page: a person, a password, or a refusal.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    authorization::{AuthorizationRequest, code_response, error_response, refuse},
    browser_session::BrowserSession,
    calls::Call,
    pages,
    parameters::decode_pairs,
    person::Person,
    state::{ProviderState, Shared},
};

/// `POST /sign-in`. The form carries the authorization request, which is checked again: the browser had it.
pub(crate) async fn sign_in(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    // Only the provider's own page posts here. Without this, another site could sign a browser in as it likes.
    if matches!(call.header("sec-fetch-site"), Some(site) if site != "same-origin") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let pairs = decode_pairs(call.parameter("request").unwrap_or_default().as_bytes());
    let request = match AuthorizationRequest::read(&provider, &pairs) {
        Ok(request) => request,
        Err(refusal) => return refuse(&provider, &refusal),
    };
    if call.parameter("deny").is_some() {
        let description = "the person did not want to sign in";
        let location = error_response(&provider, &request.target, "access_denied", description);
        return pages::see_other(&location, HeaderMap::new());
    }
    let Some(person) = authenticate(&provider, &call) else {
        let username = call.parameter("username").unwrap_or_default();
        return pages::sign_in(&provider, &request, Some(username));
    };
    let session = BrowserSession::new(&person.username, provider.clock.seconds());
    let location = code_response(&provider, &request, &session);
    let set_cookie = provider.browser_sessions.start(&call, session);
    pages::see_other(&location, set_cookie)
}

/// A demo person's button is enough: only people at this machine can reach the provider.
fn authenticate<'a>(provider: &'a ProviderState, call: &Call) -> Option<&'a Person> {
    if let Some(username) = call.parameter("person") {
        return provider.person(username);
    }
    let person = provider.person(call.parameter("username")?)?;
    (call.parameter("password") == Some(&person.password)).then_some(person)
}
