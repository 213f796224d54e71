//! How we authenticate at the token endpoint (OpenID Connect Core 1.0 §9, RFC 6749 §2.3.1).

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{
    RequestBuilder,
    header::{AUTHORIZATION, HeaderValue, InvalidHeaderValue},
};
use secrecy::ExposeSecret;
use url::{
    Url,
    form_urlencoded::{self, byte_serialize},
};

use super::{Parts, ProviderMetadata, Registration};

/// A method of client authentication with a client secret. One request uses exactly one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientAuthentication {
    /// In the `Authorization` header.
    ClientSecretBasic,
    /// In the form, as `client_id` and `client_secret`.
    ClientSecretPost,
}

impl ClientAuthentication {
    /// The better of the methods that the metadata lists; without a list, the specification's default.
    pub(super) fn preferred(supported: Option<Vec<&str>>) -> Option<Self> {
        match supported {
            None => Some(Self::ClientSecretBasic),
            Some(methods) if methods.contains(&"client_secret_basic") => Some(Self::ClientSecretBasic),
            Some(methods) if methods.contains(&"client_secret_post") => Some(Self::ClientSecretPost),
            Some(_) => None,
        }
    }

    /// Whether the credentials put `client_id` into the form.
    pub(super) fn names_the_client(self) -> bool {
        match self {
            Self::ClientSecretBasic => false,
            Self::ClientSecretPost => true,
        }
    }

    /// Puts the credentials into `form`, or gives the header that has them.
    fn apply(
        self,
        registration: &Registration,
        form: &mut form_urlencoded::Serializer<'_, String>,
    ) -> Result<Option<HeaderValue>, InvalidHeaderValue> {
        match self {
            Self::ClientSecretBasic => basic(registration).map(Some),
            Self::ClientSecretPost => {
                form.append_pair("client_id", &registration.client_id);
                form.append_pair("client_secret", registration.client_secret.expose_secret());
                Ok(None)
            }
        }
    }
}

/// A form for one of the provider's endpoints, with our credentials in it or beside it.
pub(super) fn authenticated_form(
    parts: &Parts,
    metadata: &ProviderMetadata,
    endpoint: &Url,
    parameters: &[(&str, &str)],
) -> Result<RequestBuilder, InvalidHeaderValue> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters);
    let authorization = metadata.client_authentication.apply(&parts.registration, &mut form)?;
    let request = parts.http.post_form(endpoint, form.finish());
    Ok(match authorization {
        Some(authorization) => request.header(AUTHORIZATION, authorization),
        None => request,
    })
}

/// RFC 6749 §2.3.1: both halves are form-encoded before they are joined. The URL standard's serializer leaves `-._*` and
/// alphanumerics alone; encoding more is allowed on paper, but providers that do not decode would refuse the secret.
fn basic(registration: &Registration) -> Result<HeaderValue, InvalidHeaderValue> {
    let id: String = byte_serialize(registration.client_id.as_bytes()).collect();
    let secret: String = byte_serialize(registration.client_secret.expose_secret().as_bytes()).collect();
    let mut value = HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}"))))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
