//! Pushed authorization requests (RFC 9126): the client's request comes to the provider first, and the browser brings a
//! reference to it.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    authorization::request::{AuthorizationRefusal, AuthorizationRequest},
    calls::Call,
    oauth_error::OAuthError,
    parameters::Parameters,
    records::{Pairs, REQUEST_URI_LIFETIME, REQUEST_URI_PREFIX},
    settings::PushedAuthorizationRequests,
    state::{ProviderState, Shared},
    token::client_authentication,
};

/// `POST /par`.
pub(crate) async fn pushed_authorization_request(
    State(provider): State<Shared>,
    Extension(call): Extension<Call>,
) -> Response {
    if provider.settings.pushed_authorization_requests == PushedAuthorizationRequests::NotOffered {
        return StatusCode::NOT_FOUND.into_response();
    }
    match push(&provider, &call) {
        Ok(answer) => (StatusCode::CREATED, Json(answer)).into_response(),
        Err(error) => error.into_response(),
    }
}

fn push(provider: &ProviderState, call: &Call) -> Result<Value, OAuthError> {
    client_authentication::authenticate(provider, call)?;
    AuthorizationRequest::read(provider, &call.form).map_err(|refusal| match refusal {
        AuthorizationRefusal::Page(reason) => OAuthError::new("invalid_request", reason),
        AuthorizationRefusal::Response { error, description, .. } => OAuthError::new(error, description),
    })?;
    // The credentials are no part of the request, and nothing may show them.
    let mut pairs = call.form.clone();
    pairs.retain(|(name, _)| !matches!(name.as_str(), "client_secret" | "client_assertion"));
    let request_uri = provider.pushed_requests.keep(pairs, provider.clock.seconds());
    Ok(json!({ "request_uri": request_uri, "expires_in": REQUEST_URI_LIFETIME }))
}

/// The request that came with the browser: the one that its reference stands for, or else its own parameters. An error
/// is the text for a page.
pub(crate) fn resolve(provider: &ProviderState, pairs: &[(String, String)]) -> Result<Pairs, String> {
    let parameters = Parameters(pairs);
    let get = |name| parameters.get(name).map_err(|repeated| repeated.to_string());
    let Some(request_uri) = get("request_uri")?.filter(|uri| uri.starts_with(REQUEST_URI_PREFIX)) else {
        return match provider.settings.pushed_authorization_requests {
            PushedAuthorizationRequests::Required => Err("The request has to be pushed first.".to_owned()),
            _ => Ok(pairs.to_vec()),
        };
    };
    let client_id = get("client_id")?.map(str::to_owned);
    let pushed = provider.pushed_requests.spend(request_uri, provider.clock.seconds());
    let pushed = pushed.ok_or("The request_uri is unknown, spent or expired.")?;
    // One client only is registered here, and it pushed the request.
    if client_id.as_ref() != Some(&provider.settings.client.id) {
        return Err("The client_id is not the one that pushed the request.".to_owned());
    }
    Ok(pushed)
}
