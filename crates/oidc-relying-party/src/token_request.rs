//! The token request (RFC 6749 §4.1.3, §4.4.2, §6; OpenID Connect Core 1.0 §3.1.3.1, §12.1) and the possible answers.
//!
//! A request is sent once: a code or a refresh token that was sent may be spent even if no answer came (RFC 6749 §4.1.2,
//! RFC 9700 §4.14.2). It is sent once more in two cases. The provider wanted its nonce in the DPoP proof, and has not
//! looked at the grant. Or the connection had been kept from an earlier request and was closed before anything was
//! answered, which is how a provider ends an idle connection. Should the provider have read that request all the same, a
//! code is lost either way, since nobody has its tokens. A refresh token is not: sent twice it looks stolen, and ends
//! more than the request. Nobody is signed in by it, so it waits for the next attempt. openidconnect's own token request
//! is not used: it parses the ID Token on the way, and its parser refuses tokens that real providers issue (a boolean as
//! a string, a date where a number should be) before anything is checked.

use std::time::Duration;

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    AuthorizationGrant, DiscoveryError, DpopKey, Fault, Inner, ProviderMetadata,
    client_authentication::authenticated_form,
    dpop,
    http::{DocumentError, HttpError, HttpResponse},
    metrics::ProviderCall,
};

pub(super) use token_response::{Binding, TokenResponse};

mod token_response;

/// In bytes: enough for tokens of some 20 KB each.
const SIZE_LIMIT: usize = 256 * 1024;

/// Redeems a code. The tokens that come back are not verified yet. `now` is when the request begins, so that an expiry
/// counted from it is rather too early than too late.
pub(super) async fn redeem(
    inner: &Inner,
    metadata: &ProviderMetadata,
    grant: &AuthorizationGrant,
    now: OffsetDateTime,
) -> Result<TokenResponse, TokenRequestError> {
    // OpenID Connect Core §3.1.3.1, with the code verifier of RFC 7636 §4.5.
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", grant.code()),
        ("redirect_uri", inner.registration.redirect_uri.as_str()),
        ("code_verifier", grant.code_verifier.expose_secret()),
    ];
    let dpop_key = grant.dpop_key.as_ref();
    let document = TokenRequest::new(inner, metadata, &parameters, dpop_key).send().await?;
    let binding = Binding::new(&inner.registration, metadata, dpop_key);
    TokenResponse::read(&document, &inner.registration.scope(), now, binding)
}

/// One request for tokens. They are to be bound to `dpop_key`.
pub(super) struct TokenRequest<'a> {
    inner: &'a Inner,
    metadata: &'a ProviderMetadata,
    parameters: &'a [(&'a str, &'a str)],
    dpop_key: Option<&'a DpopKey>,
    patience: Duration,
}

impl<'a> TokenRequest<'a> {
    pub(super) fn new(
        inner: &'a Inner,
        metadata: &'a ProviderMetadata,
        parameters: &'a [(&'a str, &'a str)],
        dpop_key: Option<&'a DpopKey>,
    ) -> Self {
        Self {
            inner,
            metadata,
            parameters,
            dpop_key,
            patience: inner.registration.http_timeout,
        }
    }

    /// The answer may take so long, in place of the time that the settings give every answer.
    pub(super) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sends a grant that a connection which was closed while idle does not cost.
    pub(super) async fn send(&self) -> Result<Map<String, Value>, TokenRequestError> {
        match self.send_once().await {
            Err(TokenRequestError::Http(HttpError::ClosedWhileIdle(_))) => self.send_once().await,
            outcome => outcome,
        }
    }

    /// Sends the parameters of a grant, once, and gives the successful answer. A provider that wants its nonce in the proof
    /// has not looked at the grant (RFC 9449 §8), which is then sent once more.
    pub(super) async fn send_once(&self) -> Result<Map<String, Value>, TokenRequestError> {
        let Self { inner, metadata, .. } = self;
        let endpoint = &metadata.token_endpoint;
        let mut is_first = true;
        loop {
            // Made anew for the second time as well: a DPoP proof or a client assertion works once.
            let mut request = authenticated_form(inner, metadata, endpoint, self.parameters)
                .map_err(|_| TokenRequestError::InvalidClient)?;
            if let Some(key) = self.dpop_key {
                let proof = inner.dpop.proof(key, &Method::POST, endpoint, None);
                request = request.header(dpop::PROOF, proof.map_err(|_| TokenRequestError::DpopProof)?);
            }
            let request = request.timeout(self.patience);
            let answer = inner.http.call(ProviderCall::Token, request, SIZE_LIMIT).await?;
            let has_nonce = inner.dpop.learn(endpoint, &answer.headers);
            match success(&answer) {
                Err(TokenRequestError::DpopNonce) if is_first && has_nonce && self.dpop_key.is_some() => {
                    is_first = false;
                }
                outcome => return outcome,
            }
        }
    }
}

/// The body of a successful answer; of an unsuccessful one, the error that it reports.
fn success(answer: &HttpResponse) -> Result<Map<String, Value>, TokenRequestError> {
    if let Some(wait) = answer.retry_after {
        let status = answer.status.as_u16();
        return Err(TokenRequestError::Later { status, wait });
    }
    match answer.document() {
        // RFC 6749 §5.2 has errors come with 400 or 401, but some providers send them with 200.
        Ok(document) if document.contains_key("error") => Err(refusal(200, &document)),
        Ok(document) => Ok(document),
        // An answer about load says nothing of the grant, even if its body names an error.
        Err(DocumentError::Status(status @ 400..=499)) if !is_about_load(status) => {
            let document = answer.refusal().filter(|document| document.contains_key("error"));
            Err(document.map_or(DocumentError::Status(status).into(), |document| {
                refusal(status, &document)
            }))
        }
        Err(error) => Err(error.into()),
    }
}

/// The error code in a refusal, to be compared with those that we know and not to be passed on.
pub(super) fn error_of(answer: &HttpResponse) -> Option<String> {
    let document = answer.refusal()?;
    document.get("error")?.as_str().map(str::to_owned)
}

/// Request timeout, too early, too many requests.
pub(super) fn is_about_load(status: u16) -> bool {
    matches!(status, 408 | 425 | 429)
}

/// RFC 6749 §5.2. Of a provider's text only the codes that we know are kept.
fn refusal(status: u16, document: &Map<String, Value>) -> TokenRequestError {
    match document.get("error").and_then(Value::as_str) {
        Some("invalid_client") => TokenRequestError::InvalidClient,
        Some("invalid_grant") => TokenRequestError::InvalidGrant,
        Some("unauthorized_client") => TokenRequestError::UnauthorizedClient,
        Some("use_dpop_nonce") => TokenRequestError::DpopNonce,
        Some("invalid_dpop_proof") => TokenRequestError::DpopProof,
        Some("temporarily_unavailable" | "slow_down" | "server_error") => TokenRequestError::Busy,
        error => TokenRequestError::Refused {
            status,
            error: error.map_or("no text", known),
        },
    }
}

/// The code, if it is one that token endpoints are known to send. Any other text may quote the request.
fn known(error: &str) -> &'static str {
    const KNOWN: [&str; 9] = [
        "invalid_request",
        "invalid_scope",
        "invalid_target",
        "invalid_token",
        "unsupported_grant_type",
        "access_denied",
        "consent_required",
        "interaction_required",
        "login_required",
    ];
    KNOWN
        .into_iter()
        .find(|known| *known == error)
        .unwrap_or("an unknown code")
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
    #[error("the token endpoint's answer is not a usable document")]
    Document(#[from] DocumentError),
    /// The provider does not take our client identifier and secret.
    #[error(
        "the provider refuses our client authentication: the client identifier, the credential or the method is wrong"
    )]
    InvalidClient,
    /// This client may not use the grant type.
    #[error("the provider does not let this client use the grant type")]
    UnauthorizedClient,
    /// The code or the refresh token is used, expired, revoked, or was issued to another client.
    #[error("the provider does not accept the authorization code or the refresh token")]
    InvalidGrant,
    /// The provider asks for patience.
    #[error("the provider is busy")]
    Busy,
    /// The provider asks for patience and says for how long.
    #[error("the status is {status}: the provider wants to be asked again after {wait} seconds", wait = .wait.as_secs())]
    Later {
        /// 429 or 503.
        status: u16,
        /// At most five minutes.
        wait: Duration,
    },
    /// The provider wants a nonce of its own in the DPoP proof, and then another one.
    #[error("the provider wants another nonce in the DPoP proof than the one it gave")]
    DpopNonce,
    /// The provider does not accept the DPoP proof.
    #[error("the provider does not accept our DPoP proof; its clock or ours may be wrong")]
    DpopProof,
    /// Another refusal.
    #[error("the provider refuses the token request with status {status} and the error {error}")]
    Refused {
        /// The status, 200 with a provider that says no with success.
        status: u16,
        /// The error code, where it is a known one.
        error: &'static str,
    },
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
            Self::Document(DocumentError::Status(_)) | Self::Later { .. } => "token_response_status",
            Self::Document(DocumentError::MediaType(_)) => "token_response_media_type",
            Self::Document(DocumentError::Encoded | DocumentError::NotAnObject) => "token_response_malformed",
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidGrant => "invalid_grant",
            Self::Busy => "token_request_busy",
            Self::DpopNonce => "token_request_dpop_nonce",
            Self::DpopProof => "token_request_dpop_proof",
            Self::Refused { .. } => "token_request_refused",
            Self::Member(_) => "token_response_member",
            Self::TokenType => "token_response_token_type",
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Discovery(error) => error.fault(),
            Self::Http(error) => error.fault(),
            Self::Document(error) => error.fault(),
            Self::InvalidClient | Self::UnauthorizedClient => Fault::Settings,
            // A code that lay too long, or came a second time.
            Self::InvalidGrant => Fault::Person,
            Self::Busy | Self::Later { .. } => Fault::Unavailable,
            Self::DpopNonce | Self::DpopProof | Self::Refused { .. } | Self::Member(_) | Self::TokenType => {
                Fault::Provider
            }
        }
    }

    /// How long the provider asks to be left alone; at most five minutes.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Later { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
