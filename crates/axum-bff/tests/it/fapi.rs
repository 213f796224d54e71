//! `BFF_PROFILE=fapi2`, from the start of a login to the sign-out. Client and provider speak TLS only, and each of them
//! does what the FAPI 2.0 Security Profile demands of it.

mod certificate;
mod key;
mod refused_logins;
mod refused_settings;
mod setup;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// Header and claims of a JWS.
pub(crate) fn jws(text: &str) -> [Value; 2] {
    let mut parts = text.split('.').map(|part| {
        let json = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&json).unwrap_or_default()
    });
    [(); 2].map(|()| parts.next().expect("a part"))
}
