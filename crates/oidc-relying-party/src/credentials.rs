//! The credentials that this client authenticates with at the provider.

use secrecy::{ExposeSecret, SecretString};

use super::{ClientCertificate, ClientKeys};

/// The client's credentials (OpenID Connect Core 1.0 §9). There may be several, so that one can be introduced while
/// another is still registered; one request uses exactly one.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The secret that the provider gave us.
    pub secret: Option<SecretString>,
    /// The keys that sign client assertions.
    pub keys: Option<ClientKeys>,
    /// The certificate that connections show.
    pub certificate: Option<ClientCertificate>,
}

impl Credentials {
    /// Whether there is nothing to prove anything with. An empty secret is none.
    pub(super) fn is_empty(&self) -> bool {
        self.secret().is_none() && self.keys.is_none() && self.certificate.is_none()
    }

    /// The secret, unless it is empty.
    pub(super) fn secret(&self) -> Option<&SecretString> {
        self.secret.as_ref().filter(|secret| !secret.expose_secret().is_empty())
    }
}

impl From<SecretString> for Credentials {
    fn from(secret: SecretString) -> Self {
        Self {
            secret: Some(secret),
            ..Self::default()
        }
    }
}

impl From<ClientKeys> for Credentials {
    fn from(keys: ClientKeys) -> Self {
        Self {
            keys: Some(keys),
            ..Self::default()
        }
    }
}

impl From<ClientCertificate> for Credentials {
    fn from(certificate: ClientCertificate) -> Self {
        Self {
            certificate: Some(certificate),
            ..Self::default()
        }
    }
}

impl From<String> for Credentials {
    fn from(secret: String) -> Self {
        SecretString::from(secret).into()
    }
}

impl From<&str> for Credentials {
    fn from(secret: &str) -> Self {
        SecretString::from(secret).into()
    }
}
