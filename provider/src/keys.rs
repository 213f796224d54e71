//! The provider's signing keys: made at start, or kept by a snapshot.

mod ed25519;
mod four_kinds;
mod p256;

use std::{
    fmt,
    sync::{Arc, LazyLock, Mutex},
};

use openidconnect::{
    JsonWebKey, JsonWebKeyId, PrivateSigningKey,
    core::{CoreJsonWebKey, CoreRsaPrivateSigningKey},
};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey},
    pkcs8::{EncodePublicKey, LineEnding},
    rand_core::OsRng,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{lock::lock, random::random_value};

/// Making a key takes a while and no test depends on the key's value, so all providers of a process
/// share the keys: first to last in the order of their use.
static SHARED: Mutex<Vec<Arc<SigningKey>>> = Mutex::new(Vec::new());

/// Held while a key of [`SHARED`] is made. A provider that signs with another key does not wait.
static MAKING: Mutex<()> = Mutex::new(());

/// The place of the key that no provider ever publishes.
const FOREIGN: usize = 1;

/// Half the size that RFC 7518 §3.3 demands.
static SHORT: LazyLock<Arc<SigningKey>> = LazyLock::new(|| Arc::new(rsa(1024)));

static P256: LazyLock<Arc<SigningKey>> = LazyLock::new(|| Arc::new(p256::generate()));

static ED25519: LazyLock<Arc<SigningKey>> = LazyLock::new(|| Arc::new(ed25519::generate()));

pub(crate) use self::four_kinds::among_four_kinds;

/// A private key with its `kid`.
pub(crate) struct SigningKey {
    pub(crate) private: Box<Private>,
    /// The SPKI PEM of an RSA key's public half, the text that a confused verifier takes as an HMAC secret.
    pub(crate) public_pem: String,
    /// An RSA key as PKCS#1 PEM. Empty for another key.
    private_pem: String,
}

type Private = dyn PrivateSigningKey<VerificationKey = CoreJsonWebKey> + Send + Sync;

impl SigningKey {
    /// The public half as openidconnect's key type.
    pub(crate) fn public(&self) -> CoreJsonWebKey {
        self.private.as_verification_key()
    }

    /// The public half as a JWK (RFC 7517).
    pub(crate) fn jwk(&self) -> Value {
        json!(self.public())
    }

    /// The value of the `kid` header of a signature.
    pub(crate) fn kid(&self) -> String {
        let public = self.public();
        public.key_id().map(|kid| kid.to_string()).unwrap_or_default()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKey({})", self.kid())
    }
}

/// Which of the process's keys this provider uses.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    rotations: Mutex<usize>,
    /// In place of the first shared key: the one that an earlier process signed with last.
    first: Option<Arc<SigningKey>>,
    /// The keys that earlier processes signed with before, newest first.
    older: Vec<Arc<SigningKey>>,
}

/// How many keys before the present one are kept for the next process.
const OLDER: usize = 4;

/// A key for the next process.
#[derive(Deserialize, Serialize)]
pub(crate) struct KeptKey {
    pem: String,
    kid: String,
}

impl KeptKey {
    fn of(key: &SigningKey) -> Self {
        Self {
            pem: key.private_pem.clone(),
            kid: key.kid(),
        }
    }

    fn key(&self) -> Option<Arc<SigningKey>> {
        let key = RsaPrivateKey::from_pkcs1_pem(&self.pem).ok()?;
        Some(Arc::new(with_kid(&key, JsonWebKeyId::new(self.kid.clone()))))
    }
}

impl Keys {
    /// None where a key is of no use.
    pub(crate) fn restored(kept: &KeptKey, older: &[KeptKey]) -> Option<Self> {
        Some(Self {
            first: Some(kept.key()?),
            older: older.iter().map(KeptKey::key).collect::<Option<_>>()?,
            ..Self::default()
        })
    }

    /// The key that signs, for the next process.
    pub(crate) fn kept(&self) -> KeptKey {
        KeptKey::of(&self.current())
    }

    /// The keys that signed before it, newest first, for the next process.
    pub(crate) fn kept_older(&self) -> Vec<KeptKey> {
        let older = self.all().into_iter().skip(1).take(OLDER);
        older.map(|key| KeptKey::of(&key)).collect()
    }

    /// The key that signs.
    pub(crate) fn current(&self) -> Arc<SigningKey> {
        let rotation = *lock(&self.rotations);
        self.of_rotation(rotation)
    }

    fn of_rotation(&self, rotation: usize) -> Arc<SigningKey> {
        match &self.first {
            Some(first) if rotation == 0 => Arc::clone(first),
            _ => shared(place(rotation)),
        }
    }

    /// Every key that has signed, newest first. An ID Token may come back as a hint long after its key has left the JWKS.
    pub(crate) fn all(&self) -> Vec<Arc<SigningKey>> {
        let newest_first = (0..=*lock(&self.rotations)).rev();
        let own = newest_first.map(|rotation| self.of_rotation(rotation));
        own.chain(self.older.iter().cloned()).collect()
    }

    /// The keys of the JWKS: the current key, and the one before it, so that its signatures can still be verified.
    pub(crate) fn published(&self) -> Vec<Arc<SigningKey>> {
        let rotations = *lock(&self.rotations);
        let oldest = rotations.saturating_sub(1);
        let newest_first = (oldest..=rotations).rev();
        newest_first.map(|rotation| self.of_rotation(rotation)).collect()
    }

    /// From now on another key signs.
    pub(crate) fn rotate(&self) {
        // Made before the lock is taken, so that the present key signs meanwhile. Two rotations at once are one.
        let next = *lock(&self.rotations) + 1;
        shared(place(next));
        let mut rotations = lock(&self.rotations);
        *rotations = next.max(*rotations);
    }
}

/// An RSA key that no provider of this process publishes: an attacker's.
pub(crate) fn foreign() -> Arc<SigningKey> {
    shared(FOREIGN)
}

/// An RSA key of 1024 bits.
pub(crate) fn short() -> Arc<SigningKey> {
    Arc::clone(&SHORT)
}

/// A key for `EdDSA`.
pub(crate) fn ed25519() -> Arc<SigningKey> {
    Arc::clone(&ED25519)
}

/// A key for ES256.
pub(crate) fn p256() -> Arc<SigningKey> {
    Arc::clone(&P256)
}

fn place(rotations: usize) -> usize {
    if rotations < FOREIGN { rotations } else { rotations + 1 }
}

fn shared(place: usize) -> Arc<SigningKey> {
    if let Some(key) = made(place) {
        return key;
    }
    let _one_at_a_time = lock(&MAKING);
    loop {
        if let Some(key) = made(place) {
            return key;
        }
        let key = Arc::new(rsa(2048));
        lock(&SHARED).push(key);
    }
}

fn made(place: usize) -> Option<Arc<SigningKey>> {
    lock(&SHARED).get(place).cloned()
}

/// A new key of that many bits. Takes a good part of a second.
fn rsa(bits: usize) -> SigningKey {
    let key = RsaPrivateKey::new(&mut OsRng, bits).expect("an RSA key can be made");
    with_kid(&key, fresh_kid())
}

fn with_kid(key: &RsaPrivateKey, kid: JsonWebKeyId) -> SigningKey {
    let pem = key.to_pkcs1_pem(LineEnding::LF).expect("a fresh key has a PEM form");
    let public_pem = RsaPublicKey::from(key)
        .to_public_key_pem(LineEnding::LF)
        .expect("a fresh key has a PEM form");
    let private = CoreRsaPrivateSigningKey::from_pem(&pem, Some(kid)).expect("the PEM form was just written");
    SigningKey {
        private: Box::new(private),
        public_pem,
        private_pem: pem.to_string(),
    }
}

fn fresh_kid() -> JsonWebKeyId {
    JsonWebKeyId::new(random_value().split_off(31))
}
