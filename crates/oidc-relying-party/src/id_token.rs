//! ID Token validation (OpenID Connect Core 1.0 §3.1.3.7).
//!
//! The signature is verified although the token came from the provider over TLS, where the specification would let us off.
//! `ring` verifies the signature. The checks around it are here, all on the payload as it was signed,
//! because openidconnect's own verifier reads every optional claim strictly (it refuses a whole token for
//! `"email_verified": "true"`) and knows neither leeway, `nbf`, `azp` nor duplicate members.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::digest;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    AuthenticationWanted, ClockOffset, KeysError, Registration,
    jws::Jws,
    keys::{self, CachedKeys, SigningKeys, TokenOrigin},
};

pub use algorithm::{IdTokenAlgorithm, RefusedAlgorithm, UnknownIdTokenAlgorithm};
pub use id_token_error::IdTokenError;

mod algorithm;
pub(super) mod claims;
mod id_token_error;

/// The values that an ID Token has to agree with.
#[derive(Clone, Copy)]
pub(super) struct Expectations<'a> {
    pub(super) registration: &'a Registration,
    /// From the settings or the provider's metadata; never from the token.
    pub(super) algorithms: &'a [IdTokenAlgorithm],
    pub(super) nonce: NonceRule<'a>,
    /// The demands of the authorization request on the authentication.
    pub(super) wanted: Option<&'a AuthenticationWanted>,
    pub(super) now: OffsetDateTime,
}

impl Expectations<'_> {
    /// The same by a clock that is so far from ours.
    pub(super) fn by_clock(&self, offset: ClockOffset) -> Self {
        Self {
            now: self.now.saturating_add(offset.ahead),
            ..*self
        }
    }
}

/// The permitted `nonce`.
#[derive(Clone, Copy)]
pub(super) enum NonceRule<'a> {
    /// A login's own, and present (Core 1.0 §3.1.3.7).
    Equal(&'a SecretString),
    /// Absent, or the same as in the ID Token before, if that had one (Core 1.0 §12.2).
    AbsentOr(Option<&'a str>),
}

/// The content of a verified ID Token.
#[derive(Debug)]
pub(super) struct VerifiedIdToken {
    pub(super) subject: String,
    pub(super) sid: Option<String>,
    /// The whole payload.
    pub(super) claims: Map<String, Value>,
    /// The algorithm that its header names.
    pub(super) algorithm: IdTokenAlgorithm,
    /// Whether it has `at_hash`, and the access token fits it.
    pub(super) at_hash: bool,
}

/// Verifies an ID Token that came together with `access_token`.
pub(super) async fn verify<F, R>(
    id_token: &SecretString,
    access_token: &SecretString,
    expected: &Expectations<'_>,
    cached_keys: &CachedKeys,
    read_keys: F,
) -> Result<VerifiedIdToken, IdTokenError>
where
    F: Fn() -> R,
    R: Future<Output = Result<SigningKeys, KeysError>>,
{
    let (jws, algorithm) = parse(id_token, expected)?;
    keys::verify(cached_keys, &jws, algorithm, TokenOrigin::Issued, read_keys).await?;
    let claims = jws.claims()?;
    let (subject, sid) = claims::check(&claims, expected)?;
    let at_hash = check_access_token_hash(&claims, access_token, algorithm)?;
    Ok(VerifiedIdToken {
        subject,
        sid,
        claims,
        algorithm,
        at_hash,
    })
}

/// The claims of an ID Token whose signature cannot be judged, because its key is unknown or its time uncertain. All
/// other checks run, and the claims may only count against it. Use them for nothing else.
pub(super) fn unverified(
    id_token: &SecretString,
    expected: &Expectations<'_>,
) -> Result<VerifiedIdToken, IdTokenError> {
    let (jws, algorithm) = parse(id_token, expected)?;
    let claims = jws.claims()?;
    let (subject, sid) = claims::check(&claims, expected)?;
    Ok(VerifiedIdToken {
        subject,
        sid,
        claims,
        algorithm,
        at_hash: false,
    })
}

/// The token taken apart, with the allowed algorithm that it names.
fn parse<'a>(
    id_token: &'a SecretString,
    expected: &Expectations<'_>,
) -> Result<(Jws<'a>, IdTokenAlgorithm), IdTokenError> {
    let jws = Jws::parse(id_token.expose_secret())?;
    // RFC 8725 §3.11: tokens of another kind are none of ours, however well they are signed.
    if !matches!(jws.kind()?.as_deref(), None | Some("jwt" | "jose")) {
        return Err(IdTokenError::Kind);
    }
    let algorithm = algorithm(&jws, expected.algorithms)?;
    Ok((jws, algorithm))
}

/// The allowed algorithm that the header names.
pub(super) fn algorithm(jws: &Jws<'_>, allowed: &[IdTokenAlgorithm]) -> Result<IdTokenAlgorithm, IdTokenError> {
    let named = |algorithm: &&IdTokenAlgorithm| Some(algorithm.name()) == jws.algorithm();
    let refused = || IdTokenError::Algorithm(RefusedAlgorithm::of(jws.algorithm()));
    allowed.iter().find(named).copied().ok_or_else(refused)
}

/// Core 1.0 §3.1.3.8: where `at_hash` is present, the access token has to be the one that it was made for. The hash is the
/// left half of the token's digest, by the digest of the ID Token's algorithm. Says whether it is present.
fn check_access_token_hash(
    claims: &Map<String, Value>,
    access_token: &SecretString,
    algorithm: IdTokenAlgorithm,
) -> Result<bool, IdTokenError> {
    let Some(claimed) = claims.get("at_hash") else {
        return Ok(false);
    };
    let digest = digest::digest(algorithm.digest(), access_token.expose_secret().as_bytes());
    let (left, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
    if claimed.as_str() == Some(BASE64_URL_SAFE_NO_PAD.encode(left).as_str()) {
        Ok(true)
    } else {
        Err(IdTokenError::AccessTokenHash)
    }
}

#[cfg(test)]
mod tests;
