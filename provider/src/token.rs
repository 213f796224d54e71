//! The token endpoint (Core §3.1.3, §12).

mod client_authentication;
mod code_grant;
mod refresh_grant;

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::{
    calls::Call,
    faults::{Document, edit},
    grants::{ACCESS_TOKEN_LIFETIME, Grant},
    id_token::id_token,
    oauth_error::OAuthError,
    parameters::Parameters,
    state::{ProviderState, Shared},
};

/// `POST /token`.
pub(crate) async fn token(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    match redeem(&provider, &call) {
        Ok((grant, nonce)) => Json(issue(&provider, &grant, nonce.as_deref())).into_response(),
        Err(error) => error.into_response(),
    }
}

/// The grant that the request is good for, with the nonce of the authorization request where there is one.
fn redeem(provider: &ProviderState, call: &Call) -> Result<(Grant, Option<String>), OAuthError> {
    if !call.query.is_empty() {
        let description = "parameters belong in the body, where logs do not see them";
        return Err(OAuthError::new("invalid_request", description));
    }
    client_authentication::authenticate(provider, call)?;
    let parameters = Parameters(&call.form);
    match parameters.get("grant_type")? {
        Some("authorization_code") => code_grant::redeem(provider, &parameters),
        Some("refresh_token") => refresh_grant::redeem(provider, &parameters),
        _ => Err(OAuthError::new(
            "unsupported_grant_type",
            "grant_type has to be authorization_code or refresh_token",
        )),
    }
}

/// A successful token response (Core §3.1.3.3).
fn issue(provider: &ProviderState, grant: &Grant, nonce: Option<&str>) -> Value {
    let now = provider.clock.seconds();
    let access_token = provider.grants.issue_access_token(grant.clone(), now);
    let id_token = id_token(provider, grant, nonce, &access_token);
    provider.grants.note_issued(&id_token);
    let mut response = Map::from_iter([
        ("access_token".to_owned(), json!(access_token)),
        ("token_type".to_owned(), json!("Bearer")),
        ("expires_in".to_owned(), json!(ACCESS_TOKEN_LIFETIME)),
        ("id_token".to_owned(), json!(id_token)),
        ("scope".to_owned(), json!(grant.scope.join(" "))),
    ]);
    if grant.has_scope("offline_access") {
        let refresh_token = provider.grants.issue_refresh_token(grant.clone());
        response.insert("refresh_token".to_owned(), json!(refresh_token));
    }
    edit(&provider.faults, Document::Token, &mut response);
    Value::Object(response)
}
