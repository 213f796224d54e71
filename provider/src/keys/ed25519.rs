//! An Ed25519 key, for the tests in which a token is signed well, but with an algorithm that nobody agreed on.

use base64::{Engine, engine::general_purpose::STANDARD};
use openidconnect::core::CoreEdDsaPrivateSigningKey;

use super::{SigningKey, fresh_kid};

/// The bytes before the 32 bytes of the seed in the PKCS #8 form of every Ed25519 key (RFC 8410 §7).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

pub(super) fn generate() -> SigningKey {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).expect("the operating system has random bytes");
    let der = STANDARD.encode([&PKCS8_PREFIX[..], &seed].concat());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    let private =
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(fresh_kid())).expect("the PEM form was just written");
    SigningKey {
        private: Box::new(private),
        public_pem: String::new(),
        private_pem: String::new(),
    }
}
