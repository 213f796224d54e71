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

use crate::json;

/// RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used".
const RSA_MODULUS_BITS: usize = 2048;

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
    Usable(CoreJsonWebKey),
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
        if kind == Kind::Rsa && modulus_bits(&members).is_none_or(|bits| bits < RSA_MODULUS_BITS) {
            return Self::NotForUs;
        }
        serde_json::from_value(Value::Object(members)).map_or(Self::NotForUs, Self::Usable)
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

    /// Whether the numbers are a key of this kind: a point of the curve, a modulus and an exponent that fit each other. A
    /// signature that is none shows it, because it is looked at last.
    fn is_one(self, members: &Map<String, Value>) -> bool {
        let algorithm = match self {
            Self::Rsa => Algorithm::RsaSsaPkcs1V15Sha256,
            Self::P256 => Algorithm::EcdsaP256Sha256,
            Self::P384 => Algorithm::EcdsaP384Sha384,
            Self::Ed25519 => Algorithm::EdDsa,
        };
        let numbers = ["kty", "crv", "n", "e", "x", "y"];
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

/// Of a modulus without leading zeros.
fn modulus_bits(members: &Map<String, Value>) -> Option<usize> {
    let modulus = octets(members, "n")?;
    let first = modulus.first()?;
    Some(modulus.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests;
