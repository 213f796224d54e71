//! The token request (OpenID Connect Core 1.0 §3.1.3.1) and what may come back.
//!
//! The request is sent once, whatever happens: a code that was sent may be spent even if no answer came (RFC 6749
//! §4.1.2). openidconnect's own token request is not used: it parses the ID Token on the way, and its parser refuses
//! tokens that real providers issue (a boolean as a string, a date where a number should be) before anything is checked.

use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::form_urlencoded;

use super::{
    AuthorizationGrant, Fault, ProviderMetadata, Registration, TokenSet,
    http::{Answer, DocumentError, HttpClient, HttpError, send},
};

mod token_response;

/// Tokens of some 20 KB each, with room to spare.
const SIZE_LIMIT: usize = 256 * 1024;

/// Redeems a code. The tokens that come back are not verified yet. `now` is when the request begins, so that an expiry
/// counted from it is rather too early than too late.
pub(super) async fn redeem(
    http: &HttpClient,
    registration: &Registration,
    metadata: &ProviderMetadata,
    grant: &AuthorizationGrant,
    now: OffsetDateTime,
) -> Result<TokenSet, TokenRequestError> {
    let answer = send(request(http, registration, metadata, grant)?, SIZE_LIMIT).await?;
    let document = success(&answer)?;
    token_response::token_set(&document, &registration.scope(), now)
}

/// OpenID Connect Core §3.1.3.1, with the code verifier of RFC 7636 §4.5.
fn request(
    http: &HttpClient,
    registration: &Registration,
    metadata: &ProviderMetadata,
    grant: &AuthorizationGrant,
) -> Result<reqwest::RequestBuilder, TokenRequestError> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", grant.code())
        .append_pair("redirect_uri", registration.redirect_uri.as_str())
        .append_pair("code_verifier", grant.code_verifier.expose_secret());
    let authorization = metadata
        .client_authentication
        .apply(registration, &mut form)
        .map_err(|_| TokenRequestError::InvalidClient)?;
    let request = http.post_form(&metadata.token_endpoint, form.finish());
    Ok(match authorization {
        Some(authorization) => request.header(reqwest::header::AUTHORIZATION, authorization),
        None => request,
    })
}

/// The body of a successful answer; of an unsuccessful one, the error that it reports.
fn success(answer: &Answer) -> Result<Map<String, Value>, TokenRequestError> {
    match answer.document(&["application/json"]) {
        // RFC 6749 §5.2 has errors come with 400 or 401, but some providers send them with 200.
        Ok(document) if document.contains_key("error") => Err(refusal(&document)),
        Ok(document) => Ok(document),
        Err(DocumentError::Status(400 | 401)) => {
            let document = answer.object().ok().filter(|document| document.contains_key("error"));
            Err(document.map_or(
                TokenRequestError::Document(DocumentError::Status(answer.status.as_u16())),
                |document| refusal(&document),
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// RFC 6749 §5.2. Of a provider's text only the codes that we know are kept.
fn refusal(document: &Map<String, Value>) -> TokenRequestError {
    match document.get("error").and_then(Value::as_str) {
        Some("invalid_client") => TokenRequestError::InvalidClient,
        Some("invalid_grant") => TokenRequestError::InvalidGrant,
        Some("unauthorized_client") => TokenRequestError::UnauthorizedClient,
        Some("temporarily_unavailable" | "slow_down") => TokenRequestError::Busy,
        _ => TokenRequestError::Refused,
    }
}

/// Why a token request gave no tokens.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TokenRequestError {
    /// No answer.
    #[error("the token endpoint did not answer")]
    Http(#[from] HttpError),
    /// An answer that is neither tokens nor a refusal.
    #[error("the token endpoint's answer is not the document it should be")]
    Document(#[from] DocumentError),
    /// The provider does not take our client identifier and secret.
    #[error("the provider refuses our client authentication; client identifier or secret are wrong, or the method is")]
    InvalidClient,
    /// This client may not redeem codes.
    #[error("the provider does not let this client use the authorization code grant")]
    UnauthorizedClient,
    /// The code is spent, expired, revoked, or was for somebody else.
    #[error("the provider does not accept the authorization code")]
    InvalidGrant,
    /// The provider asks for patience.
    #[error("the provider is busy")]
    Busy,
    /// Another refusal.
    #[error("the provider refuses the token request")]
    Refused,
    /// A member of the answer is missing, empty or of the wrong type.
    #[error("the token response's {0} is missing or malformed")]
    Member(&'static str),
    /// The access token is of a type that we cannot use.
    #[error("the token response's token_type is not bearer")]
    TokenType,
}

impl TokenRequestError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Document(DocumentError::Status(_)) => "token_response_status",
            Self::Document(DocumentError::MediaType) => "token_response_media_type",
            Self::Document(DocumentError::NotAnObject) => "token_response_malformed",
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidGrant => "invalid_grant",
            Self::Busy => "token_request_busy",
            Self::Refused => "token_request_refused",
            Self::Member(_) => "token_response_member",
            Self::TokenType => "token_response_token_type",
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Http(error) => error.fault(),
            Self::Document(error) => error.fault(),
            Self::InvalidClient | Self::UnauthorizedClient => Fault::Settings,
            // A code that lay too long, or came a second time.
            Self::InvalidGrant => Fault::Person,
            Self::Busy => Fault::Unavailable,
            Self::Refused | Self::Member(_) | Self::TokenType => Fault::Provider,
        }
    }
}

#[cfg(test)]
mod tests;
