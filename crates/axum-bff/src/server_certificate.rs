//! The certificate with which this server speaks TLS by itself, from its files.

mod fault;

pub use fault::CertificateFault;
pub(crate) use fault::validity_fault;

use fault::name_fault;
use rustls::InconsistentKeys;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// A certificate with its chain and its private key, from two files in PEM (`BFF_TLS_CERTIFICATE_FILE`,
/// `BFF_TLS_KEY_FILE`). Clones share it: each new connection gets the one that was read last.
#[derive(Clone)]
pub struct ServerCertificate(Arc<Shared>);

struct Shared {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
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
        let current = RwLock::new(Arc::new(pair(certificate, key)?));
        Ok(Self(Arc::new(Shared {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current,
        })))
    }

    /// Reads the files again. Connections that begin from now on get the new certificate; open ones go on. Says whether
    /// it is another one than before.
    ///
    /// # Errors
    ///
    /// As [`ServerCertificate::read`]: then the certificate of before stays.
    pub fn reload(&self) -> Result<bool, ServerCertificateError> {
        let read = pair(&self.0.certificate, &self.0.key)?;
        let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = current.cert != read.cert;
        *current = Arc::new(read);
        Ok(is_new)
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
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
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
            .field("certificate", &self.0.certificate)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
