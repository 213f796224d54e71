//! Pushed authorization requests (RFC 9126): what the client asks comes to the provider first, and the browser brings a
//! reference to it.

use std::{collections::HashMap, fmt, sync::Mutex};

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    authorization::{AuthorizationRefusal, AuthorizationRequest},
    calls::Call,
    oauth_error::OAuthError,
    parameters::Parameters,
    random::random_value,
    state::{ProviderState, Shared, lock},
    token::client_authentication,
};

/// How every reference begins (RFC 9126 §2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// How long a reference is good, in seconds.
const LIFETIME: u64 = 60;

/// Whether this provider takes pushed authorization requests.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PushedAuthorizationRequests {
    /// There is no endpoint for them.
    #[default]
    NotOffered,
    /// The metadata names the endpoint; plain requests are good too.
    Offered,
    /// No other request is taken.
    Required,
}

type Pairs = Vec<(String, String)>;

/// The requests that wait for their browser, by reference.
#[derive(Default)]
pub(crate) struct PushedRequests(Mutex<HashMap<String, (Pairs, u64)>>);

impl PushedRequests {
    fn keep(&self, pairs: Pairs, now: u64) -> String {
        let request_uri = format!("{PREFIX}{}", random_value());
        lock(&self.0).insert(request_uri.clone(), (pairs, now + LIFETIME));
        request_uri
    }

    /// The request, which is spent by this (§4).
    fn spend(&self, request_uri: &str, now: u64) -> Option<Pairs> {
        let (pairs, expires_at) = lock(&self.0).remove(request_uri)?;
        (now < expires_at).then_some(pairs)
    }
}

impl fmt::Debug for PushedRequests {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PushedRequests({})", lock(&self.0).len())
    }
}

/// `POST /par`.
pub(crate) async fn pushed_authorization_request(
    State(provider): State<Shared>,
    Extension(call): Extension<Call>,
) -> Response {
    if provider.pushed_authorization_requests == PushedAuthorizationRequests::NotOffered {
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
    Ok(json!({ "request_uri": request_uri, "expires_in": LIFETIME }))
}

/// The request that came with the browser: the one that its reference stands for, or else its own parameters. An error
/// is what a page says.
pub(crate) fn resolve(provider: &ProviderState, pairs: &[(String, String)]) -> Result<Pairs, String> {
    let parameters = Parameters(pairs);
    let get = |name| parameters.get(name).map_err(|repeated| repeated.to_string());
    let Some(request_uri) = get("request_uri")?.filter(|uri| uri.starts_with(PREFIX)) else {
        return match provider.pushed_authorization_requests {
            PushedAuthorizationRequests::Required => Err("The request has to be pushed first.".to_owned()),
            _ => Ok(pairs.to_vec()),
        };
    };
    let client_id = get("client_id")?.map(str::to_owned);
    let pushed = provider.pushed_requests.spend(request_uri, provider.clock.seconds());
    let pushed = pushed.ok_or("The request_uri is unknown, spent or expired.")?;
    // One client only is registered here, and it pushed the request.
    if client_id.as_ref() != Some(&provider.client.id) {
        return Err("The client_id is not the one that pushed the request.".to_owned());
    }
    Ok(pushed)
}
