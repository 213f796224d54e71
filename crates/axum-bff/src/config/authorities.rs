//! Certificate authorities of an operator's own.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Reads the authorities of a PEM file. They are trusted instead of the system's.
pub(super) fn read(path: &str) -> Result<RootCertStore, String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut store = RootCertStore::empty();
    for certificate in certificates {
        certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| store.add(certificate).map_err(|error| error.to_string()))
            .map_err(|error| format!("holds something that is no certificate: {error}"))?;
    }
    if store.is_empty() {
        return Err("holds no certificate (PEM, BEGIN CERTIFICATE)".to_owned());
    }
    Ok(store)
}
