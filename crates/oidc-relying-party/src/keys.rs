//! The provider's signing keys (RFC 7517), as `jwks_uri` publishes them.
//!
//! Keys come from there and from nowhere else: the members of a token's header about keys (`jku`, `jwk`, `x5u`, `x5c`)
//! are not even read.

use std::sync::Arc;

use serde_json::{Map, Value};
use url::Url;

use super::{
    Fault, IdTokenAlgorithm,
    cached::Cached,
    http::{DocumentError, HttpClient, HttpError},
    jws::Jws,
    metrics::ProviderCall,
};

/// Real key sets have 1 to 10 KB.
const SIZE_LIMIT: usize = 1024 * 1024;

/// How many keys are tried for one token: enough for any key set that is meant well, and an end to the work for others. A key
/// of another type or purpose costs nothing, and is not tried.
const CANDIDATES_LIMIT: usize = 16;

pub(super) use entry::Entry;
use verification_key::VerificationKey;

mod entry;
mod verification_key;

pub(super) type CachedKeys = Cached<SigningKeys, KeysError>;

/// A key set.
#[derive(Clone, Debug)]
pub(super) struct SigningKeys {
    /// The usable keys, in the set's order.
    usable: Vec<VerificationKey>,
    /// The names of the keys that are meant for signatures and cannot be read. `None`: one without a name.
    unreadable: Vec<Option<String>>,
}

/// Reads the key set.
pub(super) async fn read(http: &HttpClient, jwks_uri: &Url) -> Result<SigningKeys, KeysError> {
    SigningKeys::from_document(&document(http, jwks_uri).await?)
}

/// Reads the key set as it is published.
pub(super) async fn document(http: &HttpClient, jwks_uri: &Url) -> Result<Map<String, Value>, KeysError> {
    let request = || Ok::<_, KeysError>(http.get(jwks_uri));
    let answer = http.exchange(ProviderCall::Keys, SIZE_LIMIT, request).await?;
    Ok(answer.document()?)
}

/// How a token came to us. It decides which limit counts a reading of the keys that the token demands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TokenOrigin {
    /// A request brought it, and anybody can send one.
    Posted,
    /// The provider gave it to us in answer to a request of ours.
    Issued,
}

/// Verifies the signature of `jws`. When no known key does, the key set is read once more (Core 1.0 §10.1.1) and tried
/// again. Posted tokens and tokens of the provider's have budgets of their own for that, so that no stranger's token keeps
/// the keys from being read for a sign-in or a refresh.
pub(super) async fn verify<F, R>(
    cached: &CachedKeys,
    jws: &Jws<'_>,
    algorithm: IdTokenAlgorithm,
    origin: TokenOrigin,
    read: F,
) -> Result<(), VerificationError>
where
    F: Fn() -> R,
    R: Future<Output = Result<SigningKeys, KeysError>>,
{
    let keys: Arc<SigningKeys> = cached.get(&read).await?;
    // Read again also if the key with this `kid` is known: some providers change a key and keep its name.
    let Err(unverified) = keys.verify(jws, algorithm) else {
        return Ok(());
    };
    let renewed = match origin {
        TokenOrigin::Issued => cached.renew_for_issued(cached.begun(), &read).await?,
        TokenOrigin::Posted => cached.renew_for_posted(&keys, &read).await?.ok_or(unverified)?,
    };
    renewed.verify(jws, algorithm)
}

impl SigningKeys {
    /// Takes the keys that can verify a signature, and skips entries that it does not understand (RFC 7517 §5).
    pub(super) fn from_document(document: &Map<String, Value>) -> Result<Self, KeysError> {
        let keys = document
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(DocumentError::NotAnObject)?;
        let (mut usable, mut unreadable) = (Vec::new(), Vec::new());
        for entry in keys {
            match Entry::read(entry) {
                Entry::Usable(key) => usable.push(*key),
                Entry::Unreadable(name) => unreadable.push(name),
                Entry::NotForUs => {}
            }
        }
        if !unreadable.is_empty() {
            let count = unreadable.len();
            tracing::info!(
                code = "jwks_key_unreadable",
                count,
                "keys that the provider publishes cannot be read"
            );
        }
        Ok(Self { usable, unreadable })
    }

    /// Whether the token may be signed with a published key that this code cannot read.
    fn may_be_unreadable(&self, kid: Option<&str>) -> bool {
        self.unreadable
            .iter()
            .any(|name| kid.is_none() || name.as_deref() == kid)
    }

    /// With a `kid`, the keys of that name are tried; without, all keys that fit the algorithm, in the set's order.
    fn verify(&self, jws: &Jws<'_>, algorithm: IdTokenAlgorithm) -> Result<(), VerificationError> {
        let named = |key: &&VerificationKey| jws.key_id().is_none_or(|kid| key.key_id() == Some(kid));
        let mut named = self.usable.iter().filter(named).peekable();
        let is_unreadable = self.may_be_unreadable(jws.key_id());
        if named.peek().is_none() && !is_unreadable {
            return Err(VerificationError::UnknownKey);
        }
        let mut fitting = named.filter(|key| key.fits(algorithm)).take(CANDIDATES_LIMIT);
        if fitting.any(|key| key.verifies(algorithm, jws.signing_input().as_bytes(), jws.signature())) {
            return Ok(());
        }
        Err(match jws.key_id() {
            _ if is_unreadable => VerificationError::UnreadableKey,
            Some(_) => VerificationError::Signature,
            None => VerificationError::NoKeyFits,
        })
    }
}

/// Why there are no keys.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeysError {
    /// No answer.
    #[error("the provider's keys could not be read")]
    Http(#[from] HttpError),
    /// An answer that is not a key set.
    #[error("the provider's key set is not a usable document")]
    Document(#[from] DocumentError),
}

impl KeysError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Document(DocumentError::Status(_)) => "jwks_status",
            Self::Document(DocumentError::MediaType(_)) => "jwks_media_type",
            Self::Document(DocumentError::Encoded | DocumentError::NotAnObject) => "jwks_malformed",
        }
    }

    /// The party at fault.
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
    #[error("the provider publishes no key with the kid of the token")]
    UnknownKey,
    #[error("the provider publishes the key in a form that cannot be read")]
    UnreadableKey,
    #[error("the provider's key with the kid of the token does not verify the signature")]
    Signature,
    #[error("the token has no kid, and none of the provider's keys verifies the signature")]
    NoKeyFits,
}

#[cfg(test)]
mod tests;
