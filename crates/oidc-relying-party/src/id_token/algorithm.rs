//! The signature algorithms of ID Tokens.

use std::{fmt, str::FromStr};

use openidconnect::core::CoreJwsSigningAlgorithm;
use ring::digest;

use crate::named::named;

named! {
    /// An algorithm that an ID Token may be signed with (RFC 7518 §3.1, RFC 8037).
    ///
    /// Only asymmetric ones exist here, so `none` and the HMAC family cannot even be configured: a provider's public key can
    /// never be taken for a MAC key (RFC 8725 §2.1).
    #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
    pub enum IdTokenAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256. Every provider has to offer it.
        Rs256 = "RS256",
        /// RSASSA-PKCS1-v1_5 with SHA-384.
        Rs384 = "RS384",
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        Rs512 = "RS512",
        /// RSASSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// RSASSA-PSS with SHA-384.
        Ps384 = "PS384",
        /// RSASSA-PSS with SHA-512.
        Ps512 = "PS512",
        /// ECDSA on P-256 with SHA-256.
        Es256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        Es384 = "ES384",
        /// `EdDSA` on Ed25519.
        EdDsa = "EdDSA",
    }
}

impl IdTokenAlgorithm {
    pub(crate) fn jws(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            Self::Rs384 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
            Self::Rs512 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
            Self::Ps256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            Self::Ps384 => CoreJwsSigningAlgorithm::RsaSsaPssSha384,
            Self::Ps512 => CoreJwsSigningAlgorithm::RsaSsaPssSha512,
            Self::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Self::Es384 => CoreJwsSigningAlgorithm::EcdsaP384Sha384,
            Self::EdDsa => CoreJwsSigningAlgorithm::EdDsa,
        }
    }

    /// The digest inside of it. That of Ed25519 is SHA-512 (RFC 8032 §5.1).
    pub(super) fn digest(self) -> &'static digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 => &digest::SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => &digest::SHA384,
            Self::Rs512 | Self::Ps512 | Self::EdDsa => &digest::SHA512,
        }
    }
}

/// The algorithm of a token that was refused for it. The name is one of ours: the token may be a stranger's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RefusedAlgorithm {
    /// An algorithm that a setting can allow.
    Settable(IdTokenAlgorithm),
    /// An algorithm that is never accepted.
    Never(&'static str),
}

impl RefusedAlgorithm {
    /// The algorithm of this name in a header. `None`: the header names no algorithm.
    pub(crate) fn of(name: Option<&str>) -> Self {
        /// RFC 7518 §3.1 and RFC 8812 §3.2: all that IANA lists and that is not in [`IdTokenAlgorithm::ALL`].
        const OTHERS: [&str; 7] = ["none", "HS256", "HS384", "HS512", "ES512", "ES256K", "Ed448"];
        let Some(name) = name else {
            return Self::Never("an algorithm that its header does not name");
        };
        if let Ok(algorithm) = name.parse() {
            return Self::Settable(algorithm);
        }
        let known = OTHERS.into_iter().find(|other| *other == name);
        Self::Never(known.unwrap_or("an algorithm of an unknown name"))
    }
}

impl fmt::Display for RefusedAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settable(algorithm) => {
                let name = algorithm.name();
                write!(formatter, "{name}, and BFF_ID_TOKEN_ALGORITHMS can take {name}")
            }
            Self::Never(name) => write!(formatter, "{name}, and no setting takes that"),
        }
    }
}

/// A name that is not an algorithm an ID Token may be signed with.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA")]
pub struct UnknownIdTokenAlgorithm;

impl FromStr for IdTokenAlgorithm {
    type Err = UnknownIdTokenAlgorithm;

    /// Reads the name as it stands in a JOSE header; case matters there (RFC 7515 §4.1.1).
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or(UnknownIdTokenAlgorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IDT-02
    #[test]
    fn a_refused_algorithm_is_named_in_our_words_with_the_setting_that_takes_it() {
        let said = |name: Option<&str>| RefusedAlgorithm::of(name).to_string();
        assert_eq!(said(Some("ES256")), "ES256, and BFF_ID_TOKEN_ALGORITHMS can take ES256");
        assert_eq!(said(Some("HS256")), "HS256, and no setting takes that");
        for (name, expected) in [
            (
                Some("ES256\n"),
                "an algorithm of an unknown name, and no setting takes that",
            ),
            (
                None,
                "an algorithm that its header does not name, and no setting takes that",
            ),
        ] {
            assert_eq!(said(name), expected);
        }
    }

    /// IDT-03, IDT-04, SEC-03
    ///
    /// Without HMAC, a client secret that is too short for an HMAC key is never used as one (SEC-03).
    #[test]
    fn none_and_hmac_cannot_be_configured() {
        for name in [
            "none", "None", "HS256", "HS384", "HS512", "rs256", "RS256 ", "", "ES512",
        ] {
            assert_eq!(name.parse::<IdTokenAlgorithm>(), Err(UnknownIdTokenAlgorithm), "{name}");
        }
        for algorithm in IdTokenAlgorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
            let jws = serde_json::to_value(algorithm.jws()).expect("a name");
            assert_eq!(jws, algorithm.name(), "openidconnect has the same name for it");
        }
    }
}
