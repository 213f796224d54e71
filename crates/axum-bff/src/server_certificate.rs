//! The certificate with which this server speaks TLS by itself, from its files.

mod fault;

pub use fault::CertificateFault;
pub(crate) use fault::validity_fault;

use arc_swap::ArcSwap;
use fault::name_fault;
use rustls::InconsistentKeys;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A certificate with its chain and its private key, from two files in PEM (`BFF_TLS_CERTIFICATE_FILE`,
/// `BFF_TLS_KEY_FILE`). Clones share it. [`Bff::reload`](crate::Bff::reload) reads the files again: each new connection gets
/// the certificate that was read last.
#[derive(Clone)]
pub struct ServerCertificate(Arc<Shared>);

struct Shared {
    file: PathBuf,
    current: ArcSwap<CertifiedKey>,
}

/// Why a certificate cannot be used. It never holds the key.
#[derive(Debug, thiserror::Error)]
pub enum ServerCertificateError {
    /// The file of the certificate cannot be read.
    #[error("cannot be read: {0}")]
    CertificateFile(#[source] io::Error),
    /// The file of the certificate holds none.
    #[error("holds no certificate that can be read (PEM, BEGIN CERTIFICATE)")]
    NoCertificate,
    /// The file of the private key cannot be read.
    #[error("cannot be read: {0}")]
    KeyFile(#[source] io::Error),
    /// The file of the private key holds none.
    #[error("holds no private key that can be read (PEM, BEGIN PRIVATE KEY)")]
    NoKey,
    /// The private key is that of another certificate.
    #[error("holds the private key of another certificate than BFF_TLS_CERTIFICATE_FILE")]
    OtherKey,
}

impl ServerCertificateError {
    /// The setting that names the file with the fault.
    #[must_use]
    pub const fn setting(&self) -> &'static str {
        match self {
            Self::CertificateFile(_) | Self::NoCertificate => "BFF_TLS_CERTIFICATE_FILE",
            Self::KeyFile(_) | Self::NoKey | Self::OtherKey => "BFF_TLS_KEY_FILE",
        }
    }
}

impl ServerCertificate {
    /// Reads a certificate, those that vouch for it after it, and its private key.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or holds something else, or if the two do not belong together.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, ServerCertificateError> {
        let current = ArcSwap::from_pointee(pair(certificate, key)?);
        let file = certificate.to_owned();
        Ok(Self(Arc::new(Shared { file, current })))
    }

    /// Uses the certificate of `other` from now on, in all clones. Open connections go on.
    pub(crate) fn replace(&self, other: &Self) {
        self.0.current.store(other.current());
    }

    /// The faults for which a browser refuses the certificate: it is not valid at this time, or it does not name this host.
    #[must_use]
    pub fn faults(&self, at: UnixTime, host: Option<&ServerName<'_>>) -> Vec<CertificateFault> {
        let current = self.current();
        let validity = current.cert.iter().find_map(|one| validity_fault(one, at));
        let name = host.and_then(|host| name_fault(current.cert.first()?, host));
        validity.into_iter().chain(name).collect()
    }

    fn current(&self) -> Arc<CertifiedKey> {
        self.0.current.load_full()
    }
}

fn pair(certificate: &Path, key: &Path) -> Result<CertifiedKey, ServerCertificateError> {
    let pem = std::fs::read(certificate).map_err(ServerCertificateError::CertificateFile)?;
    let chain = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or(ServerCertificateError::NoCertificate)?;
    let pem = std::fs::read(key).map_err(ServerCertificateError::KeyFile)?;
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| ServerCertificateError::NoKey)?;
    let pair = CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider());
    pair.map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => ServerCertificateError::OtherKey,
        rustls::Error::InvalidCertificate(_) => ServerCertificateError::NoCertificate,
        _ => ServerCertificateError::NoKey,
    })
}

impl ResolvesServerCert for ServerCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl fmt::Debug for ServerCertificate {
    /// Without the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerCertificate")
            .field("file", &self.0.file)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
