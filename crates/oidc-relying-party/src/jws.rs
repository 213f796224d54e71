//! A JSON Web Signature in compact serialization (RFC 7515 §7.1): taken apart, not yet believed.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::json::{self, JsonError};

/// Larger than any ID Token that makes sense: one with 500 group names has about 20 KB.
const SIZE_LIMIT: usize = 64 * 1024;

/// A `kid` is a name. A longer one is not worth asking the provider for.
const KEY_ID_LIMIT: usize = 256;

/// The parts of a JWS.
pub(super) struct Jws<'a> {
    header: Map<String, Value>,
    payload: Vec<u8>,
    signing_input: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Takes `compact` apart. Refused are more or fewer than three parts (five are an encrypted token), padding, a header
    /// that is not a JSON object with unique members, and extensions that a header demands to be understood.
    pub(super) fn parse(compact: &'a str) -> Result<Self, JwsError> {
        Self::parse_within(compact, SIZE_LIMIT)
    }

    /// The same for a token of at most `limit` bytes.
    pub(super) fn parse_within(compact: &'a str, limit: usize) -> Result<Self, JwsError> {
        if compact.len() > limit {
            return Err(JwsError::TooLarge);
        }
        let (signing_input, signature) = compact.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Malformed)?;
        // A further dot in `payload` is no base64url, so that four and more parts end in `decode`.
        let mut header = json::object(&decode(header)?)?;
        // A header that gives an empty name names no key. All else in it stays as it was signed.
        header.retain(|name, value| name != "kid" || json::says_something(value));
        let jws = Self {
            header,
            payload: decode(payload)?,
            signing_input,
            signature: decode(signature)?,
        };
        jws.check_header()?;
        Ok(jws)
    }

    fn check_header(&self) -> Result<(), JwsError> {
        // RFC 7515 §4.1.11: an extension that is critical and not understood makes a JWS invalid, and we understand none. RFC
        // 7797's `b64` counts even where it is not declared critical; `cty` announces a token inside the token.
        let unencoded = self.header.get("b64").is_some_and(|b64| *b64 != Value::Bool(true));
        if self.header.contains_key("crit") || self.header.contains_key("cty") || unencoded {
            return Err(JwsError::Extension);
        }
        match self.header.get("kid") {
            None => Ok(()),
            Some(Value::String(kid)) if kid.len() <= KEY_ID_LIMIT => Ok(()),
            Some(_) => Err(JwsError::Malformed),
        }
    }

    /// The algorithm that the header names. It is compared with the allowed algorithms and chooses nothing by itself.
    pub(super) fn algorithm(&self) -> Option<&str> {
        self.header.get("alg")?.as_str()
    }

    /// The name of the key, an opaque string.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.header.get("kid")?.as_str()
    }

    /// The kind of token that the header announces, if any: lower case, without `application/` (RFC 7515 §4.1.9).
    pub(super) fn kind(&self) -> Result<Option<String>, JwsError> {
        let Some(typ) = self.header.get("typ") else {
            return Ok(None);
        };
        let typ = typ.as_str().ok_or(JwsError::Malformed)?.to_ascii_lowercase();
        Ok(Some(
            typ.strip_prefix("application/")
                .map_or_else(|| typ.clone(), str::to_owned),
        ))
    }

    /// The bytes under the signature.
    pub(super) fn signing_input(&self) -> &str {
        self.signing_input
    }

    /// The signature's octets.
    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The payload as claims. To be called once the signature is verified.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, JwsError> {
        Ok(json::said(&self.payload)?)
    }
}

impl fmt::Debug for Jws<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Jws").finish_non_exhaustive()
    }
}

fn decode(part: &str) -> Result<Vec<u8>, JwsError> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Malformed)
}

/// Why a text is not a JWS that we read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JwsError {
    /// Over 64 KiB, or over the setting for it.
    #[error("the token is too large")]
    TooLarge,
    /// Not three parts of unpadded base64url with JSON objects in the first two, or a header of the wrong types.
    #[error("the token is not a well-formed JWS in compact serialization")]
    Malformed,
    /// A member of the header or the payload stands twice.
    #[error("the token has a duplicate member")]
    DuplicateMember,
    /// The header has `crit`, `cty`, or an unencoded payload.
    #[error("the token's header demands an extension that is not understood")]
    Extension,
}

impl From<JsonError> for JwsError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Malformed => Self::Malformed,
            JsonError::DuplicateMember => Self::DuplicateMember,
        }
    }
}

impl JwsError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "token_too_large",
            Self::Malformed => "token_malformed",
            Self::DuplicateMember => "token_duplicate_member",
            Self::Extension => "token_extension",
        }
    }
}

#[cfg(test)]
mod tests;
