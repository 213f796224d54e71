//! A token of the client's own (RFC 6749 §4.4).

use super::Redeemed;
use crate::{oauth_error::OAuthError, parameters::Parameters};

/// The scopes that are asked for. Any will do: this provider knows no client that may less than another.
pub(super) fn redeem(parameters: &Parameters<'_>) -> Result<Redeemed, OAuthError> {
    let scope = parameters.get("scope")?.unwrap_or_default();
    let scope: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
    if scope.iter().any(|scope| scope == "openid") {
        let description = "nobody signs in with client credentials, so there is no openid";
        return Err(OAuthError::new("invalid_scope", description));
    }
    Ok(Redeemed::ClientCredentials(scope))
}
