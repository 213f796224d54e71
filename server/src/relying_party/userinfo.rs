//! The userinfo request (OpenID Connect Core 1.0 §5.3).

use reqwest::{
    StatusCode,
    header::{AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Fault,
    http::{DocumentError, HttpClient, HttpError, send},
};

/// Claims about one person.
const SIZE_LIMIT: usize = 64 * 1024;

/// Reads the claims about `subject`. Only plain JSON is taken: a signed answer is nothing that we have asked for.
pub(super) async fn read(
    http: &HttpClient,
    userinfo_endpoint: &Url,
    access_token: &SecretString,
    subject: &str,
) -> Result<Map<String, Value>, UserinfoError> {
    let mut authorization = HeaderValue::try_from(format!("Bearer {}", access_token.expose_secret()))
        .map_err(|_| UserinfoError::AccessToken)?;
    authorization.set_sensitive(true);
    let answer = send(
        http.get(userinfo_endpoint).header(AUTHORIZATION, authorization),
        SIZE_LIMIT,
    )
    .await?;
    if answer.status == StatusCode::UNAUTHORIZED {
        return Err(UserinfoError::AccessToken);
    }
    let claims = answer.document(&["application/json"])?;
    // §5.3.2: "the UserInfo Response values MUST NOT be used" otherwise.
    if claims.get("sub").and_then(Value::as_str) != Some(subject) {
        return Err(UserinfoError::Subject);
    }
    Ok(claims)
}

/// Why there is nothing from userinfo.
#[derive(Clone, Debug, thiserror::Error)]
pub enum UserinfoError {
    /// No answer.
    #[error("the userinfo endpoint did not answer")]
    Http(#[from] HttpError),
    /// An answer that is not the claims document.
    #[error("the userinfo answer is not the document it should be")]
    Document(#[from] DocumentError),
    /// The provider does not accept the access token: expired or revoked.
    #[error("the userinfo endpoint does not accept the access token")]
    AccessToken,
    /// The claims are about somebody else.
    #[error("the userinfo answer's sub is not the ID Token's")]
    Subject,
    /// The provider has no userinfo endpoint.
    #[error("the provider has no userinfo endpoint")]
    NoEndpoint,
    /// The provider's metadata is not there.
    #[error(transparent)]
    Discovery(#[from] super::DiscoveryError),
}

impl UserinfoError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Document(DocumentError::Status(_)) => "userinfo_status",
            Self::Document(DocumentError::MediaType) => "userinfo_media_type",
            Self::Document(DocumentError::NotAnObject) => "userinfo_malformed",
            Self::AccessToken => "userinfo_access_token",
            Self::Subject => "userinfo_subject",
            Self::NoEndpoint => "userinfo_no_endpoint",
            Self::Discovery(error) => error.code(),
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Http(error) => error.fault(),
            Self::Document(error) => error.fault(),
            Self::Discovery(error) => error.fault(),
            Self::AccessToken | Self::Subject | Self::NoEndpoint => Fault::Provider,
        }
    }
}

#[cfg(test)]
mod tests;
