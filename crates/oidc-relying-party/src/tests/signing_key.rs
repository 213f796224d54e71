//! Keys and signed tokens of the scripted provider.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreJsonWebKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, pkcs8::LineEnding, rand_core::OsRng};
use serde_json::{Map, Value, json};

/// The provider's key. All tests share one, because its generation takes a while.
pub(crate) static RSA: LazyLock<CoreRsaPrivateSigningKey> = LazyLock::new(|| rsa(2048));

/// A key that the provider does not publish, or publishes only later.
pub(crate) static OTHER_RSA: LazyLock<CoreRsaPrivateSigningKey> = LazyLock::new(|| rsa(2048));

/// An RSA key of 1024 bits, which is too small.
pub(crate) static SMALL_RSA: LazyLock<CoreRsaPrivateSigningKey> = LazyLock::new(|| rsa(1024));

/// An Ed25519 key.
pub(crate) static ED25519: LazyLock<CoreEdDsaPrivateSigningKey> = LazyLock::new(|| {
    // RFC 8410 §7: the PKCS #8 bytes before the seed.
    let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    der.extend([7; 32]);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64_STANDARD.encode(der)
    );
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, None).expect("an Ed25519 key")
});

fn rsa(bits: usize) -> CoreRsaPrivateSigningKey {
    let key = RsaPrivateKey::new(&mut OsRng, bits).expect("an RSA key");
    let pem = key.to_pkcs1_pem(LineEnding::LF).expect("a PEM document");
    CoreRsaPrivateSigningKey::from_pem(&pem, None).expect("an RSA key")
}

/// The public half of `key`, with `members` set.
pub(crate) fn jwk<K>(key: &K, members: Value) -> Value
where
    K: PrivateSigningKey<VerificationKey = CoreJsonWebKey>,
{
    let mut jwk = serde_json::to_value(key.as_verification_key()).expect("a JWK");
    let Value::Object(members) = members else {
        panic!("members of an object")
    };
    jwk.as_object_mut().expect("an object").extend(members);
    jwk
}

/// A JWS in compact serialization, signed with the `alg` of its header, or with RS256 if `key` has no such algorithm.
pub(crate) fn jws<K>(key: &K, header: &Value, payload: &Value) -> String
where
    K: PrivateSigningKey<VerificationKey = CoreJsonWebKey>,
{
    jws_of_text(key, &header.to_string(), &payload.to_string())
}

/// Like [`jws`], for a header and a payload that are text, such as JSON with a duplicate member.
pub(crate) fn jws_of_text<K>(key: &K, header: &str, payload: &str) -> String
where
    K: PrivateSigningKey<VerificationKey = CoreJsonWebKey>,
{
    let algorithm = serde_json::from_str::<Map<String, Value>>(header)
        .ok()
        .and_then(|header| serde_json::from_value::<CoreJwsSigningAlgorithm>(header.get("alg")?.clone()).ok())
        .filter(|algorithm| key.as_verification_key().hash_bytes(b"", algorithm).is_ok())
        .unwrap_or(CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256);
    let signing_input = format!(
        "{}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(header),
        BASE64_URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = key.sign(&algorithm, signing_input.as_bytes()).expect("a signature");
    format!("{signing_input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// A header for RS256 with the `kid` of the provider's key.
pub(crate) fn rs256() -> Value {
    json!({ "alg": "RS256", "kid": "1" })
}
