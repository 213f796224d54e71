use serde_json::json;

use super::*;
use crate::tests::signing_key::{RSA, SMALL_RSA, jwk};

/// The coordinates of the P-256 key of RFC 7515 §A.3.
const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
/// Two points of P-256, the multiples 379 and 43 of its base point. The x of the first and the y of the second begin
/// with a zero octet.
const ZERO_X: [&str; 2] = [
    "AFVDiUrz0A7X10Cr29dclrBod7eH219w7qeLkKjXwAo",
    "u0yFo9jqKe-q-iRAaRLdhNWxTcMr9lbvbGvVil2UP5I",
];
const ZERO_Y: [&str; 2] = [
    "mGriUG8f8QTQQjCGHY9LSY9LxMbQCbMPdUTcEpuC0o0",
    "ADzMwKZGDgrjKKTZfTx7YdhvxiicGJ8lJREMRBuwfpc",
];

fn octets_of(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

fn text_of(octets: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(octets)
}

fn usable(entry: &Value) -> VerificationKey {
    match Entry::read(entry) {
        Entry::Usable(key) => *key,
        other => panic!("{entry}: {other:?}"),
    }
}

fn with_zeros(text: &str, zeros: usize) -> String {
    text_of([vec![0; zeros], octets_of(text)].concat())
}

/// DISC-12
#[test]
fn numbers_with_missing_or_further_zeros_or_padding_are_the_numbers_that_they_are() {
    let p256 = |x: &str, y: &str| json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
    let as_specified = usable(&p256(X, Y));
    for (x, y) in [
        (with_zeros(X, 1), Y.to_owned()),
        (X.to_owned(), with_zeros(Y, 3)),
        (format!("{X}="), format!("{Y}=")),
    ] {
        assert_eq!(usable(&p256(&x, &y)), as_specified, "{x} {y}");
    }
    let without_zero = |text: &str| text_of(&octets_of(text)[1..]);
    let [x, y] = ZERO_X;
    assert_eq!(usable(&p256(&without_zero(x), y)), usable(&p256(x, y)));
    let [x, y] = ZERO_Y;
    assert_eq!(usable(&p256(x, &without_zero(y))), usable(&p256(x, y)));
    let rsa = jwk(&*RSA, json!({}));
    let as_specified = usable(&rsa);
    for (member, odd) in [
        ("n", with_zeros(rsa["n"].as_str().expect("n"), 1)),
        ("e", "AAEAAQ==".to_owned()),
        ("n", format!("{}==", rsa["n"].as_str().expect("n"))),
    ] {
        let mut entry = rsa.clone();
        entry[member] = json!(odd);
        assert_eq!(usable(&entry), as_specified, "{member} {odd}");
    }
}

/// DISC-12
#[test]
fn null_and_empty_members_of_a_key_are_absent() {
    let odd = json!({ "use": "", "key_ops": null, "alg": "", "kid": "", "crv": null, "x": "" });
    let key = usable(&jwk(&*RSA, odd));
    assert_eq!(key.key_id(), None);
    assert_eq!(key, usable(&jwk(&*RSA, json!({ "use": null, "key_ops": [] }))));
}

/// DISC-12
#[test]
fn a_key_that_cannot_be_read_is_told_from_one_that_is_not_for_us() {
    let unreadable = [
        json!({ "kty": "RSA", "e": "AQAB" }),
        json!({ "kty": "RSA", "n": "%%%", "e": "AQAB" }),
        json!({ "kty": "RSA", "n": text_of([0xff; 1200]), "e": "AQAB" }),
        json!({ "kty": "RSA", "n": text_of([0xfe; 256]), "e": "AQAB" }),
        json!({ "kty": "RSA", "n": text_of([0xff; 256]), "e": "AQ" }),
        json!({ "kty": "RSA", "n": text_of([0xff; 256]), "e": "AQAA" }),
        json!({ "kty": "RSA", "n": text_of([0xff; 256]), "e": text_of([0xff; 5]) }),
        json!({ "kty": "RSA", "n": text_of([0xff; 256]), "e": text_of([0xff; 9]) }),
        json!({ "kty": "EC", "crv": "P-256", "x": X, "y": X }),
        json!({ "kty": "EC", "crv": "P-256", "x": with_zeros(X, 1), "y": format!("AQ{Y}") }),
        json!({ "kty": "EC", "crv": "P-384", "x": text_of([0xff; 49]), "y": Y }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": text_of([1; 31]) }),
    ];
    for mut entry in unreadable {
        entry["kid"] = json!("1");
        assert!(
            matches!(Entry::read(&entry), Entry::Unreadable(Some(name)) if name == "1"),
            "{entry}"
        );
    }
    let not_for_us = [
        json!(7),
        json!({ "kty": "foo" }),
        json!({ "kty": "oct", "k": "AAAA" }),
        json!({ "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA" }),
        jwk(&*SMALL_RSA, json!({})),
        jwk(&*RSA, json!({ "key_ops": ["encrypt"] })),
    ];
    for entry in not_for_us {
        assert!(matches!(Entry::read(&entry), Entry::NotForUs), "{entry}");
    }
}

/// DISC-12
///
/// Every size that `ring` takes. The crate `rsa` stopped at 4096 bits.
#[test]
fn rsa_keys_of_up_to_8192_bits_and_with_small_and_large_exponents_are_read() {
    for bytes in [256, 384, 512, 768, 1024] {
        for exponent in [&[3_u8][..], &[1, 0, 1][..], &[1, 0xff, 0xff, 0xff, 0xff][..]] {
            let entry = json!({ "kty": "RSA", "n": text_of(vec![0xff; bytes]), "e": text_of(exponent) });
            usable(&entry);
        }
    }
}

/// DISC-13
#[test]
fn rsa_keys_are_measured_without_their_leading_zeros() {
    let small = jwk(&*SMALL_RSA, json!({}));
    let modulus = small["n"].as_str().expect("a modulus");
    for zeros in [0, 1, 200] {
        let mut entry = small.clone();
        entry["n"] = json!(with_zeros(modulus, zeros));
        assert!(matches!(Entry::read(&entry), Entry::NotForUs), "{zeros}");
    }
}
