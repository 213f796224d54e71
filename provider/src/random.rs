//! Unguessable values: codes, tokens, session ids, client secrets.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// 256 bits from the operating system, as 43 characters of base64url: safe in a URL, a header and a cookie.
pub(crate) fn random_value() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    URL_SAFE_NO_PAD.encode(bytes)
}
