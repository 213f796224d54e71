//! Whom to trust as Redis.

use fred::types::config::TlsConnector;
use rustls::{ClientConfig, RootCertStore};

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
