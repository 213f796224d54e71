//! Whether the provider takes our client identifier and secret.

use crate::{DpopKey, Inner, ProviderMetadata, TokenRequestError, http::DocumentError, token_request::TokenRequest};

/// A code that no provider has issued.
const MADE_UP_CODE: &str = "made-up-by-bff-doctor";

/// As long as a verifier has to be (RFC 7636 §4.1).
pub(super) const MADE_UP_VERIFIER: &str = "bff-doctor-bff-doctor-bff-doctor-bff-doctor";

/// The token endpoint's answer to a made-up code.
#[derive(Debug)]
pub enum CredentialsVerdict {
    /// It refused the code, so it had accepted the client (RFC 6749 §5.2: authentication comes first).
    Accepted,
    /// It refused the client: the identifier, the secret or the method of authentication is wrong.
    Refused,
    /// It knows the client, which may not use the authorization code grant.
    NotForThisGrant,
    /// It said something else, which tells nothing.
    Unclear(TokenRequestError),
}

/// Asks for a token with a made-up code: a provider that refuses the code has accepted the client.
pub(super) async fn probe(inner: &Inner, metadata: &ProviderMetadata) -> CredentialsVerdict {
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", MADE_UP_CODE),
        ("redirect_uri", inner.registration.redirect_uri.as_str()),
        ("code_verifier", MADE_UP_VERIFIER),
    ];
    // A provider that gives bound tokens only would say that instead.
    let dpop_key = metadata.dpop.then(DpopKey::generate);
    let request = TokenRequest::new(inner, metadata, &parameters, dpop_key.as_ref());
    match request.send().await {
        Err(TokenRequestError::InvalidGrant) => CredentialsVerdict::Accepted,
        Err(TokenRequestError::InvalidClient | TokenRequestError::Document(DocumentError::Status(401))) => {
            CredentialsVerdict::Refused
        }
        Err(TokenRequestError::UnauthorizedClient) => CredentialsVerdict::NotForThisGrant,
        Err(error) => CredentialsVerdict::Unclear(error),
        // Tokens for a code that was never issued prove nothing.
        Ok(_) => CredentialsVerdict::Unclear(TokenRequestError::Refused {
            status: 200,
            error: "no text",
        }),
    }
}
