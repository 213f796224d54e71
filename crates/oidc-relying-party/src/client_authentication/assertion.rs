//! The client assertion (OpenID Connect Core 1.0 §9, RFC 7523 §3): a JWT of our own, made anew for every request.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::error::Unspecified;
use serde_json::json;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::super::{AssertionAlgorithm, ProviderMetadata, Registration, client_key::ClientKey};

/// The value of `client_assertion_type` (RFC 7523 §2.2).
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good: for the request that it is made for, and clocks that differ a little.
const LIFETIME: Duration = Duration::MINUTE;

/// The audience of a client assertion.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AssertionAudience {
    /// The provider, by its Issuer Identifier (Core 1.0, third errata §9; FAPI 2.0 §5.3.3.1): one that another provider
    /// talked us into sending to it is good nowhere else.
    #[default]
    Issuer,
    /// The token endpoint's address, wherever the request goes: the rule of Core 1.0 until its second errata.
    TokenEndpoint,
    /// The address that the request goes to.
    Endpoint,
}

impl AssertionAudience {
    fn value<'a>(self, registration: &'a Registration, metadata: &'a ProviderMetadata, endpoint: &'a Url) -> &'a str {
        match self {
            Self::Issuer => &registration.issuer,
            Self::TokenEndpoint => metadata.token_endpoint.as_str(),
            Self::Endpoint => endpoint.as_str(),
        }
    }
}

/// A new assertion for one request to `endpoint`. Its `jti` has 128 random bits: a provider takes it once.
pub(super) fn assertion(
    (key, algorithm): (&ClientKey, AssertionAlgorithm),
    registration: &Registration,
    metadata: &ProviderMetadata,
    endpoint: &Url,
    now: OffsetDateTime,
) -> Result<String, Unspecified> {
    // `JWT`: there are providers that demand it and none that minds. `client-authentication+jwt` (RFC 7523bis) is too new to
    // be known everywhere. It guards against taking an assertion for another JWT of ours, and we sign no other JWT.
    let header = json!({ "alg": algorithm.name(), "kid": key.kid(), "typ": "JWT" });
    let issued_at = now.unix_timestamp();
    let claims = json!({
        "iss": registration.client_id,
        "sub": registration.client_id,
        "aud": registration.assertion_audience.value(registration, metadata, endpoint),
        "jti": BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()),
        "iat": issued_at,
        "exp": issued_at + LIFETIME.whole_seconds(),
    });
    let [header, claims] = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
    let input = format!("{header}.{claims}");
    let signature = key.sign(algorithm, input.as_bytes())?;
    Ok(format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

#[cfg(test)]
mod tests;
