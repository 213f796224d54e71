//! Refreshing (Core §12, RFC 6749 §6): the refresh token is rotated.

use crate::{grants::Grant, oauth_error::OAuthError, parameters::Parameters, state::ProviderState};

/// The grant behind the refresh token. An ID Token issued for it has no nonce (Core §12.2).
pub(super) fn redeem(
    provider: &ProviderState,
    parameters: &Parameters<'_>,
) -> Result<(Grant, Option<String>), OAuthError> {
    let Some(token) = parameters.get("refresh_token")? else {
        let description = "refresh_token is missing";
        return Err(OAuthError::new("invalid_request", description));
    };
    // Asked before the token is spent: a scope that was never granted is the client's mistake, not a stolen token.
    let scope = parameters.get("scope")?;
    let Some(mut grant) = provider.grants.spend_refresh_token(token) else {
        let description = "the refresh token is unknown or spent";
        return Err(OAuthError::new("invalid_grant", description));
    };
    if let Some(scope) = scope {
        let asked: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
        if !asked.iter().all(|scope| grant.has_scope(scope)) {
            let description = "scope was not granted";
            return Err(OAuthError::new("invalid_scope", description));
        }
        grant.scope = asked;
    }
    Ok((grant, None))
}
