use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;

use super::*;
use crate::clock::ManualClock;
use crate::relying_party::{
    DiscoveryError, Fault, RelyingParty, Usage,
    tests::{
        answerer::{Call, Reply},
        client_key::{P256, keys},
        provider::{ACCESS_TOKEN, Provider, claims, grant, metadata, now, token_response},
        signing_key::{RSA, jws, rs256},
    },
};

const RESOURCE: &str = "https://api.example/orders?page=2";

fn dpop() -> Dpop {
    Dpop::new(Arc::new(ManualClock::new(now())))
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// Header and claims of a proof, whose signature is checked.
fn read(proof: &str) -> (Value, Value) {
    let parts: Vec<&str> = proof.split('.').collect();
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url");
    let [header, claims] = [0, 1].map(|at| serde_json::from_slice::<Value>(&decode(parts[at])).expect("JSON"));
    let coordinate = |name: &str| decode(header["jwk"][name].as_str().expect("a coordinate"));
    let point = [&[4][..], &coordinate("x"), &coordinate("y")].concat();
    let signing_input = format!("{}.{}", parts[0], parts[1]);
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(signing_input.as_bytes(), &decode(parts[2]))
        .expect("its own key's signature");
    (header, claims)
}

fn proof(dpop: &Dpop, key: &DpopKey, url: &Url, token: Option<&SecretString>) -> (Value, Value) {
    let proof = dpop.proof(key, &Method::POST, url, token).expect("a proof");
    assert!(proof.is_sensitive());
    read(proof.to_str().expect("ASCII"))
}

#[test]
fn tok_13_prx_11_a_proof_says_key_request_token_and_moment() {
    let (dpop, key) = (dpop(), DpopKey::generate());
    let token = SecretString::from(ACCESS_TOKEN);
    let (header, claims) = proof(&dpop, &key, &url(&format!("{RESOURCE}#part")), Some(&token));
    assert_eq!((&header["typ"], &header["alg"]), (&json!("dpop+jwt"), &json!("ES256")));
    let jwk = header["jwk"].as_object().expect("a key");
    assert_eq!(
        jwk.keys().collect::<Vec<_>>(),
        ["crv", "kty", "x", "y"],
        "the public half"
    );
    assert_eq!(claims["htm"], "POST");
    assert_eq!(
        claims["htu"], "https://api.example/orders",
        "without query and fragment"
    );
    assert_eq!(claims["iat"], now().unix_timestamp());
    let ath = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(ACCESS_TOKEN));
    assert_eq!(claims["ath"], ath.as_str());
    let (_, second) = proof(&dpop, &key, &url(RESOURCE), None);
    assert_ne!(claims["jti"], second["jti"]);
    assert_eq!(
        second.as_object().expect("claims").len(),
        4,
        "no ath and no nonce: {second}"
    );
}

#[test]
fn tok_13_nonces_are_kept_by_origin_and_the_last_one_counts() {
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

#[test]
fn prx_11_a_challenge_is_matched_in_any_letter_case() {
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

#[test]
fn ses_13_a_key_comes_back_from_where_it_is_kept_and_is_never_shown() {
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

async fn binding(change: impl FnOnce(&mut Value)) -> Provider {
    let provider = Provider::start().await;
    let mut document = metadata(provider.issuer());
    document["dpop_signing_alg_values_supported"] = json!(["RS256", "ES256"]);
    provider.set("/.well-known/openid-configuration", Reply::json(&document));
    let mut response = token_response(&jws(&*RSA, &rs256(), &claims(provider.issuer())));
    response["token_type"] = json!("DPoP");
    change(&mut response);
    provider.set("/token", Reply::json(&response));
    provider
}

fn proof_of(call: &Call) -> Value {
    read(&call.headers["dpop"]).1
}

/// Redeems a code with a proof. The key that the access token is bound to, or why there is none.
async fn redeemed(relying_party: &RelyingParty) -> Result<Option<DpopKey>, &'static str> {
    let mut grant = grant();
    grant.dpop_key = relying_party.dpop_key().await.map_err(|error| error.code())?;
    let authentication = relying_party.redeem(grant).await.map_err(|error| error.code())?;
    Ok(authentication.tokens().dpop_key.clone())
}

#[tokio::test]
async fn tok_13_the_token_request_and_userinfo_prove_the_key() {
    let provider = binding(|_| {}).await;
    let key = redeemed(&provider.relying_party()).await.expect("an authentication");
    assert!(key.is_some());
    let (token, userinfo) = (
        provider.calls("/token").remove(0),
        provider.calls("/userinfo").remove(0),
    );
    assert_eq!(proof_of(&token)["htu"], format!("{}/token", provider.issuer()));
    assert_eq!(userinfo.headers["authorization"], format!("DPoP {ACCESS_TOKEN}"));
    let proof = proof_of(&userinfo);
    assert_eq!((&proof["htm"], proof["ath"].is_string()), (&json!("GET"), true));
}

/// `fapi2-security-profile-final-client-test-token-type-case-insensitivity`, and TOK-06.
#[tokio::test]
async fn tok_13_tok_06_the_type_says_whether_a_token_is_bound() {
    let refused = Err("token_response_token_type");
    for (token_type, usage, expected) in [
        ("DPoP", Usage::Required, Ok(true)),
        ("dPOP", Usage::Required, Ok(true)),
        ("dpop", Usage::Auto, Ok(true)),
        ("bEARER", Usage::Auto, Ok(false)),
        ("Bearer", Usage::Required, refused),
        ("N_A", Usage::Auto, refused),
        ("DPoP", Usage::Off, refused),
    ] {
        let provider = binding(|response| response["token_type"] = json!(token_type)).await;
        let relying_party = provider.relying_party_with(|it| it.dpop = usage);
        let bound = redeemed(&relying_party).await.map(|key| key.is_some());
        assert_eq!(bound, expected, "{token_type} {usage:?}");
        let calls = provider.calls("/userinfo");
        assert_eq!(
            calls.len(),
            usize::from(expected.is_ok()),
            "nothing is called with what is refused"
        );
        let scheme = calls
            .first()
            .map(|call| call.headers["authorization"].starts_with("DPoP "));
        assert_eq!(scheme, expected.ok());
    }
}

#[tokio::test]
async fn tok_13_an_endless_wish_for_nonces_is_granted_once() {
    let provider = binding(|_| {}).await;
    let endless = Reply::error(400, "use_dpop_nonce");
    provider.set("/token", endless.clone().with_header("dpop-nonce", "n-1"));
    let relying_party = provider.relying_party();
    assert_eq!(redeemed(&relying_party).await.err(), Some("token_request_dpop_nonce"));
    let [first, second] = &provider.calls("/token")[..] else {
        panic!("two calls")
    };
    let (before, after) = (proof_of(first), proof_of(second));
    assert_eq!((before.get("nonce"), &after["nonce"]), (None, &json!("n-1")));
    assert_ne!(before["jti"], after["jti"]);
    assert_eq!(first.body, second.body);
    // Without a nonce there is nothing to try again with.
    provider.set("/token", endless);
    assert_eq!(redeemed(&relying_party).await.err(), Some("token_request_dpop_nonce"));
    assert_eq!(provider.calls("/token").len(), 3);
    provider.set(
        "/token",
        Reply::error(400, "invalid_dpop_proof").with_header("dpop-nonce", "n-2"),
    );
    assert_eq!(redeemed(&relying_party).await.err(), Some("token_request_dpop_proof"));
    assert_eq!(provider.calls("/token").len(), 4, "no other error is tried again");
}

#[tokio::test]
async fn tok_13_userinfo_is_asked_once_more_with_the_nonce_that_it_wants() {
    let provider = binding(|_| {}).await;
    let challenge = Reply::error(401, "use_dpop_nonce")
        .with_header("www-authenticate", r#"dpop error="use_dpop_nonce""#)
        .with_header("dpop-nonce", "n-1");
    provider.set("/userinfo", challenge);
    assert_eq!(
        redeemed(&provider.relying_party()).await.err(),
        Some("userinfo_access_token")
    );
    let nonces: Vec<_> = provider
        .calls("/userinfo")
        .iter()
        .map(|call| proof_of(call)["nonce"].clone())
        .collect();
    assert_eq!(nonces, [Value::Null, json!("n-1")], "and no third time");
}

#[tokio::test]
async fn tok_13_a_provider_without_our_algorithm_gets_no_proof_or_no_login() {
    let provider = Provider::start().await;
    assert_eq!(
        redeemed(&provider.relying_party()).await.map(|key| key.is_some()),
        Ok(false)
    );
    assert!(!provider.calls("/token")[0].headers.contains_key("dpop"));
    let required = provider.relying_party_with(|it| it.dpop = Usage::Required);
    let error: DiscoveryError = required.provider().await.expect_err("no ES256");
    assert_eq!((error.code(), error.fault()), ("metadata_dpop", Fault::Unavailable));
}

#[tokio::test]
async fn tok_13_the_second_time_has_a_new_assertion_of_who_we_are_too() {
    let provider = binding(|_| {}).await;
    let mut document = metadata(provider.issuer());
    document["dpop_signing_alg_values_supported"] = json!(["ES256"]);
    document["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt"]);
    document["token_endpoint_auth_signing_alg_values_supported"] = json!(["ES256"]);
    provider.set("/.well-known/openid-configuration", Reply::json(&document));
    provider.set(
        "/token",
        Reply::error(400, "use_dpop_nonce").with_header("dpop-nonce", "n-1"),
    );
    let relying_party = provider.relying_party_with(|it| it.credentials.keys = Some(keys(&[&*P256])));
    assert_eq!(redeemed(&relying_party).await.err(), Some("token_request_dpop_nonce"));
    let assertions: Vec<_> = provider
        .calls("/token")
        .iter()
        .flat_map(Call::form)
        .filter(|(name, _)| name == "client_assertion")
        .collect();
    assert_eq!(assertions.len(), 2);
    assert_ne!(assertions[0], assertions[1]);
}
