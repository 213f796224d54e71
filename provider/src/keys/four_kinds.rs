//! The key set of the `OpenID` Foundation's `oidcc-client-test-kid-absent-multiple-jwks`: three keys each of RSA, P-256,
//! secp256k1 and Ed25519, none with `kid` or `alg`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::p256::fresh_point;

/// Eleven keys that nobody signs with around `own`, which stays the third RSA key.
pub(crate) fn among_four_kinds(own: &Value) -> Vec<Value> {
    let mut keys = Vec::new();
    for number in 0..3 {
        if number == 2 {
            let mut own = own.clone();
            if let Some(own) = own.as_object_mut() {
                own.retain(|member, _| member != "kid" && member != "alg");
            }
            keys.push(own);
        } else {
            keys.push(json!({ "kty": "RSA", "use": "sig", "n": text(&odd(random::<256>())), "e": "AQAB" }));
        }
        let (x, y) = fresh_point();
        keys.push(json!({ "kty": "EC", "use": "sig", "crv": "P-256", "x": text(&x), "y": text(&y) }));
        let (x, y) = (random::<32>(), random::<32>());
        keys.push(json!({ "kty": "EC", "use": "sig", "crv": "secp256k1", "x": text(&x), "y": text(&y) }));
        keys.push(json!({ "kty": "OKP", "use": "sig", "crv": "Ed25519", "x": text(&random::<32>()) }));
    }
    keys
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn random<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    bytes
}

/// The number with its highest and its lowest bit set: of full length and odd, as a modulus is.
fn odd<const LENGTH: usize>(mut modulus: [u8; LENGTH]) -> [u8; LENGTH] {
    modulus[0] |= 0x80;
    modulus[LENGTH - 1] |= 1;
    modulus
}
