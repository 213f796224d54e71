//! The certificate that the server shows to Redis, which may change while connections are made with it.
//!
//! The client for Redis makes its connections anew with the TLS configuration of its start. So the configuration asks here.

use arc_swap::ArcSwap;
use oidc_relying_party::ClientCertificate;
use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use std::sync::Arc;

/// The certificate. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Shown(Arc<ArcSwap<ClientCertificate>>);

impl Shown {
    pub(crate) fn new(certificate: ClientCertificate) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(certificate)))
    }

    /// Shows the certificate of `other` from now on, in all clones. Connections of before stay.
    pub(crate) fn replace(&self, other: &Self) {
        self.0.store(other.0.load_full());
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, issuers: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.load().resolver().resolve(issuers, schemes)
    }

    fn has_certs(&self) -> bool {
        true
    }
}
