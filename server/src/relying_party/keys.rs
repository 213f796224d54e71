//! The provider's signing keys (RFC 7517), as `jwks_uri` publishes them.
//!
//! Keys come from there and from nowhere else: what a token's header says about keys (`jku`, `jwk`, `x5u`, `x5c`) is not
//! even read.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Fault,
    cached::Cached,
    http::{DocumentError, HttpClient, HttpError},
    jws::Jws,
};

/// Real key sets have 1 to 10 KB.
const SIZE_LIMIT: usize = 1024 * 1024;

/// How many keys are tried for one token: enough for any key set that is meant well, and an end to the work for others.
const CANDIDATES_LIMIT: usize = 16;

/// RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used".
const RSA_MODULUS_BITS: usize = 2048;

pub(super) type CachedKeys = Cached<SigningKeys, KeysError>;

/// The usable keys of a key set, in its order.
#[derive(Clone, Debug)]
pub(super) struct SigningKeys(Vec<CoreJsonWebKey>);

/// Reads the key set.
pub(super) async fn read(http: &HttpClient, jwks_uri: &Url) -> Result<SigningKeys, KeysError> {
    SigningKeys::from_document(&document(http, jwks_uri).await?)
}

/// Reads the key set as it is published.
pub(super) async fn document(http: &HttpClient, jwks_uri: &Url) -> Result<Map<String, Value>, KeysError> {
    let request = || Ok::<_, KeysError>(http.get(jwks_uri));
    let answer = http.exchange(SIZE_LIMIT, request).await?;
    Ok(answer.document(&["application/json", "application/jwk-set+json"])?)
}

/// How a token came to us. It says who pays for a reading of the keys that the token demands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TokenOrigin {
    /// Somebody posted it, and anybody can.
    Posted,
    /// The provider gave it to us in answer to a request of ours.
    Issued,
}

/// The key that verifies `jws`. When no known key does, and the header leaves open that a new one might, the key set is
/// read once more (Core 1.0 §10.1.1) and tried again. Posted tokens and tokens of the provider's have budgets of their own
/// for that, so that no stranger's token keeps the keys from being read for a sign-in or a refresh.
pub(super) async fn verifying_key<F, R>(
    cached: &CachedKeys,
    jws: &Jws<'_>,
    algorithm: &CoreJwsSigningAlgorithm,
    origin: TokenOrigin,
    read: F,
) -> Result<CoreJsonWebKey, VerificationError>
where
    F: Fn() -> R,
    R: Future<Output = Result<SigningKeys, KeysError>>,
{
    let keys: Arc<SigningKeys> = cached.get(&read).await?;
    let unverified = match keys.verify(jws, algorithm) {
        // A known `kid` names its key, and nothing that the provider published since would change the verdict.
        settled @ (Ok(_) | Err(VerificationError::Signature)) => return settled,
        Err(unverified) => unverified,
    };
    let renewed = match origin {
        TokenOrigin::Issued => cached.renew_for_issued(cached.begun(), &read).await?,
        TokenOrigin::Posted => cached.renew_for_posted(&keys, &read).await?.ok_or(unverified)?,
    };
    renewed.verify(jws, algorithm)
}

impl SigningKeys {
    /// Takes what can verify a signature. RFC 7517 §5: what is not understood is skipped, and the rest stays good.
    pub(super) fn from_document(document: &Map<String, Value>) -> Result<Self, KeysError> {
        let keys = document
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(DocumentError::NotAnObject)?;
        Ok(Self(keys.iter().filter_map(usable).collect()))
    }

    /// With a `kid`, the keys of that name are tried; without, all keys in the set's order.
    fn verify(&self, jws: &Jws<'_>, algorithm: &CoreJwsSigningAlgorithm) -> Result<CoreJsonWebKey, VerificationError> {
        let named = |key: &&CoreJsonWebKey| {
            jws.key_id()
                .is_none_or(|kid| key.key_id().is_some_and(|name| name.as_str() == kid))
        };
        let mut candidates = self.0.iter().filter(named).take(CANDIDATES_LIMIT).peekable();
        if candidates.peek().is_none() {
            return Err(VerificationError::UnknownKey);
        }
        // `verify_signature` compares the key's type, use and algorithm with `algorithm` before it computes anything.
        candidates
            .find(|key| {
                key.verify_signature(algorithm, jws.signing_input().as_bytes(), jws.signature())
                    .is_ok()
            })
            .cloned()
            .ok_or(if jws.key_id().is_some() {
                VerificationError::Signature
            } else {
                VerificationError::NoKeyFits
            })
    }
}

/// A key that may verify signatures, or `None`. What openidconnect does not look at is looked at here: `key_ops`, the size
/// of an RSA modulus, and that the key is a public one at all.
pub(super) fn usable(entry: &Value) -> Option<CoreJsonWebKey> {
    match entry.get("kty")?.as_str()? {
        "RSA" if modulus_bits(entry.get("n")?.as_str()?)? < RSA_MODULUS_BITS => return None,
        "RSA" | "EC" | "OKP" => {}
        // `oct`: a secret that everybody can read is none.
        _ => return None,
    }
    if let Some(operations) = entry.get("key_ops")
        && !operations.as_array()?.iter().any(|operation| operation == "verify")
    {
        return None;
    }
    serde_json::from_value(entry.clone()).ok()
}

fn modulus_bits(modulus: &str) -> Option<usize> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(modulus.trim_end_matches('=')).ok()?;
    let start = bytes.iter().position(|byte| *byte != 0)?;
    let bits = (bytes.len() - start) * 8;
    Some(bits - bytes[start].leading_zeros() as usize)
}

/// Why there are no keys.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeysError {
    /// No answer.
    #[error("the provider's keys could not be read")]
    Http(#[from] HttpError),
    /// An answer that is not a key set.
    #[error("the provider's key set is not the document it should be")]
    Document(#[from] DocumentError),
}

impl KeysError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Document(DocumentError::Status(_)) => "jwks_status",
            Self::Document(DocumentError::MediaType) => "jwks_media_type",
            Self::Document(DocumentError::NotAnObject) => "jwks_malformed",
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Http(error) => error.fault(),
            Self::Document(error) => error.fault(),
        }
    }
}

/// Why no key verifies a signature.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum VerificationError {
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("the provider publishes no key of that name")]
    UnknownKey,
    #[error("the signature is not by the key of the provider that the token names")]
    Signature,
    #[error("the signature is by none of the provider's keys, and the token names none")]
    NoKeyFits,
}

#[cfg(test)]
mod tests;
