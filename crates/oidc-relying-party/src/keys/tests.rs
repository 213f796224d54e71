use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;

use super::*;
use crate::tests::signing_key::{ED25519, OTHER_RSA, RSA, SMALL_RSA, jwk, jws};

mod readings;

/// The example of RFC 7515 §A.3, a JWS with ES256. [`es256_key`] is its key.
const ES256_JWS: &str = "eyJhbGciOiJFUzI1NiJ9.\
    eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
    DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

fn es256_key() -> Value {
    json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    })
}

fn keys(entries: &Value) -> SigningKeys {
    let document = json!({ "keys": entries });
    SigningKeys::from_document(document.as_object().expect("an object")).expect("a key set")
}

fn verdict(entries: &Value, token: &str, algorithm: IdTokenAlgorithm) -> &'static str {
    match keys(entries).verify(&Jws::parse(token).expect("a JWS"), algorithm) {
        Ok(()) => "verified",
        Err(VerificationError::UnknownKey) => "unknown key",
        Err(VerificationError::UnreadableKey) => "unreadable key",
        Err(VerificationError::Signature | VerificationError::NoKeyFits) => "signature",
        Err(VerificationError::Keys(_)) => "keys",
    }
}

fn unnamed() -> String {
    jws(&*RSA, &json!({ "alg": "RS256" }), &json!({ "sub": "a" }))
}

fn named(kid: &str) -> String {
    jws(&*RSA, &json!({ "alg": "RS256", "kid": kid }), &json!({ "sub": "a" }))
}

/// DISC-12
#[test]
fn entries_that_are_not_understood_are_skipped() {
    let entries = json!([
        7, null, {}, { "kty": "foo" }, { "kty": ["RSA"] },
        { "kty": "RSA", "e": "AQAB" },
        { "kty": "RSA", "n": "%%%", "e": "AQAB" },
        { "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA" },
        { "kty": "OKP", "crv": "X25519", "x": "AA" },
        jwk(&*RSA, json!({ "kid": 7 })),
        jwk(&*RSA, json!({ "kid": "1", "alg": "RS256", "x5t": "odd", "ext": true })),
    ]);
    assert_eq!(verdict(&entries, &named("1"), IdTokenAlgorithm::Rs256), "verified");
    let document = json!({ "keys": "none" });
    let error = SigningKeys::from_document(document.as_object().expect("an object")).expect_err("no key set");
    assert_eq!((error.code(), error.fault()), ("jwks_malformed", Fault::Provider));
}

/// DISC-12
///
/// If the key cannot be read, the signature cannot be verified. That does not prove a forgery.
#[test]
fn a_token_by_a_key_that_cannot_be_read_is_not_called_forged() {
    let unreadable = |kid: &str| json!({ "kty": "RSA", "n": "%%%", "e": "AQAB", "kid": kid });
    let algorithm = IdTokenAlgorithm::Rs256;
    assert_eq!(
        verdict(&json!([unreadable("1")]), &named("1"), algorithm),
        "unreadable key"
    );
    assert_eq!(
        verdict(&json!([unreadable("2")]), &named("1"), algorithm),
        "unknown key"
    );
    assert_eq!(
        verdict(&json!([unreadable("2")]), &unnamed(), algorithm),
        "unreadable key"
    );
    let beside = json!([unreadable("2"), jwk(&*OTHER_RSA, json!({ "kid": "1" }))]);
    assert_eq!(verdict(&beside, &named("1"), algorithm), "signature");
    let good = json!([unreadable("1"), jwk(&*RSA, json!({ "kid": "1" }))]);
    assert_eq!(verdict(&good, &named("1"), algorithm), "verified");
}

/// DISC-13
#[test]
fn only_keys_that_are_meant_for_it_verify() {
    for (members, expected) in [
        (
            json!({ "use": "sig", "key_ops": ["verify"], "alg": "RS256" }),
            "verified",
        ),
        (json!({ "use": null, "key_ops": ["sign", "verify"] }), "verified"),
        (json!({ "use": "enc" }), "signature"),
        (json!({ "use": "something else" }), "signature"),
        (json!({ "key_ops": ["encrypt"] }), "unknown key"),
        (json!({ "key_ops": "verify" }), "unknown key"),
        (json!({ "alg": "RS384" }), "signature"),
        (json!({ "alg": "PS256" }), "signature"),
        (json!({ "alg": "RSA-OAEP" }), "unknown key"),
        (json!({ "kty": "oct", "k": "AAAA" }), "unknown key"),
        (json!({ "kty": "EC" }), "unknown key"),
    ] {
        let entries = json!([jwk(&*RSA, members.clone())]);
        assert_eq!(
            verdict(&entries, &unnamed(), IdTokenAlgorithm::Rs256),
            expected,
            "{members}"
        );
    }
}

/// DISC-13
#[test]
fn rsa_keys_under_2048_bits_are_refused() {
    let small = jws(&*SMALL_RSA, &json!({ "alg": "RS256" }), &json!({}));
    let entries = json!([jwk(&*SMALL_RSA, json!({}))]);
    assert_eq!(verdict(&entries, &small, IdTokenAlgorithm::Rs256), "unknown key");
}

/// IDT-06
#[test]
fn without_a_kid_all_keys_are_tried() {
    let single = json!([jwk(&*RSA, json!({}))]);
    assert_eq!(verdict(&single, &unnamed(), IdTokenAlgorithm::Rs256), "verified");
    let many = json!([
        jwk(&*OTHER_RSA, json!({})),
        es256_key(),
        jwk(&*ED25519, json!({})),
        jwk(&*OTHER_RSA, json!({ "kid": "2" })),
        jwk(&*RSA, json!({ "kid": "1" })),
    ]);
    assert_eq!(verdict(&many, &unnamed(), IdTokenAlgorithm::Rs256), "verified");
    let others = json!([jwk(&*OTHER_RSA, json!({})), es256_key()]);
    assert_eq!(verdict(&others, &unnamed(), IdTokenAlgorithm::Rs256), "signature");
}

/// IDT-06
#[test]
fn keys_that_do_not_fit_take_no_place_among_those_that_are_tried() {
    let verdict_after = |others: &Value| {
        let mut entries = vec![others.clone(); CANDIDATES_LIMIT];
        entries.push(jwk(&*RSA, json!({})));
        verdict(&json!(entries), &unnamed(), IdTokenAlgorithm::Rs256)
    };
    for others in [
        jwk(&*OTHER_RSA, json!({ "use": "enc" })),
        jwk(&*OTHER_RSA, json!({ "alg": "PS256" })),
        es256_key(),
        jwk(&*ED25519, json!({})),
    ] {
        assert_eq!(verdict_after(&others), "verified", "{others}");
    }
    let fitting = jwk(&*OTHER_RSA, json!({}));
    assert_eq!(
        verdict_after(&fitting),
        "signature",
        "the work for one token has an end"
    );
}

/// IDT-05
#[test]
fn the_key_has_to_be_the_named_one_and_the_signature_its_own() {
    let entries = json!([
        jwk(&*RSA, json!({ "kid": "1" })),
        jwk(&*OTHER_RSA, json!({ "kid": "2" }))
    ]);
    assert_eq!(verdict(&entries, &named("1"), IdTokenAlgorithm::Rs256), "verified");
    assert_eq!(verdict(&entries, &named("2"), IdTokenAlgorithm::Rs256), "signature");
    assert_eq!(verdict(&entries, &named("3"), IdTokenAlgorithm::Rs256), "unknown key");
    assert_eq!(
        verdict(&entries, &named("1"), IdTokenAlgorithm::Ps256),
        "signature",
        "the key has another algorithm"
    );
    let forged = jws(&*OTHER_RSA, &json!({ "alg": "RS256", "kid": "1" }), &json!({}));
    assert_eq!(verdict(&entries, &forged, IdTokenAlgorithm::Rs256), "signature");
    // Two keys have the same `kid`: each is tried.
    let twins = json!([
        jwk(&*OTHER_RSA, json!({ "kid": "1" })),
        jwk(&*RSA, json!({ "kid": "1" }))
    ]);
    assert_eq!(verdict(&twins, &named("1"), IdTokenAlgorithm::Rs256), "verified");
}

/// IDT-05
#[test]
fn es256_signatures_are_verified() {
    let entries = json!([es256_key()]);
    assert_eq!(verdict(&entries, ES256_JWS, IdTokenAlgorithm::Es256), "verified");
    let (signing_input, _) = ES256_JWS.rsplit_once('.').expect("a JWS");
    let der = [&[0x30, 0x44, 0x02, 0x20][..], &[1; 32], &[0x02, 0x20], &[1; 32]].concat();
    for signature in [vec![0; 64], vec![1; 63], vec![1; 64], vec![], der] {
        let forged = format!("{signing_input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature));
        assert_eq!(verdict(&entries, &forged, IdTokenAlgorithm::Es256), "signature");
    }
}

#[test]
fn ed25519_signatures_are_verified() {
    let token = jws(&*ED25519, &json!({ "alg": "EdDSA" }), &json!({}));
    assert_eq!(
        verdict(&json!([jwk(&*ED25519, json!({}))]), &token, IdTokenAlgorithm::EdDsa),
        "verified"
    );
    assert_eq!(
        verdict(&json!([jwk(&*RSA, json!({}))]), &token, IdTokenAlgorithm::EdDsa),
        "signature"
    );
}

/// A key of P-384, and a token by it.
fn es384() -> (Value, String) {
    let (algorithm, random) = (&ECDSA_P384_SHA384_FIXED_SIGNING, SystemRandom::new());
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key");
    let (x, y) = pair.public_key().as_ref()[1..].split_at(48);
    let [x, y] = [x, y].map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
    let [header, payload] = [r#"{"alg":"ES384"}"#, "{}"].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    let signed = format!("{header}.{payload}");
    let signature = pair.sign(&random, signed.as_bytes()).expect("a signature");
    let token = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature));
    (json!({ "kty": "EC", "crv": "P-384", "x": x, "y": y }), token)
}

/// IDT-05
///
/// The crates under openidconnect sign, and not the library that verifies; but for P-384, with which they cannot sign.
#[test]
fn a_signature_of_each_algorithm_is_verified_by_its_algorithm_and_by_no_other() {
    let (p384, es384) = es384();
    let entries = json!([jwk(&*RSA, json!({})), es256_key(), p384, jwk(&*ED25519, json!({}))]);
    for algorithm in IdTokenAlgorithm::ALL {
        let header = json!({ "alg": algorithm.name() });
        let token = match algorithm {
            IdTokenAlgorithm::Es256 => ES256_JWS.to_owned(),
            IdTokenAlgorithm::Es384 => es384.clone(),
            IdTokenAlgorithm::EdDsa => jws(&*ED25519, &header, &json!({})),
            _ => jws(&*RSA, &header, &json!({})),
        };
        for tried in IdTokenAlgorithm::ALL {
            let expected = if tried == algorithm { "verified" } else { "signature" };
            assert_eq!(verdict(&entries, &token, tried), expected, "{algorithm:?} as {tried:?}");
        }
    }
}

/// IDT-05
///
/// The largest key that `ring` takes. OpenSSL has made it, because here it would take minutes.
#[test]
fn a_signature_by_an_rsa_key_of_8192_bits_is_verified() {
    let made: Value = serde_json::from_str(include_str!("tests/rsa_8192.json")).expect("JSON");
    let (entries, token) = (json!([made["key"]]), made["token"].as_str().expect("a token"));
    assert_eq!(verdict(&entries, token, IdTokenAlgorithm::Rs256), "verified");
    let (signed, _) = token.rsplit_once('.').expect("a JWS");
    let forged = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode([1; 1024]));
    assert_eq!(verdict(&entries, &forged, IdTokenAlgorithm::Rs256), "signature");
}
