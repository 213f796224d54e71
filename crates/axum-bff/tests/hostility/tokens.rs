//! Signed tokens. Header and payload are texts, so they may be invalid JSON, or JSON that has a member twice. They are
//! signed when they are sent, because a wrong signature would hide the other faults.

mod duplicates;
pub(crate) mod edits;
mod members;
pub(crate) mod oracle;
pub(crate) mod signature;

use crate::corpus::Input;
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use signature::Signer;

/// The current time in these tests, in seconds since 1970.
pub(crate) const NOW: i64 = 1_800_000_000;

/// A token before it is signed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Token {
    pub(crate) header: String,
    pub(crate) payload: String,
    pub(crate) signer: Signer,
    pub(crate) form: Form,
    /// The authentication that the login of an ID Token requires.
    pub(crate) max_age: Option<u64>,
    pub(crate) acr_values: Vec<String>,
}

/// How the parts of a token are put together: in the compact form, or in a form that is nearly right.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Form {
    Compact,
    Padded,
    StandardAlphabet,
    /// The lowest bit of the signature's last character is flipped. No byte of the signature needs that bit.
    LooseBit,
    FlippedBit(usize),
    OnePart,
    TwoParts,
    FourParts,
    FiveParts,
    Spaces,
    Json,
}

impl Token {
    /// The token as it is sent. `text` puts the provider's issuer in. A `\u{fffd}` becomes a byte that is not UTF-8.
    pub(crate) fn signed(&self, text: impl Fn(&str) -> String) -> String {
        let bytes = |part: &str| {
            let pieces: Vec<String> = text(part).split('\u{fffd}').map(str::to_owned).collect();
            pieces.iter().map(String::as_bytes).collect::<Vec<_>>().join(&0xff)
        };
        let encode = |bytes: &[u8]| match self.form {
            Form::Padded => BASE64_URL_SAFE.encode(bytes),
            Form::StandardAlphabet => BASE64_STANDARD.encode(bytes).trim_end_matches('=').to_owned(),
            _ => BASE64_URL_SAFE_NO_PAD.encode(bytes),
        };
        let (header, payload) = (encode(&bytes(&self.header)), encode(&bytes(&self.payload)));
        let signing_input = format!("{header}.{payload}");
        let mut signature = self.signer.sign(signing_input.as_bytes());
        if let (Form::FlippedBit(bit), false) = (self.form, signature.is_empty()) {
            let at = bit / 8 % signature.len();
            signature[at] ^= 1 << (bit % 8);
        }
        let signature = encode(&signature);
        match self.form {
            Form::OnePart => header,
            Form::TwoParts => signing_input,
            Form::FourParts => format!("{signing_input}.{signature}.{signature}"),
            Form::FiveParts => format!("{header}.{payload}.{signature}.{header}.{payload}"),
            Form::Spaces => format!(" {signing_input}.{signature}\n"),
            Form::LooseBit => format!("{signing_input}.{}", loosened(&signature)),
            Form::Json => format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#),
            _ => format!("{signing_input}.{signature}"),
        }
    }
}

/// The text with the lowest bit of its last character flipped. That bit means nothing unless the length is a multiple
/// of four.
fn loosened(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let Some((start, last)) = text.char_indices().next_back() else {
        return "A".to_owned();
    };
    let value = ALPHABET.iter().position(|byte| char::from(*byte) == last).unwrap_or(0);
    format!("{}{}", &text[..start], char::from(ALPHABET[value ^ 1]))
}

/// A line of a corpus. Header and payload are JSON, or a string that holds the text. The other members are optional.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    header: &'a RawValue,
    #[serde(borrow)]
    payload: &'a RawValue,
    #[serde(default)]
    signer: Signer,
    form: Option<Form>,
    max_age: Option<u64>,
    #[serde(default)]
    acr_values: Vec<String>,
}

impl Input for Token {
    fn from_line(line: &str) -> Self {
        let line: Line = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |raw: &RawValue| serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned());
        Self {
            header: text(line.header),
            payload: text(line.payload),
            signer: line.signer,
            form: line.form.unwrap_or(Form::Compact),
            max_age: line.max_age,
            acr_values: line.acr_values,
        }
    }

    fn to_line(&self) -> String {
        serde_json::to_string(self).expect("JSON")
    }
}
