//! TLS to other servers: the authorities that a connection trusts, and the certificate that it shows.

use crate::ClientCertificate;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

/// The TLS configuration of an HTTP client: it trusts `authorities`, or the system's if none are given, and shows the
/// certificate to a server that asks for one. `None`: neither is given, and the HTTP client needs no configuration.
///
/// # Errors
/// If the system's authorities are to be trusted and cannot be read.
pub fn client(
    authorities: Option<&RootCertStore>,
    certificate: Option<&ClientCertificate>,
) -> Result<Option<ClientConfig>, rustls::Error> {
    let builder = ClientConfig::builder();
    let trusting = match authorities {
        Some(authorities) => builder.with_root_certificates(authorities.clone()),
        None if certificate.is_none() => return Ok(None),
        None => builder.with_platform_verifier()?,
    };
    Ok(Some(match certificate {
        Some(certificate) => trusting.with_client_cert_resolver(certificate.resolver()),
        None => trusting.with_no_client_auth(),
    }))
}

/// The same, for an HTTP client that does nothing by itself.
///
/// # Errors
/// As [`client`], also where neither is given.
pub fn config(
    authorities: Option<&RootCertStore>,
    certificate: Option<&ClientCertificate>,
) -> Result<ClientConfig, rustls::Error> {
    Ok(match client(authorities, certificate)? {
        Some(config) => config,
        None => ClientConfig::builder().with_platform_verifier()?.with_no_client_auth(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::client_key::certificate;

    #[test]
    fn a_certificate_is_shown_whoever_vouches_for_the_other_side() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (ours, certificate) = (RootCertStore::empty(), certificate());
        for authorities in [Some(&ours), None] {
            let config = client(authorities, Some(&certificate)).expect("authorities");
            let config = config.expect("a certificate to show");
            assert!(config.client_auth_cert_resolver.has_certs(), "{authorities:?}");
        }
        let config = client(Some(&ours), None)
            .expect("authorities")
            .expect("a configuration");
        assert!(!config.client_auth_cert_resolver.has_certs());
        assert!(client(None, None).expect("no certificate is read").is_none());
    }
}
