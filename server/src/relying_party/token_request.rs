//! The token request (RFC 6749 §4.1.3, §4.4.2, §6; OpenID Connect Core 1.0 §3.1.3.1, §12.1) and what may come back.
//!
//! A request is sent once, whatever happens: a code or a refresh token that was sent may be spent even if no answer came
//! (RFC 6749 §4.1.2, RFC 9700 §4.14.2). openidconnect's own token request is not used: it parses the ID Token on the way,
//! and its parser refuses tokens that real providers issue (a boolean as a string, a date where a number should be) before
//! anything is checked.

use std::time::Duration;

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    AuthorizationGrant, DiscoveryError, DpopKey, Fault, Parts, ProviderMetadata, TokenSet,
    client_authentication::authenticated_form,
    dpop,
    http::{Answer, DocumentError, HttpError},
};

pub(super) use token_response::{Binding, TokenResponse};

mod token_response;

/// Tokens of some 20 KB each, with room to spare.
const SIZE_LIMIT: usize = 256 * 1024;

/// Redeems a code. The tokens that come back are not verified yet. `now` is when the request begins, so that an expiry
/// counted from it is rather too early than too late.
pub(super) async fn redeem(
    parts: &Parts,
    metadata: &ProviderMetadata,
    grant: &AuthorizationGrant,
    now: OffsetDateTime,
) -> Result<TokenSet, TokenRequestError> {
    // OpenID Connect Core §3.1.3.1, with the code verifier of RFC 7636 §4.5.
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", grant.code()),
        ("redirect_uri", parts.registration.redirect_uri.as_str()),
        ("code_verifier", grant.code_verifier.expose_secret()),
    ];
    let dpop_key = grant.dpop_key.as_ref();
    let document = request(parts, metadata, &parameters, dpop_key, parts.registration.http_timeout).await?;
    let binding = Binding::new(&parts.registration, metadata, dpop_key);
    TokenResponse::read(&document, &parts.registration.scope(), now, binding)?.token_set()
}

/// Sends the parameters of a grant, once, and gives the successful answer. The tokens are to be bound to `dpop_key`. A
/// provider that wants its nonce in the proof has not looked at the grant (RFC 9449 §8), which is then sent once more. The
/// answer may take as long as `patience`.
pub(super) async fn request(
    parts: &Parts,
    metadata: &ProviderMetadata,
    parameters: &[(&str, &str)],
    dpop_key: Option<&DpopKey>,
    patience: Duration,
) -> Result<Map<String, Value>, TokenRequestError> {
    let endpoint = &metadata.token_endpoint;
    let mut is_first = true;
    loop {
        // Made anew for the second time as well: a proof, or an assertion of who we are, is good once.
        let mut request =
            authenticated_form(parts, metadata, endpoint, parameters).map_err(|_| TokenRequestError::InvalidClient)?;
        if let Some(key) = dpop_key {
            let proof = parts.dpop.proof(key, &Method::POST, endpoint, None);
            request = request.header(dpop::PROOF, proof.map_err(|_| TokenRequestError::DpopProof)?);
        }
        let answer = parts.http.send(request.timeout(patience), SIZE_LIMIT).await?;
        let has_nonce = parts.dpop.learn(endpoint, &answer.headers);
        match success(&answer) {
            Err(TokenRequestError::DpopNonce) if is_first && has_nonce && dpop_key.is_some() => is_first = false,
            outcome => return outcome,
        }
    }
}

/// The body of a successful answer; of an unsuccessful one, the error that it reports.
fn success(answer: &Answer) -> Result<Map<String, Value>, TokenRequestError> {
    match answer.document(&["application/json"]) {
        // RFC 6749 §5.2 has errors come with 400 or 401, but some providers send them with 200.
        Ok(document) if document.contains_key("error") => Err(refusal(&document)),
        Ok(document) => Ok(document),
        Err(DocumentError::Status(status @ (400 | 401))) => {
            let document = answer.object().ok().filter(|document| document.contains_key("error"));
            Err(document.map_or(DocumentError::Status(status).into(), |document| refusal(&document)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The error code in an answer, to be compared with those that we know and not to be passed on.
pub(super) fn error_of(answer: &Answer) -> Option<String> {
    let document = answer.object().ok()?;
    document.get("error")?.as_str().map(str::to_owned)
}

/// RFC 6749 §5.2. Of a provider's text only the codes that we know are kept.
fn refusal(document: &Map<String, Value>) -> TokenRequestError {
    match document.get("error").and_then(Value::as_str) {
        Some("invalid_client") => TokenRequestError::InvalidClient,
        Some("invalid_grant") => TokenRequestError::InvalidGrant,
        Some("unauthorized_client") => TokenRequestError::UnauthorizedClient,
        Some("use_dpop_nonce") => TokenRequestError::DpopNonce,
        Some("invalid_dpop_proof") => TokenRequestError::DpopProof,
        Some("temporarily_unavailable" | "slow_down") => TokenRequestError::Busy,
        _ => TokenRequestError::Refused,
    }
}

/// Why a token request gave no tokens.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TokenRequestError {
    /// There is no metadata.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// No answer.
    #[error("the token endpoint did not answer")]
    Http(#[from] HttpError),
    /// An answer that is neither tokens nor a refusal.
    #[error("the token endpoint's answer is not the document it should be")]
    Document(#[from] DocumentError),
    /// The provider does not take our client identifier and secret.
    #[error("the provider refuses our client authentication; client identifier or secret are wrong, or the method is")]
    InvalidClient,
    /// This client may not use the grant type.
    #[error("the provider does not let this client use the grant type")]
    UnauthorizedClient,
    /// The code or the refresh token is spent, expired, revoked, or was for somebody else.
    #[error("the provider does not accept the authorization code or the refresh token")]
    InvalidGrant,
    /// The provider asks for patience.
    #[error("the provider is busy")]
    Busy,
    /// The provider wants a nonce of its own in the DPoP proof, and then another one.
    #[error("the provider wants another nonce in the DPoP proof than the one it gave")]
    DpopNonce,
    /// The provider does not accept the DPoP proof.
    #[error("the provider does not accept our DPoP proof; its clock or ours may be wrong")]
    DpopProof,
    /// Another refusal.
    #[error("the provider refuses the token request")]
    Refused,
    /// A member of the answer is missing, empty or of the wrong type.
    #[error("the token response's {0} is missing or malformed")]
    Member(&'static str),
    /// The access token is of a type that we cannot use.
    #[error("the token response's token_type is neither Bearer nor DPoP, or not the one that is demanded")]
    TokenType,
}

impl TokenRequestError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::Http(error) => error.code(),
            Self::Document(DocumentError::Status(_)) => "token_response_status",
            Self::Document(DocumentError::MediaType) => "token_response_media_type",
            Self::Document(DocumentError::NotAnObject) => "token_response_malformed",
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidGrant => "invalid_grant",
            Self::Busy => "token_request_busy",
            Self::DpopNonce => "token_request_dpop_nonce",
            Self::DpopProof => "token_request_dpop_proof",
            Self::Refused => "token_request_refused",
            Self::Member(_) => "token_response_member",
            Self::TokenType => "token_response_token_type",
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Discovery(error) => error.fault(),
            Self::Http(error) => error.fault(),
            Self::Document(error) => error.fault(),
            Self::InvalidClient | Self::UnauthorizedClient => Fault::Settings,
            // A code that lay too long, or came a second time.
            Self::InvalidGrant => Fault::Person,
            Self::Busy => Fault::Unavailable,
            Self::DpopNonce | Self::DpopProof | Self::Refused | Self::Member(_) | Self::TokenType => Fault::Provider,
        }
    }
}

#[cfg(test)]
mod tests;
