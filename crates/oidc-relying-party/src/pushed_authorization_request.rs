//! The pushed authorization request (RFC 9126): the request goes to the provider directly and with our credentials, and
//! the browser carries a reference to it that it can neither read nor change.
//!
//! A push that fails ends the login. A fallback to the same request in the clear would reward an attacker who keeps us
//! from the endpoint (§7.5 forbids it to providers that demand pushing).

use serde_json::Value;

use super::{
    Fault, Inner, ProviderMetadata,
    client_authentication::authenticated_form,
    http::{DocumentError, HttpError, HttpResponse},
    json,
    metrics::ProviderCall,
    token_request,
};
use reqwest::StatusCode;
use url::Url;

/// Real answers have some 150 bytes.
const SIZE_LIMIT: usize = 16 * 1024;

/// The reference travels in an address, which proxies bound. RFC 9101 §5.2 asks for at most 512 characters.
const REQUEST_URI_LIMIT: usize = 2048;

/// Pushes the parameters of an authorization request, once, and gives the `request_uri` that stands for them. It is good
/// for one login and a short time (§2.2), so it is asked for at each start and kept nowhere.
pub(super) async fn push(
    inner: &Inner,
    metadata: &ProviderMetadata,
    endpoint: &Url,
    parameters: &[(&str, &str)],
) -> Result<String, PushedAuthorizationRequestError> {
    // §2.1: client_id is a parameter of the authorization request, and of some ways to authenticate. It stands once.
    let in_credentials = metadata.client_authentication.method.names_the_client();
    let own: Vec<_> = parameters
        .iter()
        .copied()
        .filter(|(name, _)| !(in_credentials && *name == "client_id"))
        .collect();
    let request = || {
        authenticated_form(inner, metadata, endpoint, &own).map_err(|_| PushedAuthorizationRequestError::InvalidClient)
    };
    let call = ProviderCall::PushedAuthorizationRequest;
    request_uri(&inner.http.exchange(call, SIZE_LIMIT, request).await?)
}

/// §2.2: success is 201. Some providers say 200, and some leave out how long the reference is good.
fn request_uri(answer: &HttpResponse) -> Result<String, PushedAuthorizationRequestError> {
    let document = match answer.document_of(&[StatusCode::CREATED, StatusCode::OK]) {
        Ok(document) => document,
        Err(error @ DocumentError::Status(_)) => {
            return Err(match token_request::error_of(answer).as_deref() {
                Some("invalid_client" | "unauthorized_client") => PushedAuthorizationRequestError::InvalidClient,
                Some(_) => PushedAuthorizationRequestError::Refused,
                None => error.into(),
            });
        }
        Err(error) => return Err(error.into()),
    };
    // A reference that is not good for a second would lead the person to an error page of the provider.
    let is_short = |lifetime: &Value| json::number(lifetime).is_none_or(|seconds| seconds < 1.0);
    if document.get("expires_in").is_some_and(is_short) {
        return Err(PushedAuthorizationRequestError::Member("expires_in"));
    }
    let request_uri = document.get("request_uri").and_then(Value::as_str).unwrap_or_default();
    let is_uri =
        (1..=REQUEST_URI_LIMIT).contains(&request_uri.len()) && request_uri.bytes().all(|it| it.is_ascii_graphic());
    if !is_uri {
        return Err(PushedAuthorizationRequestError::Member("request_uri"));
    }
    Ok(request_uri.to_owned())
}

/// Why the provider does not hold the authorization request.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PushedAuthorizationRequestError {
    /// No answer.
    #[error("the pushed authorization request endpoint did not answer")]
    Http(#[from] HttpError),
    /// An answer that is neither success nor a refusal.
    #[error("the answer to the pushed authorization request is not a usable document")]
    Document(#[from] DocumentError),
    /// The provider does not take our credentials, or does not let this client push.
    #[error("the provider refuses our client authentication at the pushed authorization request endpoint")]
    InvalidClient,
    /// Another refusal.
    #[error("the provider refuses the pushed authorization request")]
    Refused,
    /// A member of the answer is missing or cannot be used.
    #[error("the {0} in the answer to the pushed authorization request is missing or malformed")]
    Member(&'static str),
}

impl PushedAuthorizationRequestError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Document(DocumentError::Status(_)) => "pushed_request_status",
            Self::Document(DocumentError::MediaType(_)) => "pushed_request_media_type",
            Self::Document(DocumentError::Encoded | DocumentError::NotAnObject) => "pushed_request_malformed",
            Self::InvalidClient => "pushed_request_invalid_client",
            Self::Refused => "pushed_request_refused",
            Self::Member(_) => "pushed_request_member",
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Http(error) => error.fault(),
            Self::Document(error) => error.fault(),
            Self::InvalidClient => Fault::Settings,
            Self::Refused | Self::Member(_) => Fault::Provider,
        }
    }
}

#[cfg(test)]
mod tests;
