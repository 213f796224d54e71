//! An ID Token that comes back as `id_token_hint` (RP-Initiated Logout 1.0 §2).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{JsonWebKey, core::CoreJwsSigningAlgorithm};
use serde_json::Value;

use crate::state::ProviderState;

/// A person's session at the provider, as tokens name it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ProviderSession {
    pub(crate) sid: String,
    pub(crate) subject: String,
}

/// The session of an ID Token that this provider issued to its client. It may have expired long ago: it names the
/// person who wants to sign out, and nothing more. `None` if it is not one of ours.
pub(crate) fn session_of_hint(provider: &ProviderState, token: &str) -> Option<ProviderSession> {
    let (signing_input, signature) = token.rsplit_once('.')?;
    let (header, payload) = signing_input.split_once('.')?;
    if json(header)?.get("alg")? != "RS256" {
        return None;
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let verified = provider.keys.all().iter().any(|key| {
        key.public()
            .verify_signature(&algorithm, signing_input.as_bytes(), &signature)
            .is_ok()
    });
    let claims = json(payload)?;
    let ours = claims.get("iss")? == &provider.issuer && claims.get("aud")? == &provider.settings.client.id;
    let text = |claim| claims.get(claim)?.as_str().map(str::to_owned);
    let session = ProviderSession {
        sid: text("sid")?,
        subject: text("sub")?,
    };
    (verified && ours).then_some(session)
}

fn json(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
