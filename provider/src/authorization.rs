//! The authorization endpoint (Core §3.1.2): it checks the request, and whether a person is signed in already.

pub(crate) mod request;
mod response;

use axum::{Extension, extract::State, http::HeaderMap, response::Response};

pub(crate) use self::{
    request::{AuthorizationRefusal, AuthorizationRequest},
    response::{code_response, error_response},
};
use crate::{
    browser_session::BrowserSession,
    calls::Call,
    pages,
    pushed_authorization_request::resolve,
    state::{ProviderState, Shared},
};

/// `GET` or `POST /authorize`.
pub(crate) async fn authorization(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    let pairs = match resolve(&provider, call.message()) {
        Ok(pairs) => pairs,
        Err(reason) => return pages::bad_request(&reason),
    };
    let request = match AuthorizationRequest::read(&provider, &pairs) {
        Ok(request) => request,
        Err(refusal) => return refuse(&provider, &refusal),
    };
    let asks_offline = request.prompts("none") && request.scope.iter().any(|scope| scope == "offline_access");
    if asks_offline && provider.faults.offline_access_needs_consent() {
        let location = error_response(&provider, &request.target, "invalid_scope", "consent is needed");
        return pages::see_other(&location, HeaderMap::new());
    }
    if let Some((error, description)) = provider.faults.authorization_error() {
        let location = error_response(&provider, &request.target, error, &description);
        return pages::see_other(&location, HeaderMap::new());
    }
    let session = provider
        .browser_sessions
        .of(&call)
        .filter(|session| is_fresh(&provider, &request, session));
    match session {
        Some(session) => {
            let location = code_response(&provider, &request, &session);
            pages::see_other(&location, HeaderMap::new())
        }
        None if request.prompts("none") => {
            let location = error_response(&provider, &request.target, "login_required", "nobody is signed in");
            pages::see_other(&location, HeaderMap::new())
        }
        None => pages::sign_in(&provider, &request, None),
    }
}

/// The answer to a request that cannot be granted.
pub(crate) fn refuse(provider: &ProviderState, refusal: &AuthorizationRefusal) -> Response {
    match refusal {
        AuthorizationRefusal::Page(reason) => pages::bad_request(reason),
        AuthorizationRefusal::Response {
            target,
            error,
            description,
        } => {
            let location = error_response(provider, target, error, description);
            pages::see_other(&location, HeaderMap::new())
        }
    }
}

/// Whether the session satisfies `prompt` and `max_age` (Core §3.1.2.1).
fn is_fresh(provider: &ProviderState, request: &AuthorizationRequest, session: &BrowserSession) -> bool {
    let age = provider.clock.seconds().saturating_sub(session.auth_time);
    let young = request.max_age.is_none_or(|max_age| age < max_age);
    young && !request.prompts("login") && !request.prompts("select_account")
}
