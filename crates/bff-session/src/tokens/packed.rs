//! Tokens in their stored form: a JWT (RFC 7515 §3.1) is base64url, and four characters of that hold three bytes. A
//! token that does not come back letter for letter is stored as it is.

use base64::{Engine, encoded_len, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes, which serde's own forms write as a list of numbers.
struct Bytes(Zeroizing<Vec<u8>>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Bytes;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(Zeroizing::new(bytes.to_vec())))
            }
        }
        deserializer.deserialize_bytes(Read)
    }
}

/// The bytes of each part between two dots. The decoder refuses any form that it would not write itself.
fn pack(token: &str) -> Option<Vec<Bytes>> {
    let parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    parts.map(|part| Some(Bytes(Zeroizing::new(part?)))).collect()
}

/// The token of these parts.
fn unpack(parts: &[Bytes]) -> Zeroizing<String> {
    let length = |part: &Bytes| encoded_len(part.0.len(), false).unwrap_or_default();
    let most = parts.iter().map(|part| length(part) + 1).sum();
    // Never grown: nothing of a token stays behind in memory that was given back.
    let mut token = Zeroizing::new(String::with_capacity(most));
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            token.push('.');
        }
        URL_SAFE_NO_PAD.encode_string(&*part.0, &mut token);
    }
    token
}

/// A token by reference, on its way into a record.
struct Packed<'a>(&'a SecretString);

impl Serialize for Packed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let token = self.0.expose_secret();
        let Some(parts) = pack(token) else {
            return serializer.serialize_str(token);
        };
        let mut list = serializer.serialize_seq(Some(parts.len()))?;
        for part in &parts {
            list.serialize_element(part)?;
        }
        list.end()
    }
}

/// A token on its way out.
struct Unpacked(SecretString);

impl<'de> Deserialize<'de> for Unpacked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Unpacked;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a token, packed or not")
            }

            fn visit_str<E: Error>(self, token: &str) -> Result<Unpacked, E> {
                Ok(Unpacked(token.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Unpacked, A::Error> {
                let mut list = Vec::<Bytes>::new();
                while let Some(part) = parts.next_element()? {
                    list.push(part);
                }
                Ok(Unpacked(unpack(&list).as_str().into()))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// For `#[serde(with)]` on a token.
pub(super) mod one {
    use super::{Deserialize, Deserializer, Packed, SecretString, Serialize, Serializer, Unpacked};

    pub(in super::super) fn serialize<S: Serializer>(token: &SecretString, to: S) -> Result<S::Ok, S::Error> {
        Packed(token).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
        Ok(Unpacked::deserialize(from)?.0)
    }
}

/// For `#[serde(with)]` on a token that may be missing.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, Packed, SecretString, Serialize, Serializer, Unpacked};

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` calls")]
    pub(in super::super) fn serialize<S: Serializer>(token: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
        token.as_ref().map(Packed).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
        Ok(Option::<Unpacked>::deserialize(from)?.map(|token| token.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Serialize, Deserialize)]
    struct Record {
        #[serde(with = "one")]
        token: SecretString,
        #[serde(with = "optional")]
        other: Option<SecretString>,
    }

    fn written(token: &str) -> Vec<u8> {
        let record = Record {
            token: token.into(),
            other: None,
        };
        rmp_serde::to_vec_named(&record).expect("a record")
    }

    fn read(record: &[u8]) -> String {
        let record: Record = rmp_serde::from_slice(record).expect("a record");
        assert!(record.other.is_none());
        record.token.expose_secret().to_owned()
    }

    #[test]
    fn a_jwt_takes_three_quarters() {
        let part = "eyJhbGciOiJSUzI1NiJ9".repeat(30);
        let token = format!("{part}.{part}.{part}");
        let record = written(&token);
        assert!(
            record.len() < token.len() * 77 / 100,
            "{} of {}",
            record.len(),
            token.len()
        );
        assert_eq!(read(&record), token);
    }

    #[test]
    fn the_text_of_a_long_token_is_never_moved() {
        for parts in [["a".repeat(9000), "b".repeat(12_001)], [String::new(), "c".to_owned()]] {
            let parts = parts.map(|part| Bytes(Zeroizing::new(part.into_bytes())));
            let token = unpack(&parts);
            assert!(
                token.capacity() <= token.len() + 1,
                "{} for {}",
                token.capacity(),
                token.len()
            );
        }
    }

    #[test]
    fn a_token_that_is_nearly_base64url_comes_back_letter_for_letter() {
        // Padding, the alphabet of plain base64, bits after the last whole byte, empty parts, an empty token.
        for token in ["YQ==", "a+b/", "YR", "a..b", "..", "", ".", "a b", "é", "ya29.a0-_A"] {
            assert_eq!(read(&written(token)), token);
        }
    }

    proptest! {
        #[test]
        fn every_token_comes_back_letter_for_letter(token in "[A-Za-z0-9+/=._~ -]{0,60}") {
            prop_assert_eq!(read(&written(&token)), token);
        }
    }
}
