//! Demonstrating proof of possession (RFC 9449): an access token that is bound to a key of ours is worth nothing to a
//! thief. Each use comes with a proof, signed with that key, of this request and this moment.
//!
//! Servers may want a nonce of theirs in the proofs (§8, §9). The last one that each origin gave is kept, from an
//! answer of any kind, and used until another one comes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue, WWW_AUTHENTICATE},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::{DiscoveryError, RelyingParty};
use bff_clock::Clock;

pub(super) use key::ALGORITHM;
pub use key::DpopKey;

mod key;

/// The header with a proof (§4.1).
pub(super) const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The header with the nonce for the next proof (§8.1).
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// A longer nonce would make every request too large.
const NONCE_LIMIT: usize = 1024;

/// An access token, and the key for its proofs.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token.
    pub token: SecretString,
    /// The key that it is bound to. `None`: it is a bearer token.
    pub dpop_key: Option<DpopKey>,
}

/// Everything that a proof needs besides a key: the time, and the nonces of the servers that want one.
#[derive(Debug)]
pub(super) struct Dpop {
    clock: Arc<dyn Clock>,
    /// By origin. There are as many as the settings and the metadata name.
    nonces: Mutex<HashMap<String, Arc<str>>>,
    own_key: OnceLock<DpopKey>,
}

impl Dpop {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            nonces: Mutex::default(),
            own_key: OnceLock::new(),
        }
    }

    /// The key of the client's own tokens. Both live at most as long as this process.
    pub(super) fn own_key(&self) -> &DpopKey {
        self.own_key.get_or_init(DpopKey::generate)
    }

    /// A proof for one request, with `access_token` where it uses one (§4.2).
    pub(super) fn proof(
        &self,
        key: &DpopKey,
        method: &Method,
        url: &Url,
        access_token: Option<&SecretString>,
    ) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut htu = url.clone();
        htu.set_query(None);
        htu.set_fragment(None);
        let mut claims = json!({
            "jti": key::random_text(),
            "htm": method.as_str(),
            "htu": htu.as_str(),
            "iat": self.clock.now().unix_timestamp(),
        });
        if let Some(token) = access_token {
            let digest = Sha256::digest(token.expose_secret());
            claims["ath"] = BASE64_URL_SAFE_NO_PAD.encode(digest).into();
        }
        if let Some(nonce) = self.nonce(url) {
            claims["nonce"] = (*nonce).into();
        }
        let mut proof = HeaderValue::try_from(key.sign(&claims))?;
        proof.set_sensitive(true);
        Ok(proof)
    }

    /// Puts a token into a request's headers, with a proof where it needs one (§7.1).
    pub(super) fn authorize(
        &self,
        access_token: &AccessToken,
        (method, url): (&Method, &Url),
        headers: &mut HeaderMap,
    ) -> Result<(), InvalidHeaderValue> {
        let AccessToken { token, dpop_key } = access_token;
        let scheme = if dpop_key.is_some() { "DPoP" } else { "Bearer" };
        let mut authorization = HeaderValue::try_from(format!("{scheme} {}", token.expose_secret()))?;
        authorization.set_sensitive(true);
        headers.insert(AUTHORIZATION, authorization);
        headers.remove(PROOF);
        if let Some(key) = dpop_key {
            headers.insert(PROOF, self.proof(key, method, url, Some(token))?);
        }
        Ok(())
    }

    /// Remembers the nonce in an answer from `url` with any status (§8.2). Returns whether there was one.
    pub(super) fn learn(&self, url: &Url, headers: &HeaderMap) -> bool {
        let mut given = headers.get_all(NONCE).iter();
        let (Some(nonce), None) = (given.next(), given.next()) else {
            return false;
        };
        // §8.1: visible characters, but for quotation mark and backslash.
        let is_nonce = |text: &&str| {
            let is_character = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
            (1..=NONCE_LIMIT).contains(&text.len()) && text.bytes().all(is_character)
        };
        let Some(nonce) = nonce.to_str().ok().filter(is_nonce) else {
            return false;
        };
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.insert(url.origin().ascii_serialization(), nonce.into());
        true
    }

    fn nonce(&self, url: &Url) -> Option<Arc<str>> {
        let nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.get(&url.origin().ascii_serialization()).cloned()
    }
}

impl RelyingParty {
    /// A key for a login that begins, where its tokens are to be bound to one (RFC 9449).
    ///
    /// # Errors
    /// If there is no metadata.
    pub async fn dpop_key(&self) -> Result<Option<DpopKey>, DiscoveryError> {
        Ok(self.provider().await?.dpop.then(DpopKey::generate))
    }

    /// Puts an access token into the headers of a request of `method` to `url`, with a proof where it needs one.
    ///
    /// # Errors
    /// If the token has characters that no header has.
    pub fn authorize(
        &self,
        access_token: &AccessToken,
        request: (&Method, &Url),
        headers: &mut HeaderMap,
    ) -> Result<(), InvalidHeaderValue> {
        self.inner().dpop.authorize(access_token, request, headers)
    }

    /// Keeps the nonce of an answer of `url` for the next proof. Whether the same request, with
    /// another proof, may go through: the proof lacked a nonce, and there is one now (RFC 9449 §9).
    #[must_use]
    pub fn wants_another_proof(&self, url: &Url, (status, headers): (StatusCode, &HeaderMap)) -> bool {
        self.inner().dpop.learn(url, headers) && wants_nonce(status, headers)
    }
}

/// Whether a resource server refuses a proof because it wants its nonce in it (§9). The token may be as good as ever.
pub(super) fn wants_nonce(status: StatusCode, headers: &HeaderMap) -> bool {
    let is_challenge = |value: &HeaderValue| {
        let challenge = value.to_str().unwrap_or_default().to_ascii_lowercase();
        // A scheme is matched in any letter case, and may stand behind another one.
        challenge.contains("dpop ") && challenge.contains("use_dpop_nonce")
    };
    status == StatusCode::UNAUTHORIZED && headers.get_all(WWW_AUTHENTICATE).iter().any(is_challenge)
}

#[cfg(test)]
mod tests;
