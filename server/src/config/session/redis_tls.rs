//! Whom to trust as Redis.

use fred::types::config::TlsConnector;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Reads the authorities of a PEM file. They are trusted instead of the system's.
pub(super) fn authorities(path: &str) -> Result<RootCertStore, String> {
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

/// TLS with these authorities, or with the system's.
pub(super) fn connector(authorities: Option<RootCertStore>) -> Result<TlsConnector, String> {
    let Some(authorities) = authorities else {
        return TlsConnector::default_rustls().map_err(|error| format!("the system's certificates: {error}"));
    };
    let config = ClientConfig::builder()
        .with_root_certificates(authorities)
        .with_no_client_auth();
    Ok(config.into())
}
