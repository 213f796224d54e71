//! Refreshing (Core §12, RFC 6749 §6).

use super::Redeemed;
use crate::{grants::RefreshRefusal, oauth_error::OAuthError, parameters::Parameters, state::ProviderState};

/// The grant behind the refresh token, with the scopes that are asked for.
pub(super) fn redeem(provider: &ProviderState, parameters: &Parameters<'_>) -> Result<Redeemed, OAuthError> {
    let Some(token) = parameters.get("refresh_token")? else {
        let description = "refresh_token is missing";
        return Err(OAuthError::new("invalid_request", description));
    };
    // Asked before the token is spent: a parameter that came twice is the client's mistake, not a stolen token.
    let scope = parameters.get("scope")?;
    let grant = provider
        .grants
        .refresh_token(token, provider.settings.rotate_refresh_tokens);
    let mut grant = grant.map_err(|refusal| OAuthError::new("invalid_grant", description(refusal)))?;
    if let Some(scope) = scope {
        let asked: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
        if !asked.iter().all(|scope| grant.has_scope(scope)) {
            let description = "scope was not granted";
            return Err(OAuthError::new("invalid_scope", description));
        }
        grant.scope = asked;
    }
    Ok(Redeemed::RefreshToken(grant))
}

fn description(refusal: RefreshRefusal) -> &'static str {
    match refusal {
        RefreshRefusal::Unknown => "the refresh token is unknown",
        RefreshRefusal::Revoked => "the grant was revoked",
        RefreshRefusal::Reused => "the refresh token was spent before; the grant is revoked now",
    }
}
