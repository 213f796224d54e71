use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;

use super::*;
use crate::{
    DiscoveryError, Fault, RelyingParty, Usage,
    tests::{
        answerer::{Call, Reply},
        client_key::{P256, keys},
        provider::{ACCESS_TOKEN, Provider, claims, grant, metadata, now, token_response},
        signing_key::{RSA, jws, rs256},
    },
};
use bff_clock::ManualClock;

mod exchange;

const RESOURCE: &str = "https://api.example/orders?page=2";

fn dpop() -> Dpop {
    Dpop::new(Arc::new(ManualClock::new(now())))
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// The header and the claims of a proof, after checking its signature with the key in the header.
fn read(proof: &str) -> (Value, Value) {
    let parts: Vec<&str> = proof.split('.').collect();
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url");
    let [header, claims] = [0, 1].map(|at| serde_json::from_slice::<Value>(&decode(parts[at])).expect("JSON"));
    let coordinate = |name: &str| decode(header["jwk"][name].as_str().expect("a coordinate"));
    let point = [&[4][..], &coordinate("x"), &coordinate("y")].concat();
    let signing_input = format!("{}.{}", parts[0], parts[1]);
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(signing_input.as_bytes(), &decode(parts[2]))
        .expect("a signature by the key in the header");
    (header, claims)
}

fn proof(dpop: &Dpop, key: &DpopKey, url: &Url, token: Option<&SecretString>) -> (Value, Value) {
    let proof = dpop.proof(key, &Method::POST, url, token).expect("a proof");
    assert!(proof.is_sensitive());
    read(proof.to_str().expect("ASCII"))
}

/// TOK-13, PRX-11
#[test]
fn a_proof_says_key_request_token_and_moment() {
    let (dpop, key) = (dpop(), DpopKey::generate());
    let token = SecretString::from(ACCESS_TOKEN);
    let (header, claims) = proof(&dpop, &key, &url(&format!("{RESOURCE}#part")), Some(&token));
    assert_eq!((&header["typ"], &header["alg"]), (&json!("dpop+jwt"), &json!("ES256")));
    let jwk = header["jwk"].as_object().expect("a key");
    assert_eq!(
        jwk.keys().collect::<Vec<_>>(),
        ["crv", "kty", "x", "y"],
        "only the public half of the key"
    );
    assert_eq!(claims["htm"], "POST");
    assert_eq!(
        claims["htu"], "https://api.example/orders",
        "htu has no query and no fragment"
    );
    assert_eq!(claims["iat"], now().unix_timestamp());
    let ath = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(ACCESS_TOKEN));
    assert_eq!(claims["ath"], ath.as_str());
    let (_, second) = proof(&dpop, &key, &url(RESOURCE), None);
    assert_ne!(claims["jti"], second["jti"]);
    assert_eq!(
        second.as_object().expect("claims").len(),
        4,
        "the proof has neither ath nor nonce: {second}"
    );
}

/// TOK-13
#[test]
fn nonces_are_kept_by_origin_and_the_last_one_counts() {
    let (dpop, key) = (dpop(), DpopKey::generate());
    let nonce_for = |address: &str| proof(&dpop, &key, &url(address), None).1["nonce"].clone();
    let answer = |nonces: &[&'static str]| {
        let nonces = nonces.iter().map(|nonce| (NONCE, HeaderValue::from_static(nonce)));
        nonces.collect::<HeaderMap>()
    };
    assert!(dpop.learn(&url(RESOURCE), &answer(&["first"])));
    assert!(dpop.learn(&url("https://op.example/token"), &answer(&["providers"])));
    assert!(dpop.learn(&url("https://api.example/elsewhere"), &answer(&["second"])));
    assert_eq!(nonce_for(RESOURCE), "second");
    assert_eq!(nonce_for("https://op.example/userinfo"), "providers");
    assert_eq!(nonce_for("https://api.example:8443/orders"), Value::Null);
    let mut two = answer(&["third"]);
    two.append(NONCE, HeaderValue::from_static("fourth"));
    let long: &'static str = "n".repeat(1025).leak();
    for malformed in [
        two,
        answer(&[]),
        answer(&[""]),
        answer(&["a b"]),
        answer(&["a\"b"]),
        answer(&[long]),
    ] {
        assert!(!dpop.learn(&url(RESOURCE), &malformed));
    }
    assert_eq!(nonce_for(RESOURCE), "second");
}

/// PRX-11
#[test]
fn a_challenge_is_matched_in_any_letter_case() {
    let wants = |status: u16, challenge: &'static str| {
        let headers = HeaderMap::from_iter([(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))]);
        wants_nonce(StatusCode::from_u16(status).expect("a status"), &headers)
    };
    for challenge in [
        r#"DPoP error="use_dpop_nonce""#,
        r#"dpop algs="ES256", error="use_dpop_nonce""#,
        r#"Bearer, DPOP error="use_dpop_nonce""#,
    ] {
        assert!(wants(401, challenge), "{challenge}");
    }
    assert!(!wants(400, r#"DPoP error="use_dpop_nonce""#));
    assert!(!wants(401, r#"DPoP error="invalid_token""#));
    assert!(!wants(401, r#"Bearer error="use_dpop_nonce""#));
}

/// SES-13
#[test]
fn a_key_comes_back_from_where_it_is_kept_and_is_never_shown() {
    let key = DpopKey::generate();
    let again = DpopKey::read(key.secret()).expect("a key");
    assert_eq!(again.thumbprint(), key.thumbprint());
    assert_eq!(key.thumbprint().len(), 43);
    assert_ne!(DpopKey::generate().thumbprint(), key.thumbprint());
    let access_token = AccessToken {
        token: ACCESS_TOKEN.into(),
        dpop_key: Some(key.clone()),
    };
    let shown = format!("{key:?} {access_token:?} {:?}", dpop());
    assert!(
        !shown.contains(key.secret().expose_secret()) && !shown.contains(ACCESS_TOKEN),
        "{shown}"
    );
    for broken in ["", "AAAA", "no base64!"] {
        assert!(DpopKey::read(&broken.into()).is_none());
    }
}
