//! Access tokens that are bound to a key (RFC 9449): the proofs that come with requests, held to the letter.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    calls::Call,
    grants::{Binding, Holder},
    random::random_value,
    records::Side,
    state::ProviderState,
};

/// How far a proof's `iat` may be from the provider's clock, in seconds (§11.1).
const LEEWAY: u64 = 30;

/// The header that names the client's certificate. The TLS proxy in front of this provider sets it.
pub(crate) const CERTIFICATE: &str = "x-client-certificate";

/// Why a proof does not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ProofRefusal {
    /// It lacks this provider's nonce (§8, §9).
    Nonce,
    /// Something in it is not right.
    Invalid(&'static str),
}

impl ProofRefusal {
    /// The error code and the description.
    pub(crate) fn error(self) -> (&'static str, &'static str) {
        match self {
            Self::Nonce => (
                "use_dpop_nonce",
                "the proof has to have the nonce of the header DPoP-Nonce",
            ),
            Self::Invalid(reason) => ("invalid_dpop_proof", reason),
        }
    }
}

/// The thumbprint of the key whose proof came with a call, checked in full (§4.3). `None`: there is no proof.
pub(crate) fn thumbprint(
    provider: &ProviderState,
    call: &Call,
    side: Side,
    access_token: Option<&str>,
) -> Result<Option<String>, ProofRefusal> {
    let mut proofs = call.headers.iter().filter(|(name, _)| name == "dpop");
    let proof = match (proofs.next(), proofs.next()) {
        (None, _) => return Ok(None),
        (Some((_, proof)), None) => proof,
        _ => return Err(ProofRefusal::Invalid("more than one proof")),
    };
    let thumbprint = verified(proof).ok_or(ProofRefusal::Invalid("the proof is no JWS of its own key"))?;
    let (_, claims) = call
        .dpop_proof()
        .ok_or(ProofRefusal::Invalid("the proof has no claims"))?;
    check(provider, call, &claims, access_token)?;
    if provider.settings.dpop_nonces {
        let mut records = provider.proofs.records();
        let nonce = records.nonce(side);
        if nonce.is_empty() || claims["nonce"] != nonce.as_str() {
            return Err(ProofRefusal::Nonce);
        }
        // Good once, so that the one in a good answer has to be taken too (§8.2).
        nonce.clear();
    }
    Ok(Some(thumbprint))
}

/// Checks the claims about the request and the time.
fn check(
    provider: &ProviderState,
    call: &Call,
    claims: &Value,
    access_token: Option<&str>,
) -> Result<(), ProofRefusal> {
    let ath = access_token.map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token)));
    let age = claims["iat"].as_u64().map(|iat| iat.abs_diff(provider.clock.seconds()));
    let jti = claims["jti"].as_str().unwrap_or_default();
    let is_wrong = [
        (claims["htm"] != call.method.as_str(), "htm is another method"),
        (
            claims["htu"] != format!("{}{}", provider.issuer, call.path),
            "htu is another address",
        ),
        (
            claims.get("ath").and_then(Value::as_str) != ath.as_deref(),
            "ath is of another token",
        ),
        (age.is_none_or(|age| age > LEEWAY), "iat is not now"),
        (
            jti.len() < 16 || !provider.proofs.records().seen.insert(jti.to_owned()),
            "jti is short, or came before",
        ),
    ];
    match is_wrong.into_iter().find(|(wrong, _)| *wrong) {
        Some((_, reason)) => Err(ProofRefusal::Invalid(reason)),
        None => Ok(()),
    }
}

/// The thumbprint of the key in the header, if it made the signature.
fn verified(proof: &str) -> Option<String> {
    let (signing_input, signature) = proof.rsplit_once('.')?;
    let (header, _) = signing_input.split_once('.')?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let jwk = &header["jwk"];
    let is_right = header["typ"] == "dpop+jwt" && header["alg"] == "ES256" && jwk.get("d").is_none();
    let key: CoreJsonWebKey = serde_json::from_value(jwk.clone()).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let algorithm = CoreJwsSigningAlgorithm::EcdsaP256Sha256;
    key.verify_signature(&algorithm, signing_input.as_bytes(), &signature)
        .ok()?;
    let canonical = format!(
        r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
        jwk["x"].as_str()?,
        jwk["y"].as_str()?
    );
    is_right.then(|| URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)))
}

/// The holder of a call's access token. A token that is bound to a key counts with a proof only, and by the scheme
/// `DPoP` (§7.1). A token that is bound to a certificate counts on a connection with that certificate only (RFC 8705
/// §3).
pub(crate) fn holder(provider: &ProviderState, call: &Call, side: Side) -> Result<Holder, Refusal> {
    let authorization = call.header("authorization").unwrap_or_default();
    let (scheme, token) = authorization.split_once(' ').ok_or(Refusal::Token)?;
    let issued = provider.grants.access_token(token, provider.clock.seconds());
    let issued = issued.ok_or(Refusal::Token)?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    match &issued.binding {
        Binding::Bearer if is_bearer => Ok(issued.holder),
        Binding::Certificate(own) if is_bearer && call.header(CERTIFICATE) == Some(own) => Ok(issued.holder),
        Binding::Key(jkt) if scheme.eq_ignore_ascii_case("dpop") => {
            match thumbprint(provider, call, side, Some(token)).map_err(Refusal::Proof)? {
                Some(proven) if proven == *jkt => Ok(issued.holder),
                _ => Err(Refusal::Proof(ProofRefusal::Invalid(
                    "the token is bound to another key",
                ))),
            }
        }
        _ => Err(Refusal::Token),
    }
}

/// Why a call with an access token is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    /// There is no token, or one that is not good, or not this way.
    Token,
    /// The proof does not count.
    Proof(ProofRefusal),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (challenge, error) = match self {
            Self::Token => (r#"Bearer error="invalid_token""#, "invalid_token"),
            Self::Proof(refusal) => {
                let challenge = match refusal {
                    ProofRefusal::Nonce => r#"DPoP error="use_dpop_nonce", algs="ES256""#,
                    ProofRefusal::Invalid(_) => r#"DPoP error="invalid_dpop_proof", algs="ES256""#,
                };
                (challenge, refusal.error().0)
            }
        };
        let challenge = [(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))];
        (StatusCode::UNAUTHORIZED, challenge, Json(json!({ "error": error }))).into_response()
    }
}

/// The nonce for the next proof, with the answer to this one.
pub(crate) fn with_nonce(provider: &ProviderState, call: &Call, side: Side, mut response: Response) -> Response {
    if provider.settings.dpop_nonces && call.header("dpop").is_some() {
        let mut records = provider.proofs.records();
        let nonce = records.nonce(side);
        if nonce.is_empty() {
            *nonce = random_value();
        }
        let value = HeaderValue::from_str(nonce).expect("base64url");
        response.headers_mut().insert("dpop-nonce", value);
    }
    response
}
