//! Redeeming a grant: the token request, the ID Token, userinfo. Nothing that an earlier one gave is used before it is
//! verified (RFC 9700 §4.5.3.2).

use std::time::Duration;

use time::OffsetDateTime;

use super::{
    AccessToken, Authentication, AuthorizationGrant, ClientAuthentication, DiscoveryError, Fault, IdTokenAlgorithm,
    IdTokenError, Inner, ProviderMetadata, RelyingParty, TokenRequestError, TokenSet, UserinfoError,
    id_token::{self, Expectations, NonceRule, VerifiedIdToken},
    keys,
    token_request::{self, TokenResponse},
    userinfo,
};

/// How a grant was redeemed, for people to see. It has algorithms and times, and no value of the exchange.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Redemption {
    /// How this client authenticated at the token endpoint.
    pub client_authentication: ClientAuthentication,
    /// The time from the token request to its answer.
    pub token_request: Duration,
    /// The signature algorithm of the ID Token.
    pub algorithm: IdTokenAlgorithm,
    /// Whether the ID Token has `at_hash`. The access token then fits it (OpenID Connect Core §3.1.3.8).
    pub at_hash: bool,
    /// The time that the checks of the ID Token took. Where the signing keys were not known, they were read meanwhile.
    pub id_token_checks: Duration,
    /// The time from the request to the userinfo endpoint to its answer. `None`: nothing was asked there.
    pub userinfo: Option<Duration>,
}

impl RelyingParty {
    /// Redeems a grant: one token request, then the ID Token's checks, and only then userinfo.
    ///
    /// # Errors
    /// If any of these fails. No token of the answer is used then.
    pub async fn redeem(&self, grant: AuthorizationGrant) -> Result<Authentication, RedeemError> {
        let (inner, metadata) = self.with_provider().await?;
        let begun = inner.clock.now();
        let response = token_request::redeem(&inner, &metadata, &grant, begun).await?;
        let token_request = time_since(&inner, begun);
        authenticate(&inner, &metadata, &grant, response, token_request).await
    }
}

/// Zero where the clock was put back meanwhile.
fn time_since(inner: &Inner, then: OffsetDateTime) -> Duration {
    (inner.clock.now() - then).try_into().unwrap_or_default()
}

async fn authenticate(
    inner: &Inner,
    metadata: &ProviderMetadata,
    grant: &AuthorizationGrant,
    response: TokenResponse,
    token_request: Duration,
) -> Result<Authentication, RedeemError> {
    let Inner {
        registration, clock, ..
    } = inner;
    let tokens = response.token_set()?;
    let received = clock.now();
    let expected = Expectations {
        registration,
        algorithms: &metadata.id_token_algorithms,
        nonce: NonceRule::Equal(&grant.nonce),
        wanted: Some(&grant.wanted),
        now: received,
    };
    let id_token = verified(inner, metadata, &tokens, &expected).await?;
    let mut redemption = Redemption {
        client_authentication: metadata.client_authentication.method,
        token_request,
        algorithm: id_token.algorithm,
        at_hash: id_token.at_hash,
        id_token_checks: time_since(inner, received),
        userinfo: None,
    };
    let userinfo = match metadata.userinfo_endpoint.as_ref().filter(|_| registration.userinfo) {
        Some(endpoint) => {
            let access_token = AccessToken {
                token: tokens.access_token.clone(),
                dpop_key: tokens.dpop_key.clone(),
            };
            let asked = clock.now();
            let userinfo = userinfo::read(inner, metadata, endpoint, &access_token, &id_token.subject).await?;
            redemption.userinfo = Some(time_since(inner, asked));
            Some(userinfo)
        }
        None => None,
    };
    Ok(Authentication::new(
        registration.issuer.clone(),
        id_token,
        userinfo,
        tokens,
        redemption,
    ))
}

/// A token whose times fit the provider's clock and not ours is refused all the same, because signed times are taken
/// literally. The error says that the clocks differ.
async fn verified(
    inner: &Inner,
    metadata: &ProviderMetadata,
    tokens: &TokenSet,
    expected: &Expectations<'_>,
) -> Result<VerifiedIdToken, IdTokenError> {
    let read_keys = || keys::read(&inner.http, &metadata.jwks_uri);
    let (id_token, access_token) = (&tokens.id_token, &tokens.access_token);
    let error = match id_token::verify(id_token, access_token, expected, &inner.keys, read_keys).await {
        Err(error) if error.is_about_time() => error,
        outcome => return outcome,
    };
    let Some(offset) = inner.http.clock.offset() else {
        return Err(error);
    };
    let expected = expected.by_clock(offset);
    match id_token::verify(id_token, access_token, &expected, &inner.keys, read_keys).await {
        Ok(_) => Err(IdTokenError::ClocksDiffer(offset.ahead.whole_seconds())),
        Err(_) => Err(error),
    }
}

/// Why a grant gave no authentication.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RedeemError {
    /// There is no metadata.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The token request failed.
    #[error(transparent)]
    TokenRequest(#[from] TokenRequestError),
    /// The ID Token is not believed.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    /// Userinfo failed.
    #[error(transparent)]
    Userinfo(#[from] UserinfoError),
}

impl RedeemError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::TokenRequest(error) => error.code(),
            Self::IdToken(error) => error.code(),
            Self::Userinfo(error) => error.code(),
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Discovery(error) => error.fault(),
            Self::TokenRequest(error) => error.fault(),
            Self::IdToken(error) => error.fault(),
            Self::Userinfo(error) => error.fault(),
        }
    }
}

#[cfg(test)]
mod tests;
