//! Other credentials and authorities for a relying party in use.

use std::sync::Arc;

use rustls::RootCertStore;

use super::{
    Credentials, DiscoveryError, Inner, ProviderMetadata, Registration, RegistrationError, RelyingParty,
    cached::Cached, http::HttpClient, metadata,
};

/// Why a relying party keeps its credentials and authorities.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReplaceError {
    /// They cannot be used with any provider.
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    /// They cannot be used with this provider.
    #[error(transparent)]
    Discovery(DiscoveryError),
}

impl RelyingParty {
    /// Takes these credentials, and these authorities for the provider's certificate (`None`: the system's), in place of those
    /// of now, in all clones. Steps under way end with those that they began with. Later ones make new connections, and
    /// show the new certificate on them.
    ///
    /// The provider's metadata is read anew first, because the credentials decide how the client authenticates. If the provider
    /// is away, the metadata of before stays in use until they can be read.
    ///
    /// # Errors
    /// A [`ReplaceError`]. Then nothing has changed.
    pub async fn replace(
        &self,
        credentials: Credentials,
        authorities: Option<RootCertStore>,
    ) -> Result<(), ReplaceError> {
        let before = self.inner();
        let registration = Registration {
            credentials,
            authorities,
            ..before.registration.clone()
        };
        let issuer = registration.check()?;
        let http = HttpClient::new(&registration, &issuer, Arc::clone(&before.clock))?;
        let mut http = http.with_calls(before.http.calls.clone());
        http.clock = Arc::clone(&before.http.clock);
        let metadata = metadata_for(&before, &http, &registration).await?;
        self.0.inner.store(Arc::new(Inner {
            issuer_origin: Arc::clone(&before.issuer_origin),
            dpop: Arc::clone(&before.dpop),
            clock: Arc::clone(&before.clock),
            keys: Arc::clone(&before.keys),
            rotates: Arc::clone(&before.rotates),
            registration,
            http,
            metadata,
        }));
        Ok(())
    }
}

async fn metadata_for(
    before: &Inner,
    http: &HttpClient,
    registration: &Registration,
) -> Result<Cached<ProviderMetadata, DiscoveryError>, ReplaceError> {
    let clock = Arc::clone(&before.clock);
    match metadata::read(http, registration).await {
        Ok(read) => Ok(Cached::holding(clock, Arc::new(read), false)),
        Err(error @ (DiscoveryError::ClientAuthentication(_) | DiscoveryError::Profile(_))) => {
            Err(ReplaceError::Discovery(error))
        }
        Err(error) => {
            tracing::warn!(
                code = error.code(),
                %error,
                "the provider's metadata could not be read with the new credentials or authorities"
            );
            Ok(match before.metadata.peek() {
                Some(kept) => Cached::holding(clock, kept, true),
                None => Cached::new(clock),
            })
        }
    }
}

#[cfg(test)]
mod tests;
