//! Keys of the client in PKCS #8 (PEM), the form that OpenSSL writes.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384};
use rsa::{
    RsaPrivateKey,
    pkcs8::{EncodePrivateKey, LineEnding},
    rand_core::OsRng,
};

use crate::{ClientCertificate, ClientKeys};

/// An RSA key of 2048 bits.
pub(crate) static RSA: LazyLock<String> = LazyLock::new(|| rsa(2048));

/// A P-256 key.
pub(crate) static P256: LazyLock<String> = LazyLock::new(|| {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
        .expect("a key")
        .serialize_pem()
});

/// A P-384 key.
pub(crate) static P384: LazyLock<String> = LazyLock::new(|| {
    KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)
        .expect("a key")
        .serialize_pem()
});

/// The Ed25519 key of RFC 8037 §A.1.
pub(crate) static ED25519: LazyLock<String> = LazyLock::new(|| {
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let byte = |at: usize| u8::from_str_radix(&seed[2 * at..2 * at + 2], 16).expect("hexadecimal");
    // RFC 8410 §7: the PKCS #8 bytes before the seed.
    let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    der.extend((0..32).map(byte));
    format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64_STANDARD.encode(der)
    )
});

pub(crate) fn rsa(bits: usize) -> String {
    let key = RsaPrivateKey::new(&mut OsRng, bits).expect("an RSA key");
    key.to_pkcs8_pem(LineEnding::LF).expect("a PEM document").to_string()
}

/// A self-signed certificate.
pub(crate) fn certificate() -> ClientCertificate {
    let key = KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(["client".to_owned()]).expect("a name");
    let chain = params.self_signed(&key).expect("signed").pem();
    ClientCertificate::from_pem(&chain, &key.serialize_pem()).expect("a certificate")
}

/// A key ring of these keys. The first one signs.
pub(crate) fn keys(pems: &[&str]) -> ClientKeys {
    ClientKeys::from_pem(&pems.concat()).expect("keys")
}
