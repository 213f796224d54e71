//! The client assertion of `private_key_jwt` (Core §9, RFC 7523 §3).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::Value;

use crate::{lock::lock, state::ProviderState};

/// The value of `client_assertion_type`.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The signature algorithms of assertions.
pub(crate) const ALGORITHMS: [&str; 5] = ["PS256", "RS256", "ES256", "ES384", "EdDSA"];

/// An assertion that is good for longer, in seconds, would have to be remembered for longer.
const LONGEST_LIFETIME: u64 = 300;

/// Checks that the assertion is the client's, and new. The error names the fault.
pub(super) fn verify(provider: &ProviderState, assertion: &str, jwks: &Value) -> Result<(), &'static str> {
    let claims = claims(assertion, jwks).ok_or("the client assertion is not signed with a registered key")?;
    let says = |claim: &str, value: &str| claims.get(claim).is_some_and(|claimed| claimed == value);
    if !says("iss", &provider.settings.client.id) || !says("sub", &provider.settings.client.id) {
        return Err("iss and sub of a client assertion are the client's identifier");
    }
    if !says("aud", &provider.issuer) {
        return Err("aud of a client assertion is the issuer, as one string");
    }
    let now = provider.clock.seconds();
    let expires = claims.get("exp").and_then(Value::as_u64).unwrap_or_default();
    if expires <= now || expires > now + LONGEST_LIFETIME {
        return Err("the client assertion has expired, or is good for too long");
    }
    let fresh = |jti: &str| lock(&provider.assertions).insert(jti.to_owned());
    if claims.get("jti").and_then(Value::as_str).is_some_and(fresh) {
        Ok(())
    } else {
        Err("a client assertion has a jti, and comes once")
    }
}

/// The claims of an assertion that the key of its `kid` has signed.
fn claims(assertion: &str, jwks: &Value) -> Option<Value> {
    let (signing_input, signature) = assertion.rsplit_once('.')?;
    let (header, payload) = signing_input.split_once('.')?;
    let header = json(header)?;
    let algorithm = header.get("alg")?;
    if !ALGORITHMS.contains(&algorithm.as_str()?) {
        return None;
    }
    let algorithm: CoreJwsSigningAlgorithm = serde_json::from_value(algorithm.clone()).ok()?;
    let mut keys = jwks.get("keys")?.as_array()?.iter();
    let key = keys.find(|key| key.get("kid").is_some_and(|kid| header.get("kid") == Some(kid)))?;
    let key: CoreJsonWebKey = serde_json::from_value(key.clone()).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    key.verify_signature(&algorithm, signing_input.as_bytes(), &signature)
        .ok()?;
    json(payload)
}

fn json(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
