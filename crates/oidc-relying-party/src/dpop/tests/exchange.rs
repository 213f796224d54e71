//! Proofs in the requests to the provider: the token request and userinfo.

use super::*;

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

/// Redeems a code with a proof. Returns the key that the access token is bound to, or the code of the error.
async fn redeemed(relying_party: &RelyingParty) -> Result<Option<DpopKey>, &'static str> {
    let mut grant = grant();
    grant.dpop_key = relying_party.dpop_key().await.map_err(|error| error.code())?;
    let authentication = relying_party.redeem(grant).await.map_err(|error| error.code())?;
    Ok(authentication.tokens().dpop_key.clone())
}

/// TOK-13
#[tokio::test]
async fn the_token_request_and_userinfo_prove_the_key() {
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

/// TOK-06, TOK-13
///
/// The same as `fapi2-security-profile-final-client-test-token-type-case-insensitivity`; also TOK-06.
#[tokio::test]
async fn the_type_says_whether_a_token_is_bound() {
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
            "a refused token is not used for a call"
        );
        let scheme = calls
            .first()
            .map(|call| call.headers["authorization"].starts_with("DPoP "));
        assert_eq!(scheme, expected.ok());
    }
}

/// TOK-13
#[tokio::test]
async fn an_endless_wish_for_nonces_is_granted_once() {
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
    // The provider asks for a nonce but gives none, so a second request cannot succeed.
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

/// TOK-13
#[tokio::test]
async fn userinfo_is_asked_once_more_with_the_nonce_that_it_wants() {
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
    assert_eq!(nonces, [Value::Null, json!("n-1")], "there is no third request");
}

/// TOK-13
#[tokio::test]
async fn a_provider_without_our_algorithm_gets_no_proof_or_no_login() {
    let provider = Provider::start().await;
    assert_eq!(
        redeemed(&provider.relying_party()).await.map(|key| key.is_some()),
        Ok(false)
    );
    assert!(!provider.calls("/token")[0].headers.contains_key("dpop"));
    let required = provider.relying_party_with(|it| it.dpop = Usage::Required);
    let error: DiscoveryError = required.provider().await.expect_err("no ES256");
    assert_eq!((error.code(), error.fault()), ("metadata_dpop", Fault::Settings));
}

/// TOK-13
#[tokio::test]
async fn the_second_request_has_a_new_client_assertion_too() {
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
