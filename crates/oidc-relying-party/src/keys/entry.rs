//! One entry of a key set: the key that it is, however its numbers are written.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_URL_SAFE_NO_PAD,
};
use openidconnect::{
    JsonWebKey, SignatureVerificationError,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm},
};
use serde_json::{Map, Value};

use super::verification_key::{Numbers, VerificationKey};
use crate::json;

/// RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used".
const RSA_MODULUS_BITS: usize = 2048;
/// The largest modulus that `ring` takes. A larger one makes each signature cost milliseconds.
const RSA_MODULUS_BITS_LIMIT: usize = 8192;
/// The largest public exponent that `ring` takes, and openidconnect too. Nearly every key has 65537.
const RSA_EXPONENT_LIMIT: u64 = (1 << 33) - 1;

/// base64url with and without padding. A key is a number and no signed text: every spelling of the number is the number.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How an entry of a key set can be used.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A key that may verify signatures.
    Usable(Box<VerificationKey>),
    /// A key of this name that is of a kind we know, and no key of that kind: its numbers cannot be read, or are none.
    Unreadable(Option<String>),
    /// Something that is not understood, not meant for this, or too weak. RFC 7517 §5 has such entries ignored.
    NotForUs,
}

impl Entry {
    /// openidconnect leaves these checks to its caller: `key_ops`, the size of an RSA modulus, that the key is a public
    /// one at all, and how its numbers are written.
    pub(crate) fn read(entry: &Value) -> Self {
        let Some(mut members) = entry.as_object().cloned() else {
            return Self::NotForUs;
        };
        json::leave_out_the_unsaid(&mut members);
        let Some(kind) = Kind::of(&members) else {
            return Self::NotForUs;
        };
        if is_for_something_else(&members) {
            return Self::NotForUs;
        }
        let name = members.get("kid").and_then(Value::as_str).map(str::to_owned);
        if kind.write_as_specified(&mut members).is_none() || !kind.is_one(&members) {
            return Self::Unreadable(name);
        }
        let Some(numbers) = kind.numbers(&members) else {
            return Self::Unreadable(name);
        };
        if matches!(&numbers, Numbers::Rsa { modulus, .. } if bits(modulus) < RSA_MODULUS_BITS) {
            return Self::NotForUs;
        }
        match serde_json::from_value(Value::Object(members)) {
            Ok(jwk) => Self::Usable(Box::new(VerificationKey { jwk, numbers })),
            Err(_) => Self::NotForUs,
        }
    }
}

/// A list of operations without the one that is needed. An empty list says nothing.
fn is_for_something_else(members: &Map<String, Value>) -> bool {
    match members.get("key_ops") {
        None => false,
        Some(Value::Array(operations)) => {
            !operations.is_empty() && !operations.iter().any(|operation| operation == "verify")
        }
        Some(_) => true,
    }
}

/// The kinds of key that verify here. `oct` is none: a secret that everybody can read is no secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Kind {
    fn of(members: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        match (text("kty")?, text("crv")) {
            ("RSA", _) => Some(Self::Rsa),
            ("EC", Some("P-256")) => Some(Self::P256),
            ("EC", Some("P-384")) => Some(Self::P384),
            ("OKP", Some("Ed25519")) => Some(Self::Ed25519),
            _ => None,
        }
    }

    /// Writes the numbers as RFC 7518 §6 has them: those of RSA without leading zeros (§6.3.1.1), coordinates in the
    /// length of their curve (§6.2.1.2). `None`: they are missing, no base64url, or too long for the curve.
    fn write_as_specified(self, members: &mut Map<String, Value>) -> Option<()> {
        let (names, length): (&[&str], _) = match self {
            Self::Rsa => (&["n", "e"], None),
            Self::P256 => (&["x", "y"], Some(32)),
            Self::P384 => (&["x", "y"], Some(48)),
            // RFC 8032 §5.1.2: 32 octets, which are no number with leading zeros.
            Self::Ed25519 => {
                let octets = octets(members, "x")?;
                members.insert("x".to_owned(), BASE64_URL_SAFE_NO_PAD.encode(octets).into());
                return Some(());
            }
        };
        for name in names {
            let octets = octets(members, name)?;
            let start = octets.iter().position(|octet| *octet != 0)?;
            let mut written = vec![0; length.unwrap_or_default().max(octets.len() - start) - (octets.len() - start)];
            written.extend_from_slice(&octets[start..]);
            if length.is_some_and(|length| written.len() > length) {
                return None;
            }
            members.insert((*name).to_owned(), BASE64_URL_SAFE_NO_PAD.encode(written).into());
        }
        Some(())
    }

    /// The numbers, once they are written as specified.
    fn numbers(self, members: &Map<String, Value>) -> Option<Numbers> {
        let octets = |name| octets(members, name);
        // SEC 1 §2.3.3: 4 says that both coordinates follow.
        let point = || Some([&[4][..], &octets("x")?[..], &octets("y")?[..]].concat());
        Some(match self {
            Self::Rsa => Numbers::Rsa {
                modulus: octets("n")?,
                exponent: octets("e")?,
            },
            Self::P256 => Numbers::P256(point()?),
            Self::P384 => Numbers::P384(point()?),
            Self::Ed25519 => Numbers::Ed25519(octets("x")?),
        })
    }

    /// Whether the numbers are a key of this kind: a point of the curve, or a modulus and an exponent that RSA can have.
    /// Whether a point is on its curve, openidconnect says: a signature that is none shows it, because the signature is
    /// looked at last.
    fn is_one(self, members: &Map<String, Value>) -> bool {
        let algorithm = match self {
            Self::Rsa => return is_rsa(members).unwrap_or_default(),
            Self::P256 => Algorithm::EcdsaP256Sha256,
            Self::P384 => Algorithm::EcdsaP384Sha384,
            Self::Ed25519 => Algorithm::EdDsa,
        };
        let numbers = ["kty", "crv", "x", "y"];
        let bare = members.iter().filter(|(name, _)| numbers.contains(&name.as_str()));
        let bare = bare.map(|(name, value)| (name.clone(), value.clone())).collect();
        serde_json::from_value::<CoreJsonWebKey>(Value::Object(bare)).is_ok_and(|key| {
            let verdict = key.verify_signature(&algorithm, b"", b"");
            !matches!(verdict, Err(SignatureVerificationError::InvalidKey(_)))
        })
    }
}

fn octets(members: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    BASE64.decode(members.get(name)?.as_str()?).ok()
}

/// Whether these are an odd modulus that is not too large, and an odd exponent of at least 3 (RFC 8017 §3.1). `None`: one
/// of them is missing.
fn is_rsa(members: &Map<String, Value>) -> Option<bool> {
    let (modulus, exponent) = (octets(members, "n")?, octets(members, "e")?);
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let fold = |number: u64, octet: &u8| (number << 8) | u64::from(*octet);
    let is_exponent = exponent.len() <= size_of::<u64>()
        && (3..=RSA_EXPONENT_LIMIT).contains(&exponent.iter().fold(0, fold))
        && is_odd(&exponent);
    Some(is_exponent && is_odd(&modulus) && bits(&modulus) <= RSA_MODULUS_BITS_LIMIT)
}

/// The length of a number without leading zero octets.
fn bits(number: &[u8]) -> usize {
    number
        .first()
        .map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests;
