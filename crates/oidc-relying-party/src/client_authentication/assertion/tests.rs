use std::{collections::HashSet, time::Duration as Span};

use openidconnect::{JsonWebKey, core::CoreJsonWebKey};
use serde_json::{Map, Value};

use crate::{
    AssertionAudience, Credentials, RelyingParty, TokenTypeHint,
    jws::Jws,
    tests::{
        answerer::{Call, Reply},
        client_key::{ED25519, P256, RSA, keys},
        provider::{CLIENT_ID, Provider, grant, metadata, now},
    },
};
use bff_clock::Clock;

const METADATA: &str = "/.well-known/openid-configuration";

/// A provider that takes assertions and has a revocation endpoint.
async fn provider(methods: &Value, algorithms: &Value) -> Provider {
    let provider = Provider::start().await;
    let mut document = metadata(provider.issuer());
    document["token_endpoint_auth_methods_supported"] = methods.clone();
    document["token_endpoint_auth_signing_alg_values_supported"] = algorithms.clone();
    document["revocation_endpoint"] = format!("{}/revoke", provider.issuer()).into();
    provider.set(METADATA, Reply::json(&document));
    provider.set("/revoke", Reply::new(200, "", ""));
    provider
}

fn with_key(provider: &Provider, pem: &str, audience: AssertionAudience) -> RelyingParty {
    provider.relying_party_with(|it| {
        // The client keeps its secret beside the key. `assertion` checks that the secret is not sent.
        it.credentials.keys = Some(keys(&[pem]));
        it.assertion_audience = audience;
    })
}

fn parameter<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = form
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str());
    let value = values.next();
    assert!(values.next().is_none(), "{name} is there twice");
    value
}

/// The assertion of a call, and its claims. Checks that the call has no other client authentication.
fn assertion(call: &Call) -> (String, Map<String, Value>) {
    let form = call.form();
    assert_eq!(parameter(&form, "client_secret"), None);
    assert!(!call.headers.contains_key("authorization") && call.query.is_none());
    assert_eq!(parameter(&form, "client_id"), Some(CLIENT_ID));
    assert_eq!(parameter(&form, "client_assertion_type"), Some(super::TYPE));
    let assertion = parameter(&form, "client_assertion").expect("an assertion").to_owned();
    let claims = Jws::parse(&assertion).expect("a JWS").claims().expect("claims");
    (assertion, claims)
}

/// TOK-04
#[tokio::test]
async fn every_endpoint_gets_a_new_assertion_addressed_to_the_issuer() {
    let provider = provider(&["client_secret_basic", "private_key_jwt"].into(), &["ES256"].into()).await;
    let relying_party = with_key(&provider, &P256, AssertionAudience::Issuer);
    relying_party.redeem(grant()).await.expect("a login");
    provider.clock.advance(Span::from_secs(100));
    relying_party.client_credentials(None, false).await.expect("a token");
    for hint in [TokenTypeHint::RefreshToken, TokenTypeHint::RefreshToken] {
        relying_party.revoke(&"token".into(), hint).await.expect("revoked");
    }
    let calls = [provider.calls("/token"), provider.calls("/revoke")].concat();
    let claims: Vec<_> = calls.iter().map(|call| assertion(call).1).collect();
    assert_eq!(claims.len(), 4);
    let jtis: HashSet<_> = claims
        .iter()
        .map(|claims| claims["jti"].as_str().expect("text"))
        .collect();
    assert_eq!(jtis.len(), 4, "each jti is different");
    assert!(jtis.iter().all(|jti| jti.len() >= 22), "a jti has at least 128 bits");
    for (claims, at) in claims.iter().zip([now(), provider.clock.now(), provider.clock.now()]) {
        assert_eq!((&claims["iss"], &claims["sub"]), (&CLIENT_ID.into(), &CLIENT_ID.into()));
        assert_eq!(claims["aud"], provider.issuer(), "aud is one string");
        assert_eq!(claims["iat"], at.unix_timestamp());
        assert_eq!(claims["exp"], at.unix_timestamp() + 60);
    }
}

/// TOK-04
#[tokio::test]
async fn the_audience_of_older_providers_is_a_setting() {
    let provider = provider(&["private_key_jwt"].into(), &Value::Null).await;
    let endpoint = |path: &str| format!("{}{path}", provider.issuer());
    for (audience, at_token, at_revocation) in [
        (AssertionAudience::Issuer, endpoint(""), endpoint("")),
        (AssertionAudience::TokenEndpoint, endpoint("/token"), endpoint("/token")),
        (AssertionAudience::Endpoint, endpoint("/token"), endpoint("/revoke")),
    ] {
        let relying_party = with_key(&provider, &ED25519, audience);
        relying_party.client_credentials(None, false).await.expect("a token");
        let hint = TokenTypeHint::AccessToken;
        relying_party.revoke(&"token".into(), hint).await.expect("revoked");
        for (path, expected) in [("/token", at_token), ("/revoke", at_revocation)] {
            let call = provider.calls(path).pop().expect("a call");
            assert_eq!(assertion(&call).1["aud"], expected, "{audience:?}");
        }
    }
}

/// TOK-04
#[tokio::test]
async fn the_algorithm_is_the_best_of_the_key_that_the_provider_lists() {
    for (pem, listed, expected) in [
        (&*RSA, Value::from(["RS256", "PS256"]), "PS256"),
        (&*RSA, ["ES256", "RS256"].into(), "RS256"),
        (&*RSA, Value::Null, "RS256"),
        (&*P256, ["RS256", "ES256"].into(), "ES256"),
        (&*P256, Value::Null, "ES256"),
        (&*ED25519, ["EdDSA"].into(), "EdDSA"),
    ] {
        let provider = provider(&["private_key_jwt"].into(), &listed).await;
        let relying_party = provider.relying_party_with(|it| it.credentials = Credentials::from(keys(&[pem])));
        relying_party.client_credentials(None, false).await.expect("a token");
        let (assertion, _) = assertion(&provider.calls("/token")[0]);
        let jws = Jws::parse(&assertion).expect("a JWS");
        assert_eq!(jws.algorithm(), Some(expected), "{listed}");
        assert_eq!(jws.kind(), Ok(Some("jwt".to_owned())));
        let published = keys(&[pem]).jwk_set()["keys"][0].clone();
        assert_eq!(jws.key_id(), published["kid"].as_str());
        let algorithm = serde_json::from_value(expected.into()).expect("an algorithm");
        let key: CoreJsonWebKey = serde_json::from_value(published).expect("a JWK");
        key.verify_signature(&algorithm, jws.signing_input().as_bytes(), jws.signature())
            .expect("verified");
    }
}
