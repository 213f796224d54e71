//! A key of the set that verifies signatures.
//!
//! openidconnect reads a key and the words about its purpose. `ring` verifies with it: `ring` is in the process for TLS
//! already, needs a fraction of the time of the crates under openidconnect, and takes RSA keys of up to 8192 bits.

use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyUse, core::CoreJsonWebKey};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};

use crate::IdTokenAlgorithm;

/// A key, and the octets that `ring` verifies with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct VerificationKey {
    pub(super) jwk: CoreJsonWebKey,
    pub(super) numbers: Numbers,
}

/// The numbers of a public key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Numbers {
    /// Both without leading zeros.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// An uncompressed point (SEC 1 §2.3.3).
    P256(Vec<u8>),
    /// An uncompressed point.
    P384(Vec<u8>),
    /// 32 octets (RFC 8032 §5.1.5).
    Ed25519(Vec<u8>),
}

impl VerificationKey {
    /// The name of the key.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.jwk.key_id().map(|name| name.as_str())
    }

    /// Whether the key is for signatures with this algorithm, by its purpose, its algorithm and its type.
    pub(super) fn fits(&self, algorithm: IdTokenAlgorithm) -> bool {
        self.is_meant_for(algorithm) && self.numbers.fit(algorithm)
    }

    /// Whether `signature` is one of this key over `signed`. A key that does not fit the algorithm has none, and nothing is
    /// computed.
    pub(super) fn verifies(&self, algorithm: IdTokenAlgorithm, signed: &[u8], signature: &[u8]) -> bool {
        self.fits(algorithm) && self.numbers.verify(algorithm, signed, signature)
    }

    /// By its `use` and its `alg` (RFC 7517 §4.2, §4.4), where they are there.
    fn is_meant_for(&self, algorithm: IdTokenAlgorithm) -> bool {
        let is_for_signatures = self.jwk.key_use().is_none_or(JsonWebKeyUse::allows_signature);
        let is_for_this_algorithm = match self.jwk.signing_alg() {
            JsonWebKeyAlgorithm::Unspecified => true,
            JsonWebKeyAlgorithm::Algorithm(only) => *only == algorithm.jws(),
            JsonWebKeyAlgorithm::Unsupported => false,
        };
        is_for_signatures && is_for_this_algorithm
    }
}

impl Numbers {
    fn fit(&self, algorithm: IdTokenAlgorithm) -> bool {
        match self {
            Self::Rsa { .. } => rsa(algorithm).is_some(),
            Self::P256(_) => algorithm == IdTokenAlgorithm::Es256,
            Self::P384(_) => algorithm == IdTokenAlgorithm::Es384,
            Self::Ed25519(_) => algorithm == IdTokenAlgorithm::EdDsa,
        }
    }

    fn verify(&self, algorithm: IdTokenAlgorithm, signed: &[u8], signature: &[u8]) -> bool {
        let verified = match (self, algorithm) {
            (Self::Rsa { modulus, exponent }, _) => {
                let Some(parameters) = rsa(algorithm) else {
                    return false;
                };
                let key = RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(parameters, signed, signature)
            }
            (Self::P256(point), IdTokenAlgorithm::Es256) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            (Self::P384(point), IdTokenAlgorithm::Es384) => {
                UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point).verify(signed, signature)
            }
            (Self::Ed25519(key), IdTokenAlgorithm::EdDsa) => {
                UnparsedPublicKey::new(&signature::ED25519, key).verify(signed, signature)
            }
            (Self::P256(_) | Self::P384(_) | Self::Ed25519(_), _) => return false,
        };
        verified.is_ok()
    }
}

/// `None`: the algorithm is none of RSA. Each takes keys of 2048 to 8192 bits, and those of PSS a salt of the length of
/// the digest (RFC 7518 §3.5).
fn rsa(algorithm: IdTokenAlgorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        IdTokenAlgorithm::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        IdTokenAlgorithm::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        IdTokenAlgorithm::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        IdTokenAlgorithm::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        IdTokenAlgorithm::Ps384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        IdTokenAlgorithm::Ps512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        IdTokenAlgorithm::Es256 | IdTokenAlgorithm::Es384 | IdTokenAlgorithm::EdDsa => None,
    }
}
