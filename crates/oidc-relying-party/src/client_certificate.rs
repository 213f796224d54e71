//! The certificate that authenticates the client on the connection itself (RFC 8705).

use std::{fmt, sync::Arc};

use rustls::{
    client::ResolvesClientCert,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};
use time::OffsetDateTime;
use x509_parser::parse_x509_certificate;

/// A certificate with its chain and its private key. Clones share them.
#[derive(Clone)]
pub struct ClientCertificate {
    certified: Arc<SingleCertAndKey>,
    expires_at: Option<OffsetDateTime>,
}

impl ClientCertificate {
    /// Reads a certificate, those that vouch for it after it, and its private key.
    ///
    /// # Errors
    /// If one of them is not there or cannot be read, or if they do not belong together.
    pub fn from_pem(chain: &str, key: &str) -> Result<Self, ClientCertificateError> {
        let chain = CertificateDer::pem_slice_iter(chain.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ClientCertificateError::Certificate)?;
        if chain.is_empty() {
            return Err(ClientCertificateError::Certificate);
        }
        let expires_at = chain.iter().filter_map(|certificate| not_after(certificate)).min();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| ClientCertificateError::Key)?;
        let certified = CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider());
        let certified = certified.map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => ClientCertificateError::OtherKey,
            rustls::Error::InvalidCertificate(_) => ClientCertificateError::Certificate,
            _ => ClientCertificateError::Key,
        })?;
        Ok(Self {
            certified: Arc::new(certified.into()),
            expires_at,
        })
    }

    /// Gives the certificate to a connection whose other side wants one
    /// ([`ClientConfig::client_auth_cert_resolver`](rustls::ClientConfig::client_auth_cert_resolver)).
    #[must_use]
    pub fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        self.certified.clone()
    }

    /// When it expires, or the first of those that vouch for it (`notAfter`, RFC 5280 §4.1.2.5). `None`: it does not say so in a
    /// form that can be read.
    #[must_use]
    pub fn expires_at(&self) -> Option<OffsetDateTime> {
        self.expires_at
    }
}

fn not_after(certificate: &[u8]) -> Option<OffsetDateTime> {
    let (_, certificate) = parse_x509_certificate(certificate).ok()?;
    Some(certificate.validity().not_after.to_datetime())
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientCertificate([redacted])")
    }
}

/// Why there is no certificate to show. Never reveals the key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClientCertificateError {
    /// There is no readable certificate.
    #[error("holds no certificate (PEM, BEGIN CERTIFICATE)")]
    Certificate,
    /// There is no readable private key.
    #[error("comes with no private key that can be read (PEM, BEGIN PRIVATE KEY)")]
    Key,
    /// The private key is another certificate's.
    #[error("comes with the private key of another certificate")]
    OtherKey,
}

#[cfg(test)]
mod tests;
