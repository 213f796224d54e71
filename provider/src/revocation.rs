//! The revocation endpoint (RFC 7009 §2).

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    calls::Call,
    oauth_error::OAuthError,
    parameters::Parameters,
    state::{ProviderState, Shared},
    token::client_authentication,
};

/// `POST /revoke`. The hint is not needed: no two tokens are alike here.
pub(crate) async fn revocation(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    match revoke(&provider, &call) {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => error.into_response(),
    }
}

fn revoke(provider: &ProviderState, call: &Call) -> Result<(), OAuthError> {
    client_authentication::authenticate(provider, call)?;
    let token = Parameters(&call.form).get("token")?;
    let token = token.ok_or_else(|| OAuthError::new("invalid_request", "token is missing"))?;
    provider.grants.revoke(token);
    Ok(())
}
