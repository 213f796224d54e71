//! The ID Token (Core §2), and everything a hostile provider may do to it.

mod hint;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{AccessToken, AccessTokenHash, core::CoreJwsSigningAlgorithm};
use serde_json::{Map, Value, json};

pub(crate) use self::hint::{ProviderSession, session_of_hint};
use crate::{
    faults::{Document, edit},
    grants::Grant,
    keys::SigningKey,
    signature::{algorithm, named_key, sign},
    state::ProviderState,
};

/// How long the relying party may take to accept it, in seconds.
const LIFETIME: u64 = 300;

/// A signed ID Token in compact serialisation; `nonce` only after an authorization request, not after a refresh.
pub(crate) fn id_token(provider: &ProviderState, grant: &Grant, nonce: Option<&str>, access_token: &str) -> String {
    let faults = &provider.faults;
    if let Some(raw) = faults.id_token_raw() {
        return raw;
    }
    let fault = faults.signature();
    let algorithm = algorithm(fault.as_ref());
    let key = named_key(provider, fault.as_ref());
    let mut header = Map::from_iter([
        ("alg".to_owned(), json!(algorithm)),
        ("typ".to_owned(), json!("JWT")),
        ("kid".to_owned(), json!(key.kid())),
    ]);
    edit(faults, Document::IdTokenHeader, &mut header);
    let mut claims = claims(provider, grant);
    if let Some(at_hash) = at_hash(&key, access_token, &algorithm) {
        claims.insert("at_hash".to_owned(), at_hash);
    }
    if let Some(nonce) = nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    edit(faults, Document::IdTokenClaims, &mut claims);
    let signing_input = format!(
        "{}.{}",
        part(header, &faults.header_text()),
        part(claims, &faults.claims_text())
    );
    sign(provider, fault.as_ref(), &algorithm, &signing_input)
}

fn claims(provider: &ProviderState, grant: &Grant) -> Map<String, Value> {
    let now = provider.clock.seconds();
    let mut claims = Map::from_iter([
        ("iss".to_owned(), json!(provider.issuer)),
        ("sub".to_owned(), json!(grant.subject)),
        ("aud".to_owned(), json!(provider.settings.client.id)),
        ("iat".to_owned(), json!(now)),
        ("exp".to_owned(), json!(now + LIFETIME)),
        ("auth_time".to_owned(), json!(grant.auth_time)),
        ("sid".to_owned(), json!(grant.sid)),
        ("amr".to_owned(), json!(["pwd"])),
    ]);
    let person = provider.person(&grant.username);
    if let Some(person) = person.filter(|_| provider.settings.roles_in_id_token && grant.has_scope("profile")) {
        let roles = provider.claims(person).remove("roles");
        claims.extend(roles.map(|roles| ("roles".to_owned(), roles)));
    }
    claims
}

/// The left half of the access token's hash (Core §3.1.3.6). Which hash follows from `alg`; `none` has none.
fn at_hash(key: &SigningKey, access_token: &str, algorithm: &CoreJwsSigningAlgorithm) -> Option<Value> {
    // openidconnect asks the key for the hash, and an RSA key knows no HMAC. Both hash with SHA-256.
    let algorithm = match algorithm {
        CoreJwsSigningAlgorithm::HmacSha256 => &CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        other => other,
    };
    let access_token = AccessToken::new(access_token.to_owned());
    let hash = AccessTokenHash::from_token(&access_token, algorithm, &key.public()).ok()?;
    Some(json!(hash))
}

/// One part of a JWS. `text` holds further members as written, which a JSON value cannot express: one member twice, `1e400`.
fn part(members: Map<String, Value>, text: &[String]) -> String {
    let mut json = Value::Object(members).to_string();
    for text in text {
        json.truncate(json.len() - 1);
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(text);
        json.push('}');
    }
    URL_SAFE_NO_PAD.encode(json)
}
