use openidconnect::{JsonWebKey, core::CoreJsonWebKey, core::CoreJwsSigningAlgorithm as Jws};

use super::*;
use crate::tests::client_key::{ED25519, P256, P384, RSA, keys, rsa};

/// TOK-04
///
/// openidconnect, a library that we do not sign with, verifies the signature with the published key.
#[test]
fn each_key_signs_what_its_published_half_verifies() {
    use AssertionAlgorithm::{EdDsa, Es256, Es384, Ps256, Rs256};
    for (pem, algorithm, jws) in [
        (&*RSA, Ps256, Jws::RsaSsaPssSha256),
        (&*RSA, Rs256, Jws::RsaSsaPkcs1V15Sha256),
        (&*P256, Es256, Jws::EcdsaP256Sha256),
        (&*P384, Es384, Jws::EcdsaP384Sha384),
        (&*ED25519, EdDsa, Jws::EdDsa),
    ] {
        let keys = keys(&[pem]);
        let signature = keys.signing().sign(algorithm, b"input").expect("a signature");
        let published: CoreJsonWebKey = serde_json::from_value(keys.jwk_set()["keys"][0].clone()).expect("a JWK");
        published
            .verify_signature(&jws, b"input", &signature)
            .expect("verified");
        let altered = published.verify_signature(&jws, b"imput", &signature);
        assert!(altered.is_err(), "{algorithm:?}");
    }
    assert!(
        keys(&[&P256]).signing().sign(Rs256, b"input").is_err(),
        "RS256 is no algorithm of a P-256 key"
    );
}

#[test]
fn an_ed25519_key_is_published_named_and_used_as_in_rfc_8037() {
    let keys = keys(&[&ED25519]);
    assert_eq!(
        keys.jwk_set(),
        json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "use": "sig", "alg": "EdDSA",
        }]})
    );
    let input = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = keys
        .signing()
        .sign(AssertionAlgorithm::EdDsa, input)
        .expect("a signature");
    assert_eq!(
        BASE64_URL_SAFE_NO_PAD.encode(signature),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
}

/// RFC 7518 §6.2.1.2. The verification above would not notice coordinates of the wrong length: the library only joins
/// both, so a point that is split at the wrong octet verifies too.
#[test]
fn the_coordinates_of_a_curve_are_published_in_its_full_length() {
    for (pem, curve, octets) in [(&*P256, "P-256", 32), (&*P384, "P-384", 48)] {
        let jwk = keys(&[pem]).jwk_set()["keys"][0].clone();
        assert_eq!((&jwk["kty"], &jwk["crv"]), (&json!("EC"), &json!(curve)));
        for coordinate in ["x", "y"] {
            let encoded = jwk[coordinate].as_str().expect("text");
            let decoded = BASE64_URL_SAFE_NO_PAD.decode(encoded).expect("base64url");
            assert_eq!(decoded.len(), octets, "{curve}: {coordinate}");
        }
    }
}

#[test]
fn the_thumbprint_of_an_rsa_key_is_that_of_rfc_7638() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3\
             oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZ\
             Hzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-k\
             EgU8awapJzKnqDKgw";
    let members = [("kty", "RSA"), ("n", n), ("e", "AQAB")];
    let public = members.map(|(name, value)| (name.to_owned(), json!(value)));
    assert_eq!(
        thumbprint(&Map::from_iter(public)),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

#[test]
fn of_a_key_ring_the_first_signs_and_the_public_halves_of_all_are_published() {
    let ring = keys(&[&RSA, &P256, &ED25519, &P384]);
    let published = ring.jwk_set();
    let published = published["keys"].as_array().expect("keys");
    assert_eq!(published.len(), 4);
    assert_eq!(published[0]["kid"], ring.signing().kid());
    let turned = keys(&[&P256, &RSA]);
    assert_eq!(
        turned.signing().kid(),
        published[1]["kid"],
        "the kid depends only on the key"
    );
    let may_be_seen = ["kty", "use", "kid", "alg", "n", "e", "crv", "x", "y"];
    for key in published {
        for member in key.as_object().expect("a key").keys() {
            assert!(may_be_seen.contains(&member.as_str()), "{member} is published");
        }
    }
    assert_eq!(published[0].get("alg"), None, "an RSA key has two algorithms");
}

#[test]
fn a_text_that_is_no_key_for_assertions_is_refused_and_not_repeated() {
    let pkcs1 = RSA.replace("PRIVATE KEY", "RSA PRIVATE KEY");
    let encrypted = RSA.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    for (pem, error) in [
        ("", ClientKeyError::Pem),
        ("canary", ClientKeyError::Pem),
        (&pkcs1, ClientKeyError::Pem),
        (&encrypted, ClientKeyError::Pem),
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            ClientKeyError::Kind,
        ),
        (&rsa(1024), ClientKeyError::Kind),
        (&format!("{}{}", *P256, rsa(1024)), ClientKeyError::Kind),
    ] {
        assert_eq!(ClientKeys::from_pem(pem).expect_err("no key"), error, "{pem}");
    }
}
