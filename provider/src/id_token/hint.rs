//! An ID Token that comes back as `id_token_hint` (RP-Initiated Logout 1.0 §2).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{JsonWebKey, core::CoreJwsSigningAlgorithm};
use serde_json::Value;

use crate::state::ProviderState;

/// The `sid` of an ID Token that this provider issued to its client. It may have expired long ago: it says who wants to
/// sign out, and nothing more. `None` if it is not one of ours.
pub(crate) fn sid_of_hint(provider: &ProviderState, token: &str) -> Option<String> {
    let (signing_input, signature) = token.rsplit_once('.')?;
    let (header, payload) = signing_input.split_once('.')?;
    if json(header)?.get("alg")? != "RS256" {
        return None;
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let verified = provider.keys.published().iter().any(|key| {
        key.public()
            .verify_signature(&algorithm, signing_input.as_bytes(), &signature)
            .is_ok()
    });
    let claims = json(payload)?;
    let ours = claims.get("iss")? == &provider.issuer && claims.get("aud")? == &provider.client.id;
    if verified && ours {
        claims.get("sid")?.as_str().map(str::to_owned)
    } else {
        None
    }
}

fn json(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
