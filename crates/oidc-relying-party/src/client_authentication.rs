//! Client authentication at the token endpoint, and at every other endpoint that demands it (OpenID Connect Core 1.0
//! §9, RFC 6749 §2.3.1, RFC 7523, RFC 8705 §2).

use std::str::FromStr;

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{
    RequestBuilder,
    header::{AUTHORIZATION, HeaderValue, InvalidHeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use url::{
    Url,
    form_urlencoded::{self, byte_serialize},
};

use super::{Credentials, Inner, ProviderMetadata, named::named};

pub use assertion::AssertionAudience;
pub use negotiation::{Negotiated, NegotiationError, NegotiationReason, PassedOver};
pub(super) use negotiation::{Offered, negotiate};

mod assertion;
mod negotiation;

named! {
    /// A method of client authentication. One request uses exactly one.
    ///
    /// The strongest first. The connection before a signature, because nothing is sent that somebody on the way or in a log
    /// could take; a signature before a secret, because it is good once and at one provider; a header before the form,
    /// because forms are logged more often (RFC 6749 §2.3.1 advises against them).
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    pub enum ClientAuthentication {
        /// The connection's certificate, which an authority that the provider trusts has issued (RFC 8705 §2.1).
        TlsClientAuth = "tls_client_auth",
        /// The connection's certificate, which the provider knows as such (RFC 8705 §2.2).
        SelfSignedTlsClientAuth = "self_signed_tls_client_auth",
        /// A JWT in the form, signed with a key of ours: no secret leaves this process.
        PrivateKeyJwt = "private_key_jwt",
        /// The secret in the `Authorization` header.
        ClientSecretBasic = "client_secret_basic",
        /// The secret in the form, as `client_id` and `client_secret`.
        ClientSecretPost = "client_secret_post",
    }
}

impl ClientAuthentication {
    /// Whether the credentials put `client_id` into the form.
    pub(super) fn names_the_client(self) -> bool {
        self != Self::ClientSecretBasic
    }

    /// Whether these credentials suffice for the method.
    #[must_use]
    pub fn has_credential(self, credentials: &Credentials) -> bool {
        match self {
            Self::TlsClientAuth | Self::SelfSignedTlsClientAuth => credentials.certificate.is_some(),
            Self::PrivateKeyJwt => credentials.keys.is_some(),
            Self::ClientSecretBasic | Self::ClientSecretPost => credentials.secret().is_some(),
        }
    }

    /// Whether the connection itself authenticates the client (RFC 8705 §2).
    #[must_use]
    pub fn is_mutual_tls(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }
}

/// A name that is no method of client authentication of ours.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "is none of tls_client_auth, self_signed_tls_client_auth, private_key_jwt, client_secret_basic, client_secret_post"
)]
pub struct UnknownClientAuthentication;

impl FromStr for ClientAuthentication {
    type Err = UnknownClientAuthentication;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|method| method.name() == name)
            .ok_or(UnknownClientAuthentication)
    }
}

/// A form for one of the provider's endpoints, with the client authentication in it or beside it. It serves one
/// request: a provider takes a client assertion once, so a second request needs a second form.
pub(super) fn authenticated_form(
    inner: &Inner,
    metadata: &ProviderMetadata,
    endpoint: &Url,
    parameters: &[(&str, &str)],
) -> Result<RequestBuilder, ClientAuthenticationError> {
    let registration = &inner.registration;
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters);
    let mut authorization = None;
    match metadata.client_authentication.method {
        // RFC 8705 §2: with the identifier the provider looks up which certificate it expects.
        ClientAuthentication::TlsClientAuth | ClientAuthentication::SelfSignedTlsClientAuth => {
            form.append_pair("client_id", &registration.client_id);
        }
        ClientAuthentication::PrivateKeyJwt => {
            let keys = registration.credentials.keys.as_ref();
            let algorithm = metadata.client_authentication.algorithm;
            let (keys, algorithm) = keys.zip(algorithm).ok_or(ClientAuthenticationError::Signature)?;
            let assertion = assertion::assertion(
                (keys.signing(), algorithm),
                registration,
                metadata,
                endpoint,
                inner.clock.now(),
            );
            let assertion = assertion.map_err(|_| ClientAuthenticationError::Signature)?;
            // RFC 7521 §4.2: optional, but there are providers that look the client up by it.
            form.append_pair("client_id", &registration.client_id);
            form.append_pair("client_assertion_type", assertion::TYPE);
            form.append_pair("client_assertion", &assertion);
        }
        ClientAuthentication::ClientSecretBasic => {
            authorization = Some(basic(&registration.client_id, secret(&registration.credentials))?);
        }
        ClientAuthentication::ClientSecretPost => {
            form.append_pair("client_id", &registration.client_id);
            form.append_pair("client_secret", secret(&registration.credentials));
        }
    }
    let request = inner.http.post_form(endpoint, form.finish());
    Ok(match authorization {
        Some(authorization) => request.header(AUTHORIZATION, authorization),
        None => request,
    })
}

fn secret(credentials: &Credentials) -> &str {
    credentials
        .secret()
        .map(SecretString::expose_secret)
        .unwrap_or_default()
}

/// Why no request could be made. Nothing was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum ClientAuthenticationError {
    #[error("the client identifier and secret do not fit into a header")]
    Header,
    #[error("the client assertion could not be signed")]
    Signature,
}

impl From<InvalidHeaderValue> for ClientAuthenticationError {
    fn from(_: InvalidHeaderValue) -> Self {
        Self::Header
    }
}

/// RFC 6749 §2.3.1: both halves are form-encoded before they are joined. The URL standard's serializer leaves `-._*` and
/// alphanumerics alone; encoding more is allowed on paper, but providers that do not decode would refuse the secret.
fn basic(id: &str, secret: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let id: String = byte_serialize(id.as_bytes()).collect();
    let secret: String = byte_serialize(secret.as_bytes()).collect();
    let mut value = HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}"))))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
